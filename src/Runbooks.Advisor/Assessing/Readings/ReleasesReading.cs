using Runbooks.Advisor.Changes;
using Runbooks.Engine.Releases;

namespace Runbooks.Advisor.Assessing.Readings;

/// <summary>What is on record.</summary>
/// <param name="History">Empty when nothing is.</param>
public sealed record ReleasesReading(string Source, DateTimeOffset At, ReleaseHistory History) : Reading(Source, At)
{
    /// <summary>What Compose made of the files of a release, by its id; only of those that were kept and can be read.</summary>
    public System.Collections.Immutable.ImmutableSortedDictionary<string, ComposeModel> Models { get; init; } = System.Collections.Immutable.ImmutableSortedDictionary<string, ComposeModel>.Empty;
}

/// <summary>What runs: services with images, variables (hashed), mounts, networks and ports.</summary>
public sealed record RunningReading(string Source, DateTimeOffset At, Release Running) : Reading(Source, At);

/// <summary>What the files say: their digests, variables (hashed) and what Compose makes of them.</summary>
public sealed record FilesReading(string Source, DateTimeOffset At, Release Files, ComposeModel? Model) : Reading(Source, At);
