using System.Collections.Immutable;
using Runbooks.Engine.Ports;

namespace Runbooks.Advisor.Assessing.Readings;

/// <summary>The containers of the project, stopped ones included; without those of <c>docker compose run</c>.</summary>
public sealed record ContainersReading(string Source, DateTimeOffset At, string Project, ImmutableArray<ContainerState> Containers) : Reading(Source, At)
{
    /// <summary>Other projects that were started in the same folder; looked for only when this one has no container.</summary>
    public ImmutableArray<string> Elsewhere { get; init; } = [];
}
