using System.Collections.Immutable;
using Runbooks.Advisor.Situations;

namespace Runbooks.Advisor.Assessing.Readings;

/// <summary>Of each playbook the last run on record that succeeded.</summary>
public sealed record PastRunsReading(string Source, DateTimeOffset At, ImmutableArray<PastRun> Runs) : Reading(Source, At)
{
    /// <summary>The rollbacks that were begun since the last one that succeeded, and did not; null when a record could not be read that may hold one.</summary>
    public ImmutableArray<PastTry>? Tries { get; init; }
}

/// <summary>The last time that traffic was stopped or let in by a playbook it was stopped, and what stops it is still there.</summary>
/// <param name="Run">The id of the run.</param>
/// <param name="Since">When it was begun; null when its record does not say it.</param>
/// <param name="Switch">The file, as people write it.</param>
public sealed record MaintenanceReading(string Source, DateTimeOffset At, string Run, DateTimeOffset? Since, string Switch) : Reading(Source, At);

/// <param name="Took">From its first line to its last, with the waits for people.</param>
public sealed record PastRun(string Run, string Playbook, TimeSpan Took);

/// <summary>A rollback that changed something and did not end in success.</summary>
/// <param name="Target">What it went back to, by those of its variables that say it.</param>
public sealed record PastTry(string Run, string Playbook, TriedEnd End, DateTimeOffset StartedAt, ImmutableSortedDictionary<string, string> Target)
{
    /// <summary>As the run said it; empty when it did not.</summary>
    public string Why { get; init; } = "";

    /// <summary>A check in it looked at what it had put back, and did not hold.</summary>
    public bool SawItIll { get; init; }
}
