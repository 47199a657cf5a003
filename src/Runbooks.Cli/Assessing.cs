using System.CommandLine;
using Runbooks.Advisor.Assessing;
using Runbooks.Builtin;
using Runbooks.Builtin.Probes;
using Runbooks.Engine.Running;
using Runbooks.Language.Fields;

namespace Runbooks.Cli;

/// <summary>Observes what is deployed and assesses it: for <c>assess</c>, and for <c>advise</c> when it is given no facts.</summary>
internal sealed class Assessing(Composition composition, ProjectPlace place)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    /// <summary>How long all of it may take.</summary>
    public Option<string> Deadline { get; } = new("--deadline") { Description = "how long looking at all of it may take; what did not answer by then is unknown", HelpName = "TIME", DefaultValueFactory = _ => "30s" };

    /// <returns>Null when the command line is wrong, which was printed.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task<Assessment?> AssessAsync(ParseResult parsed, CancellationToken cancel)
    {
        if (Durations.Parse(parsed.GetRequiredValue(Deadline)) is not { } deadline || deadline < Shortest || deadline > Longest)
        {
            await composition.Terminal.Error.WriteLineAsync($"error: --deadline is a time from {Durations.Format(Shortest)} to {Durations.Format(Longest)}, for example 30s");
            return null;
        }

        var directory = place.DirectoryOf(parsed, composition);
        var reading = new SubjectReading(directory, composition.Files, composition.Planner(), composition.Machine.Environment, Composition.EngineVersion);
        var (subject, playbook) = reading.Read();
        var store = place.StoreOf(parsed, composition);
        var sight = new Sight(composition.Ports(), subject, playbook, store, cancel) { Runs = composition.RunStore(store) };
        var assessment = Assessor.Assess(subject, await Collector.CollectAsync(BuiltinProbes.All, sight, deadline, cancel), sight.Mask);
        // Whoever shows something of it shows no secret, whatever a probe has let through.
        composition.Know(sight.Hidden);
        return assessment;
    }

    /// <summary>0 when there is an assessment, however much of it is unknown; 6 when nothing was seen that it could be about.</summary>
    public static int ExitCodeOf(Assessment assessment) => assessment.HasSeen ? ExitCodes.Succeeded : ExitCodes.Inconclusive;
}
