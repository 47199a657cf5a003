using System.Collections.Immutable;
using Runbooks.Advisor.Situations;

namespace Runbooks.Advisor.Strategies;

/// <summary>How dangerous a way is.</summary>
public enum Risk
{
    Low,
    Medium,
    High,
}

/// <summary>One way to go on: what it does, what it costs, why.</summary>
public sealed record Way
{
    /// <summary>What people are told to do, one sentence.</summary>
    public required string Recommendation { get; init; }

    /// <summary>It takes something of the release back.</summary>
    public bool RollsBack => Time is not null;

    public required Risk Risk { get; init; }

    /// <summary>Why the risk is what it is; at least one.</summary>
    public required ImmutableArray<string> RiskReasons { get; init; }

    /// <summary>Null when nothing is stopped.</summary>
    public TimeRange? Downtime { get; init; }

    /// <summary>How long all of it takes; null when nothing is rolled back.</summary>
    public TimeRange? Time { get; init; }

    /// <summary>What is done, one thing after the other.</summary>
    public ImmutableArray<string> Order { get; init; } = [];

    /// <summary>At least one.</summary>
    public required ImmutableArray<Reason> Because { get; init; }

    /// <summary>What speaks against it nevertheless.</summary>
    public ImmutableArray<string> Against { get; init; } = [];

    /// <summary>What stands in the way and has to be removed first, or closes other ways.</summary>
    public ImmutableArray<string> BlockedBy { get; init; } = [];

    /// <summary>Null when there is nothing to run.</summary>
    public PlaybookCommand? Command { get; init; }

    /// <summary>The one question that would decide; null unless nothing can be recommended without its answer.</summary>
    public Probe? Probe { get; init; }

    /// <summary>What would change the answer.</summary>
    public ImmutableArray<string> WouldChange { get; init; } = [];
}

/// <summary>A sentence, and the fact that it comes from.</summary>
/// <param name="Fact">A key of facts; its evidence is shown with it.</param>
public sealed record Reason(string Text, string Fact);

/// <summary>Between how long and how long something takes.</summary>
/// <param name="From">Where the numbers come from, a sentence each.</param>
public sealed record TimeRange(TimeSpan Shortest, TimeSpan Longest, ImmutableArray<string> From);

/// <summary>A playbook and the values that it is run with.</summary>
/// <param name="Playbook">Its file, from the project's folder.</param>
public sealed record PlaybookCommand(string Playbook, ImmutableArray<CommandVar> Vars)
{
    /// <summary>Of the playbook, as runs have it on record.</summary>
    public string Name => Path.GetFileNameWithoutExtension(Playbook);
}

/// <summary>A variable of the command.</summary>
/// <param name="Value">Null when it is not known: then a placeholder stands in the command.</param>
/// <param name="Meaning">What it is.</param>
public sealed record CommandVar(string Name, string? Value, string Meaning)
{
    public string Placeholder => $"<{Name.ToUpperInvariant()}>";
}
