using System.Collections.Immutable;

namespace Runbooks.Advisor.Assessing.Readings;

/// <summary>What the engine still remembers of what happened to the containers of the project.</summary>
public sealed record EventsReading(string Source, DateTimeOffset At, ImmutableArray<ContainerEvent> Events) : Reading(Source, At);

/// <param name="Action">create, start, die, oom, kill, stop, destroy, health_status: unhealthy.</param>
/// <param name="ExitCode">Of a container that died; null for others.</param>
public sealed record ContainerEvent(DateTimeOffset At, string Service, string Container, string Action, int? ExitCode)
{
    /// <summary>It speaks of something that is not well.</summary>
    public bool IsTrouble => Action is "oom" or "health_status: unhealthy" || (Action == "die" && ExitCode is not (0 or 143 or null));
}
