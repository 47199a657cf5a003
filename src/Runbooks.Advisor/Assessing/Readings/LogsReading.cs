using System.Collections.Immutable;

namespace Runbooks.Advisor.Assessing.Readings;

/// <summary>What a container has logged since it was made. Secrets are masked.</summary>
public sealed record LogsReading(string Source, DateTimeOffset At, string Service, string Container) : Reading(Source, At)
{
    public long Lines { get; init; }

    public long Errors { get; init; }

    public long Warnings { get; init; }

    /// <summary>The first errors, in the order in which they came.</summary>
    public ImmutableArray<string> FirstErrors { get; init; } = [];

    /// <summary>When the first of them came; null when that is not known.</summary>
    public DateTimeOffset? FirstErrorAt { get; init; }

    /// <summary>Messages that the log of a good release does not have; null when there is no such log.</summary>
    public ImmutableArray<string>? NewMessages { get; init; }

    /// <summary>The last lines, when nothing in it has a level.</summary>
    public ImmutableArray<string> Last { get; init; } = [];

    /// <summary>A line says that there was no space left.</summary>
    public bool SaysDiskFull { get; init; }

    /// <summary>Only so much was read.</summary>
    public bool IsCut { get; init; }
}
