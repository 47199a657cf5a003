using System.Collections.Immutable;

namespace Runbooks.Advisor.Assessing.Readings;

/// <summary>Of each playbook the last run on record that succeeded.</summary>
public sealed record PastRunsReading(string Source, DateTimeOffset At, ImmutableArray<PastRun> Runs) : Reading(Source, At);

/// <param name="Took">From its first line to its last, with the waits for people.</param>
public sealed record PastRun(string Run, string Playbook, TimeSpan Took);
