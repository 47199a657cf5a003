using System.Collections.Immutable;

namespace Runbooks.Advisor.Assessing.Readings;

/// <summary>What git says of the project's folder.</summary>
/// <param name="Commit">The whole id of what is checked out.</param>
public sealed record GitReading(string Source, DateTimeOffset At, string Commit) : Reading(Source, At)
{
    /// <summary>What is in no commit; null when that is not known.</summary>
    public ImmutableArray<string>? Dirty { get; init; }

    /// <summary>The last commits, newest first: short id, time, subject.</summary>
    public ImmutableArray<string> Log { get; init; } = [];

    /// <summary>Files that differ from the commit before the last one: a suggestion where nothing is on record, and no more.</summary>
    public ImmutableArray<string> SinceLast { get; init; } = [];

    /// <summary>Of the files of the project (Compose, variables, configuration), those that git has; null when that is not known.</summary>
    public ImmutableArray<string>? Tracked { get; init; }

    /// <summary>Of commits of recorded releases, by their ids: whether a file of the migrations differs from then; null when it could not be told.</summary>
    public ImmutableSortedDictionary<string, bool?> MigrationsDiffer { get; init; } = ImmutableSortedDictionary<string, bool?>.Empty;
}
