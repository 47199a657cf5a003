using System.Collections.Immutable;
using Runbooks.Engine.Ports;

namespace Runbooks.Advisor.Assessing.Readings;

/// <summary>The containers of the project, stopped ones included; without those of <c>docker compose run</c>.</summary>
public sealed record ContainersReading(string Source, DateTimeOffset At, string Project, ImmutableArray<ContainerState> Containers) : Reading(Source, At)
{
    /// <summary>Other projects that were started in the same folder; looked for only when this one has no container.</summary>
    public ImmutableArray<string> Elsewhere { get; init; } = [];

    /// <summary>The folder of the project that is looked at; empty when its files do not say it.</summary>
    public string Folder { get; init; } = "";

    /// <summary>The folder in which they were made: this one, or another that is there; empty when that is not known, or it is gone.</summary>
    public string MadeIn { get; init; } = "";
}
