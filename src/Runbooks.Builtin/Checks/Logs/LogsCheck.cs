using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Runbooks.Builtin.Containers;
using Runbooks.Builtin.Phrasing;
using Runbooks.Engine.Kinds;
using Runbooks.Language.Fields;
using Runbooks.Language.Templates;

namespace Runbooks.Builtin.Checks.Logs;

/// <summary>What the logs of containers must hold and must not hold.</summary>
/// <param name="Since">How far back they are read; null for the start of the run.</param>
public sealed record LogsCheck(ContainerChoice Choice, TimeSpan? Since) : CheckQuestion
{
    /// <summary>How many entries may be errors; null when errors do not matter.</summary>
    public long? MaxErrors { get; init; }

    /// <summary>How many entries may be warnings; null when warnings do not matter.</summary>
    public long? MaxWarnings { get; init; }

    /// <summary>How many errors there may be more than in the baseline; null when that does not matter.</summary>
    public long? MaxErrorsAboveBaseline { get; init; }

    /// <summary>The log of a good release, which was kept; null when there is none.</summary>
    public LogBaseline? Baseline { get; init; }

    /// <summary>What makes a line an error; null when the level of an entry does.</summary>
    public Regex? ErrorPattern { get; init; }

    /// <summary>Entries that match one of these count as nothing.</summary>
    public ImmutableArray<Regex> Ignore { get; init; } = [];

    /// <summary>Each must stand in some line.</summary>
    public ImmutableArray<Rendered> Contains { get; init; } = [];

    /// <summary>With fewer lines nothing is concluded.</summary>
    public long MinLines { get; init; }

    internal bool CountsErrorsByLevel => ErrorPattern is null;

    internal bool CountsErrors => MaxErrors is not null || MaxErrorsAboveBaseline is not null;

    internal bool CountsByLevel => MaxWarnings is not null || (CountsErrors && CountsErrorsByLevel);

    public override bool IsKnown => Choice.IsKnown && Contains.All(t => t.IsKnown);

    public override ImmutableArray<PlannedEffect> ByHand => [Choice.Logs(Since is { } back ? Rendered.Literal(Language.Fields.Durations.Format(back)) : Rendered.Of([new RenderedPart(RenderedKind.Unknown, "when you began, as 2026-01-31T13:45:00")]))];

    public override string Statement
    {
        get
        {
            var matching = ErrorPattern is null ? "" : $" (lines that match {ErrorPattern})";
            string?[] parts =
            [
                .. Contains.Select(t => (string?)Phrases.Quote(t)),
                MaxErrors is not { } errors ? null : $"{AtMost(errors, "error")}{matching}",
                MaxErrorsAboveBaseline is not { } above ? null : $"{(above == 0 ? "no more errors" : $"at most {Phrases.Count(above, "error")} more")}{matching} than {Baseline?.Shown}",
                MaxWarnings is not { } warnings ? null : AtMost(warnings, "warning"),
            ];
            var compared = Baseline is null || MaxErrorsAboveBaseline is not null ? "" : $", compared with {Baseline.Shown}";
            var aside = Ignore.IsEmpty ? "" : $", leaving aside {string.Join(", ", Ignore)}";
            var since = Since is { } back ? $"of the last {Durations.Format(back)}" : "since the start of the run";
            return $"the logs of {Choice.Noun} {since} hold {Phrases.And(parts.OfType<string>())}{compared}{aside}{(MinLines > 0 ? $", in at least {Phrases.Count(MinLines, "line")}" : "")}";
        }
    }

    private static string AtMost(long most, string noun) => most == 0 ? $"no {noun}s" : $"at most {Phrases.Count(most, noun)}";
}

/// <param name="Path">Absolute.</param>
/// <param name="Shown">As people read it.</param>
public sealed record LogBaseline(string Path, string Shown);
