using System.Collections.Immutable;

namespace Runbooks.Advisor.Assessing.Readings;

/// <summary>Who else may change what is deployed, in one place in which it was looked.</summary>
/// <param name="Found">A phrase each; empty when nobody was found there.</param>
public sealed record ActorsReading(string Source, DateTimeOffset At, ImmutableArray<string> Found) : Reading(Source, At)
{
    /// <summary>What works on containers there, and is not seen to deploy anything; a phrase each.</summary>
    public ImmutableArray<string> Near { get; init; } = [];
}

/// <summary>Services whose containers were not made from the Compose files as they are now.</summary>
public sealed record DriftReading(string Source, DateTimeOffset At, ImmutableArray<string> Services) : Reading(Source, At);
