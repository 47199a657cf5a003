using System.Collections.Immutable;
using Runbooks.Builtin.Matching;
using Runbooks.Builtin.Phrasing;
using Runbooks.Builtin.Programs;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Planning;
using Runbooks.Engine.Ports;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Fields;
using Runbooks.Language.Playbooks;
using Runbooks.Language.Templates;

namespace Runbooks.Builtin.Checks.Command;

/// <summary><c>command:</c> asks a program of the author's. That it only reads is the author's promise.</summary>
public sealed class CommandCheckKind : CheckKind<CommandCheck>
{
    public override KindDeclaration Declaration { get; } = new("command", "A program ends with the right code and prints the right text.", () => new FieldSet("'command'",
    [
        new Field("argv", FieldShape.Words, "the program and its arguments: a list, or one line split like POSIX words") { Required = true },
        new Field("exit", FieldShape.Integer, "the exit code that holds") { Default = "0", Minimum = 0, Maximum = 255 },
        new Field("stdout_contains", FieldShape.TextList, "texts that must all stand in its standard output"),
        new Field("stdout_matches", FieldShape.Pattern, "a regular expression that must match somewhere in its standard output"),
        new Field("env", FieldShape.TextMap, "added to the environment of the program"),
        new Field("stdin", FieldShape.Text, "what the program reads from its standard input"),
        new Field("timeout", FieldShape.Duration, "how long it may take; then it is ended, and the answer is unknown") { Default = "30s", Minimum = 1, Maximum = 100_000 },
    ])
    { Shorthand = "argv" });

    public override ImmutableArray<Descriptor> Descriptors => CommandDiagnostics.All;

    public override CommandCheck? Plan(Inputs inputs, PlanContext context)
    {
        var argv = inputs.Texts("argv");
        if (argv.IsEmpty || argv[0] is { IsKnown: true, Display: "" })
        {
            context.Report(CommandDiagnostics.NoProgram, inputs.SpanOf("argv"), "the first word names no program");
            return null;
        }

        if (EnvironmentOf(inputs, context) is not { } environment)
        {
            return null;
        }

        var start = ProgramSteps.Start(argv, context) with { Environment = environment, StandardInput = inputs.OptionalText("stdin") ?? Rendered.Empty };
        return new CommandCheck(start, inputs.Integer("exit"), inputs.Duration("timeout"))
        {
            OutputContains = inputs.Texts("stdout_contains"),
            OutputMatches = inputs.OptionalPattern("stdout_matches"),
        };
    }

    public override async Task<Verdict> AskAsync(CommandCheck question, CheckContext context, CancellationToken cancel)
    {
        var answer = await ProgramQuestions.AskAsync(question.Start, question.Timeout, context, cancel);
        var verdict = Trouble(question, answer.Exit) is { } trouble ? Verdict.Unknown(trouble)
            : answer.Exit.ExitCode != question.ExitCode ? Verdict.DoesNotHold($"exit {answer.Exit.ExitCode}")
            : Missing(question, answer) ?? Verdict.Holds($"exit {answer.Exit.ExitCode}");
        return verdict.Kind == VerdictKind.Holds ? verdict : verdict with { Evidence = answer.LastLines };
    }

    /// <summary>Why the program gave no answer of its own; null when it did.</summary>
    private static string? Trouble(CommandCheck question, ProcessExit exit)
    {
        var program = question.Start.Argv[0].Display;
        var trouble = exit switch
        {
            { StartError: { } error } => $"{program} could not be started: {error}",
            { Stopped: true } => $"{program} did not end within {Durations.Format(question.Timeout)} and was ended",
            { ExitCode: null, Survivors.IsEmpty: true } => $"{program} was killed by signal {exit.Signal}",
            _ => null,
        };
        return exit.Survivors.IsEmpty ? trouble
            : $"{trouble ?? program} left processes that could not be ended: {string.Join(", ", exit.Survivors.Select(s => $"{s.Pid} ({s.CommandLine})"))}";
    }

    /// <summary>What the output lacks; null when it lacks nothing. In an output that was cut, it may stand after the cut.</summary>
    private static Verdict? Missing(CommandCheck question, ProgramAnswer answer)
    {
        var exit = answer.Exit;
        var missing = question.OutputContains.Where(t => !answer.Output.Contains(t.Reveal(), StringComparison.Ordinal)).Select(t => $"it did not print {Phrases.Quote(t)}").FirstOrDefault();
        if (missing is null && question.OutputMatches is { } pattern)
        {
            switch (Patterns.IsMatch(pattern, answer.Output))
            {
                case null:
                    return Verdict.Unknown($"exit {exit.ExitCode}, but {Patterns.TookTooLong(pattern)}");
                case false:
                    missing = $"what it printed does not match {pattern}";
                    break;
            }
        }

        return missing is null ? null
            : exit.CaptureExceeded ? Verdict.Unknown($"exit {exit.ExitCode}, but {missing} in its first {ProgramQuestions.OutputLimit >> 20} MiB; the rest was not looked at")
            : Verdict.DoesNotHold($"exit {exit.ExitCode}, but {missing}");
    }

    /// <summary>The environment of the step, when there is one, with that of the check over it; null when a name is not one.</summary>
    private static ImmutableArray<EnvironmentAddition>? EnvironmentOf(Inputs inputs, PlanContext context)
    {
        var merged = new SortedDictionary<string, EnvironmentAddition>(context.Environment.ToDictionary(e => e.Name, StringComparer.Ordinal), StringComparer.Ordinal);
        foreach (var (name, value) in inputs.Map("env"))
        {
            if (!name.IsKnown || name.HasSecret || name.Parts.IsEmpty || name.Display.AsSpan().ContainsAny('=', '\0'))
            {
                context.Report(PlanDiagnostics.EnvironmentName, inputs.SpanOf("env"), $"'{name.Display}' is not the name of an environment variable");
                return null;
            }

            merged[name.Display] = new EnvironmentAddition(name.Display, value);
        }

        return [.. merged.Values];
    }
}
