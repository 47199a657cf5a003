using System.Collections.Immutable;
using System.Text;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Ports;
using Runbooks.Language.Templates;

namespace Runbooks.Builtin.Programs;

/// <summary>What all kinds that start a program share: the start as a value, and the judgement of its end.</summary>
internal static class ProgramSteps
{
    /// <summary>A start in the step's folder with the step's environment.</summary>
    public static ProgramStart Start(ImmutableArray<Rendered> argv, PlanContext context) =>
        new(argv, context.WorkingDirectory ?? context.ProjectDirectory, context.Environment);

    public static ImmutableArray<Requirement> RequirementsOf(ProgramStart start) => start.Argv[0].IsKnown
        ?
        [
            new DirectoryRequirement(start.WorkingDirectory),
            new ProgramRequirement(start.Argv[0].Reveal(), start.WorkingDirectory, KnownEnvironment(start)),
        ]
        : [new DirectoryRequirement(start.WorkingDirectory)];

    /// <summary>Runs it; anything but exit code 0 is a failure.</summary>
    public static Task<ActionOutcome> RunAsync(ProgramStart start, StepContext context) => RunAsync(start, context, context.Output);

    /// <summary>Runs it with another output than the step's, and with a file for what it reads.</summary>
    public static async Task<ActionOutcome> RunAsync(ProgramStart start, StepContext context, ProcessOutput output, string? input = null)
    {
        var exit = await context.Ports.Processes.RunAsync(SpecOf(start, context.Marks) with { StandardInputFile = input }, output, context.Stop);
        return Judge(start, exit);
    }

    /// <summary>The start with everything revealed, plus the marks by which the run finds its processes.</summary>
    public static ProcessSpec SpecOf(ProgramStart start, ImmutableSortedDictionary<string, string> marks) => new()
    {
        Argv = [.. start.Argv.Select(w => w.Reveal())],
        WorkingDirectory = start.WorkingDirectory,
        Environment = KnownEnvironment(start).SetItems(marks),
        StandardInput = Encoding.UTF8.GetBytes(start.StandardInput.Reveal()),
    };

    public static ActionOutcome Judge(ProgramStart start, ProcessExit exit)
    {
        var program = start.Argv[0].Display;
        var outcome = new ActionOutcome
        {
            ExitCode = exit.ExitCode,
            OutputLength = exit.OutputLength,
            OutputSha256 = exit.OutputSha256,
            Survivors = exit.Survivors,
            Captured = Encoding.UTF8.GetString(exit.Captured.Span),
            Observed = exit.ExitCode is { } code ? $"exit {code}" : "",
            Notes = [.. exit.HoldsOutput.Select(h => $"process {h.Pid} ({h.CommandLine}) still holds the output: what it writes from now on is not recorded")],
        };
        return (exit.StartError, exit.OutputError, exit.ExitCode) switch
        {
            ({ } error, _, _) => outcome with { Failure = $"{program} could not be started: {error}", Untouched = true },
            (_, { } error, _) => outcome with { Failure = $"the output could not be written: {error}; {program} was ended" },
            _ when exit.Stopped => outcome with { Failure = $"{program} was ended" },
            (_, _, null) => outcome with { Failure = $"{program} was killed by signal {exit.Signal}" },
            (_, _, not 0) => outcome with { Failure = $"{program} ended with exit code {exit.ExitCode}" },
            _ when exit.CaptureExceeded => outcome with { Failure = $"{program} wrote more than can be captured; its whole output is in the run's folder" },
            _ => outcome,
        };
    }

    private static ImmutableSortedDictionary<string, string> KnownEnvironment(ProgramStart start) =>
        start.Environment.Where(e => e.Value.IsKnown).ToImmutableSortedDictionary(e => e.Name, e => e.Value.Reveal(), StringComparer.Ordinal);
}
