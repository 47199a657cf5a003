using Runbooks.Builtin.Phrasing;
using Runbooks.Builtin.Programs;
using Runbooks.Engine.Kinds;
using Runbooks.Language.Fields;
using Runbooks.Language.Playbooks;
using Runbooks.Language.Templates;

namespace Runbooks.Builtin.Checks.Command;

/// <summary><c>command:</c> asks a program of the author's. That it only reads is the author's promise.</summary>
public sealed class CommandCheckKind : CheckKind<CommandCheck>
{
    public override KindDeclaration Declaration { get; } = new("command", "A program ends with the right code and prints the right text.", new FieldSet("'command'",
    [
        new Field("argv", FieldShape.Words, "the program and its arguments: a list, or one line split like POSIX words") { Required = true },
        new Field("exit", FieldShape.Integer, "the exit code that holds") { Default = "0", Minimum = 0, Maximum = 255 },
        new Field("stdout_contains", FieldShape.TextList, "texts that must all stand in its standard output"),
        new Field("stdout_matches", FieldShape.Pattern, "a regular expression that must match somewhere in its standard output"),
        new Field("stdin", FieldShape.Text, "what the program reads from its standard input"),
        new Field("timeout", FieldShape.Duration, "the program is ended after this; no end in time does not hold") { Default = "30s", Minimum = 1, Maximum = 100_000 },
    ]) { Shorthand = "argv" });

    public override CommandCheck? Plan(Inputs inputs, PlanContext context) =>
        new(ProgramSteps.Start(inputs.Texts("argv"), context) with { StandardInput = inputs.OptionalText("stdin") ?? Rendered.Empty }, inputs.Integer("exit"), inputs.Duration("timeout"))
        {
            OutputContains = inputs.Texts("stdout_contains"),
            OutputMatches = inputs.OptionalPattern("stdout_matches"),
        };

    public override async Task<Verdict> AskAsync(CommandCheck question, CheckContext context, CancellationToken cancel)
    {
        var program = question.Start.Argv[0].Display;
        var answer = await ProgramQuestions.AskAsync(question.Start, question.Timeout, context, cancel);
        var exit = answer.Exit;
        if (exit.StartError is not null)
        {
            return Verdict.Unknown($"{program} could not be started: {exit.StartError}");
        }

        if (!exit.Survivors.IsEmpty)
        {
            return Verdict.Unknown($"{program} left processes that could not be ended: {string.Join(", ", exit.Survivors.Select(s => $"{s.Pid} ({s.CommandLine})"))}");
        }

        if (exit.Stopped)
        {
            return Verdict.DoesNotHold($"{program} did not end within {Durations.Format(question.Timeout)}") with { Evidence = answer.LastLines };
        }

        if (exit.ExitCode != question.ExitCode)
        {
            return Verdict.DoesNotHold(exit.ExitCode is { } code ? $"exit {code}" : $"killed by signal {exit.Signal}") with { Evidence = answer.LastLines };
        }

        var missing = question.OutputContains.Where(t => !answer.Output.Contains(t.Reveal(), StringComparison.Ordinal)).Select(t => $"it did not print {Phrases.Quote(t)}").FirstOrDefault()
            ?? (question.OutputMatches?.IsMatch(answer.Output) == false ? $"what it printed does not match {question.OutputMatches}" : null);
        return missing is null ? Verdict.Holds($"exit {exit.ExitCode}")
            : exit.CaptureExceeded ? Verdict.Unknown($"exit {exit.ExitCode}, but {missing} in its first {ProgramQuestions.OutputLimit >> 20} MiB; the rest was not looked at")
            : Verdict.DoesNotHold($"exit {exit.ExitCode}, but {missing}") with { Evidence = answer.LastLines };
    }
}
