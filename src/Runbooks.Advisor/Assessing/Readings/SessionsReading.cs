using System.Collections.Immutable;

namespace Runbooks.Advisor.Assessing.Readings;

/// <summary>What in the database a change of its schema would have to wait for.</summary>
/// <param name="Database">Its name.</param>
/// <param name="Sessions">Those that are in the way; empty when none was seen.</param>
/// <param name="Hidden">How many sessions there are of which could not be seen what they do.</param>
public sealed record SessionsReading(string Source, DateTimeOffset At, string Database, ImmutableArray<SessionSight> Sessions, int Hidden) : Reading(Source, At);

/// <summary>A session that is in the way.</summary>
/// <param name="What">Who it is and what it does, as a phrase.</param>
/// <param name="Way">How way is made: what ends it, or what it is that has to end.</param>
public sealed record SessionSight(string What, string Way);
