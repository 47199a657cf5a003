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
    /// <summary>How many lines may be errors; null when errors do not matter.</summary>
    public long? MaxErrors { get; init; }

    /// <summary>What makes a line an error; null for <see cref="ErrorLines"/>.</summary>
    public Regex? ErrorPattern { get; init; }

    /// <summary>Lines that match one of these are no errors.</summary>
    public ImmutableArray<Regex> Ignore { get; init; } = [];

    /// <summary>Each must stand in some line.</summary>
    public ImmutableArray<Rendered> Contains { get; init; } = [];

    /// <summary>With fewer lines nothing is concluded.</summary>
    public long MinLines { get; init; }

    public override bool IsKnown => Choice.IsKnown && Contains.All(t => t.IsKnown);

    public override string Statement
    {
        get
        {
            string?[] parts =
            [
                .. Contains.Select(t => (string?)Phrases.Quote(t)),
                MaxErrors is not { } most ? null : $"{(most == 0 ? "no errors" : $"at most {Phrases.Count(most, "error")}")}{(ErrorPattern is null ? "" : $" (lines that match {ErrorPattern})")}"
                    + (Ignore.IsEmpty ? "" : $", leaving aside {string.Join(", ", Ignore)}"),
            ];
            var since = Since is { } back ? $"of the last {Durations.Format(back)}" : "since the start of the run";
            return $"the logs of {Choice.Noun} {since} hold {Phrases.And(parts.OfType<string>())}{(MinLines > 0 ? $", in at least {Phrases.Count(MinLines, "line")}" : "")}";
        }
    }
}
