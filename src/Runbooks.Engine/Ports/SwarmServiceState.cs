using System.Collections.Immutable;

namespace Runbooks.Engine.Ports;

/// <summary>What is known of a service of a swarm.</summary>
public sealed record SwarmServiceState
{
    public required string Name { get; init; }

    /// <summary>The image that its tasks should have; with a digest behind '@' when a registry was asked for it.</summary>
    public required string Image { get; init; }

    /// <summary>The image of the specification to which a rollback would go back; null when there is none.</summary>
    public string? PreviousImage { get; init; }

    /// <summary>updating, paused, completed, rollback_started, rollback_paused, rollback_completed; null when it was never updated.</summary>
    public string? UpdateState { get; init; }

    /// <summary>What the swarm said of its last update; empty when nothing.</summary>
    public string UpdateMessage { get; init; } = "";

    /// <summary>How many tasks should run; null when the engine does not say.</summary>
    public long? DesiredTasks { get; init; }

    /// <summary>All that the swarm still remembers, newest first.</summary>
    public ImmutableArray<SwarmTask> Tasks { get; init; } = [];

    /// <summary>How many nodes of the swarm are ready and take tasks.</summary>
    public int ActiveNodes { get; init; }
}

/// <param name="Place">Its number in the service, or the node of a service that has one on each.</param>
/// <param name="State">running, starting, failed, rejected, shutdown …</param>
/// <param name="Error">Why it is not running; empty when nothing is said.</param>
public sealed record SwarmTask(string Place, string Image, string State, string Error);
