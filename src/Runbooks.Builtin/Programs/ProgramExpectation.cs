using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Runbooks.Builtin.Matching;
using Runbooks.Builtin.Phrasing;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Ports;
using Runbooks.Language.Fields;
using Runbooks.Language.Templates;

namespace Runbooks.Builtin.Programs;

/// <summary>How a program that a check asks must end, and what it must print.</summary>
/// <param name="Timeout">How long it may take.</param>
public sealed record ProgramExpectation(long ExitCode, TimeSpan Timeout)
{
    /// <summary>Each must stand in the standard output.</summary>
    public ImmutableArray<Rendered> OutputContains { get; init; } = [];

    public Regex? OutputMatches { get; init; }

    public bool IsKnown => OutputContains.All(t => t.IsKnown);

    /// <summary>"ends with code 0 and prints "ready""</summary>
    public string Statement
    {
        get
        {
            string?[] parts = [.. OutputContains.Select(t => (string?)$"prints {Phrases.Quote(t)}"), OutputMatches is null ? null : $"prints what matches {OutputMatches}"];
            return Phrases.And([$"ends with code {ExitCode}", .. parts.OfType<string>()]);
        }
    }

    /// <param name="program">Its name, for people.</param>
    /// <param name="ended">What was done when it took too long.</param>
    internal Verdict Judge(string program, ProgramAnswer answer, string ended = "was ended")
    {
        var verdict = Trouble(program, answer.Exit, ended) is { } trouble ? Verdict.Unknown(trouble)
            : answer.Exit.ExitCode != ExitCode ? Verdict.DoesNotHold($"exit {answer.Exit.ExitCode}")
            : Missing(answer) ?? Verdict.Holds($"exit {answer.Exit.ExitCode}");
        return verdict.Kind == VerdictKind.Holds ? verdict : verdict with { Evidence = answer.LastLines };
    }

    /// <summary>Why the program gave no answer of its own; null when it did.</summary>
    private string? Trouble(string program, ProcessExit exit, string ended)
    {
        var trouble = exit switch
        {
            { StartError: { } error } => $"{program} could not be started: {error}",
            { Stopped: true } => $"{program} did not end within {Durations.Format(Timeout)} and {ended}",
            { ExitCode: null, Survivors.IsEmpty: true } => $"{program} was killed by signal {exit.Signal}",
            _ => null,
        };
        return exit.Survivors.IsEmpty ? trouble
            : $"{trouble ?? program} left processes that could not be ended: {string.Join(", ", exit.Survivors.Select(s => $"{s.Pid} ({s.CommandLine})"))}";
    }

    /// <summary>What the output lacks; null when it lacks nothing. In an output that was cut, it may stand after the cut.</summary>
    private Verdict? Missing(ProgramAnswer answer)
    {
        var exit = answer.Exit;
        var missing = OutputContains.Where(t => !answer.Output.Contains(t.Reveal(), StringComparison.Ordinal)).Select(t => $"it did not print {Phrases.Quote(t)}").FirstOrDefault();
        if (missing is null && OutputMatches is { } pattern)
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
}
