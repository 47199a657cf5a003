using System.Collections.Immutable;

namespace Runbooks.Advisor.Assessing;

/// <summary>What a probe saw, as a value; what it means is said elsewhere.</summary>
/// <param name="Source">What was asked.</param>
/// <param name="At">When it was answered.</param>
public abstract record Reading(string Source, DateTimeOffset At);

/// <summary>What became of a probe.</summary>
/// <param name="Probe">Its name.</param>
/// <param name="Source">What it asks.</param>
/// <param name="Facts">The facts that are not known without it.</param>
/// <param name="At">When it ended.</param>
public sealed record ProbeOutcome(string Probe, string Source, ImmutableArray<string> Facts, DateTimeOffset At)
{
    public ImmutableArray<Reading> Readings { get; init; } = [];

    /// <summary>What it could not find out, a sentence each; with readings, some of it.</summary>
    public ImmutableArray<string> Problems { get; init; } = [];

    public TimeSpan Elapsed { get; init; }
}
