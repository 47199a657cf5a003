using System.Collections.Immutable;

namespace Runbooks.Engine.Ports;

/// <summary>Read-only questions to the Docker Engine API. There is no changing method here: changes go through planned programs.</summary>
public interface IDocker
{
    /// <summary>Asks the engine for its version.</summary>
    Task<DockerAnswer<string>> VersionAsync(CancellationToken cancel);

    /// <summary>Asks the engine where it keeps things.</summary>
    Task<DockerAnswer<EngineState>> EngineAsync(CancellationToken cancel);

    /// <summary>What happened to containers, oldest first, as far as the engine remembers: 256 events of all kinds, none from before its own start.</summary>
    /// <param name="project">Compose project, from the label; null for all containers.</param>
    Task<DockerAnswer<ImmutableArray<EngineEvent>>> EventsAsync(string? project, DateTimeOffset since, DateTimeOffset until, CancellationToken cancel);

    /// <summary>Containers, stopped ones included, in the order of their names.</summary>
    Task<DockerAnswer<ImmutableArray<ContainerState>>> ContainersAsync(ContainerFilter filter, CancellationToken cancel);

    /// <summary>An image by reference or id; the value is null when this machine does not have it.</summary>
    Task<DockerAnswer<ImageState?>> ImageAsync(string reference, CancellationToken cancel);

    /// <summary>Whether the registry of an image has it, asked by the engine that would pull it. Nothing is fetched, and no credentials are sent.</summary>
    /// <param name="reference">Repository and digest: <c>registry.example/shop/app@sha256:…</c>.</param>
    Task<DockerAnswer<RegistryAnswer>> RegistryAsync(string reference, CancellationToken cancel);

    /// <summary>Log lines of a container, oldest first, both streams.</summary>
    /// <param name="line">Told each line; returns false to stop reading.</param>
    /// <returns>How many lines were read.</returns>
    Task<DockerAnswer<long>> LogsAsync(string containerId, DateTimeOffset? since, Func<string, bool> line, CancellationToken cancel);

    /// <summary>The same, each line with the time at which the engine took it; null where it does not say.</summary>
    Task<DockerAnswer<long>> TimedLogsAsync(string containerId, DateTimeOffset? since, Func<DateTimeOffset?, string, bool> line, CancellationToken cancel);

    /// <summary>What a container uses at this moment; the value is null when it does not run, or is not there.</summary>
    Task<DockerAnswer<ContainerUsage?>> UsageAsync(string containerId, CancellationToken cancel);

    /// <summary>How many bytes a container has written into its own file system, volumes and mounts left aside; the value is null when the engine does not know, or the container is not there.</summary>
    Task<DockerAnswer<long?>> WrittenAsync(string containerId, CancellationToken cancel);

    /// <summary>Whether a container has something at an absolute path, running or not. Nothing is started in it and nothing is copied out of it; the value is null when there is no such container.</summary>
    Task<DockerAnswer<bool?>> HasPathAsync(string containerId, string path, CancellationToken cancel);

    /// <summary>A service of the swarm that this engine manages, by its name or id; the value is null when there is none. An engine that manages no swarm is a problem.</summary>
    Task<DockerAnswer<SwarmServiceState?>> SwarmServiceAsync(string service, CancellationToken cancel);
}

/// <param name="Problem">Why the engine did not answer: where it was looked for and what to do; null when it did.</param>
public sealed record DockerAnswer<T>(T? Value, string? Problem)
{
    public static DockerAnswer<T> Of(T value) => new(value, null);

    public static DockerAnswer<T> Unavailable(string problem) => new(default, problem);
}

/// <param name="DataFolder">Absolute path, on the machine of the engine, below which images and volumes lie; empty when it does not say.</param>
public sealed record EngineState(string DataFolder);

/// <summary>Something that happened to a container.</summary>
/// <param name="Action">create, start, die, oom, kill, stop, destroy, health_status: unhealthy.</param>
/// <param name="ExitCode">Of a container that died; null for others.</param>
/// <param name="Labels">Of the container.</param>
public sealed record EngineEvent(DateTimeOffset At, string Container, string Action, int? ExitCode, ImmutableSortedDictionary<string, string> Labels);

/// <summary>Which containers: all conditions that are given must hold.</summary>
public sealed record ContainerFilter
{
    /// <summary>Exact name or id (prefix of at least 12).</summary>
    public string? Name { get; init; }

    /// <summary>Compose project, from the label.</summary>
    public string? Project { get; init; }

    /// <summary>Compose service, from the label.</summary>
    public string? Service { get; init; }

    /// <summary>Publishes this host port.</summary>
    public int? PublishedPort { get; init; }
}

/// <summary>What is known of a container.</summary>
public sealed record ContainerState
{
    public required string Id { get; init; }

    /// <summary>Without the leading slash.</summary>
    public required string Name { get; init; }

    /// <summary>created, running, paused, restarting, removing, exited, dead.</summary>
    public required string Status { get; init; }

    /// <summary>starting, healthy, unhealthy; null when it has no health check.</summary>
    public string? Health { get; init; }

    /// <summary>When its health is probed; null when it has no health check.</summary>
    public HealthTimes? HealthTimes { get; init; }

    /// <summary>Output of the newest health probe that began after the container did; null when there is none.</summary>
    public string? HealthOutput { get; init; }

    public int ExitCode { get; init; }

    public bool OomKilled { get; init; }

    /// <summary>What the daemon said when it could not start it; empty when nothing.</summary>
    public string Error { get; init; } = "";

    /// <summary>How often the engine itself started it again; from zero again when somebody starts it.</summary>
    public long RestartCount { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>The reference as it was written.</summary>
    public required string ImageReference { get; init; }

    /// <summary>The id of the image that runs, sha256:…</summary>
    public required string ImageId { get; init; }

    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public ImmutableArray<int> PublishedPorts { get; init; } = [];

    /// <summary>Its logging driver; "none" has no logs.</summary>
    public string LogDriver { get; init; } = "";

    /// <summary>How many processors it may keep busy; null when that is not limited.</summary>
    public double? CpuLimit { get; init; }

    /// <summary>How many bytes of memory it may use; null when that is not limited.</summary>
    public long? MemoryLimit { get; init; }

    /// <summary>The variables of what runs in it, those of its image included. Values can be secret: they go nowhere but into keyed hashes.</summary>
    public ImmutableSortedDictionary<string, string> Environment { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Entry point and command, the words that are started. Can hold secrets like the variables.</summary>
    public ImmutableArray<string> Command { get; init; } = [];

    /// <summary>What is mounted into it, in the order of the places.</summary>
    public ImmutableArray<ContainerMount> Mounts { get; init; } = [];

    /// <summary>Names of its networks, in ordinal order.</summary>
    public ImmutableArray<string> Networks { get; init; } = [];

    /// <summary>When a health probe went well for the first time since the start; null when there was none, and when older probes than the engine remembers may have.</summary>
    public DateTimeOffset? HealthySince { get; init; }
}

/// <param name="Type">volume, bind or tmpfs.</param>
/// <param name="Source">Name of the volume, or path on the host; empty for tmpfs.</param>
/// <param name="Target">Path inside the container.</param>
public readonly record struct ContainerMount(string Type, string Source, string Target, bool IsReadOnly);

/// <summary>When the engine probes the health of a container.</summary>
/// <param name="StartPeriod">So long after its start a failed probe does not count, unless one before it went well.</param>
/// <param name="Interval">From the end of one probe to the next.</param>
/// <param name="Timeout">A probe that takes longer has failed.</param>
/// <param name="Retries">So many probes in a row must fail before it is unhealthy.</param>
public sealed record HealthTimes(TimeSpan StartPeriod, TimeSpan Interval, TimeSpan Timeout, int Retries)
{
    /// <summary>So long a container that is not well can go on being called healthy: its start period, and the time of all its retries.</summary>
    public TimeSpan Window => TimeSpan.FromTicks((long)decimal.Min(TimeSpan.MaxValue.Ticks, StartPeriod.Ticks + (Retries * ((decimal)Interval.Ticks + Timeout.Ticks))));
}

/// <summary>What a container uses. What the engine does not say is null.</summary>
/// <param name="At">When it was measured, by the clock of the engine.</param>
public sealed record ContainerUsage(DateTimeOffset At)
{
    /// <summary>Processor time since the container was started, of all processors together.</summary>
    public TimeSpan? CpuTime { get; init; }

    /// <summary>How many processors the machine of the engine has.</summary>
    public int? MachineCpus { get; init; }

    /// <summary>Bytes of memory, without the copies of files that the kernel can drop at any time.</summary>
    public long? Memory { get; init; }

    /// <summary>Bytes of memory that it may use: its limit, or what the machine has.</summary>
    public long? MemoryLimit { get; init; }
}

public sealed record ImageState(string Id, ImmutableArray<string> Tags, ImmutableArray<string> Digests, long Size, DateTimeOffset? Created)
{
    /// <summary>Paths for which a container of it gets a new volume of its own, unless something else is mounted there.</summary>
    public ImmutableArray<string> Volumes { get; init; } = [];

    /// <summary>It brings a health check with it.</summary>
    public bool HasHealthCheck { get; init; }
}

/// <summary>What a registry says of an image.</summary>
/// <param name="HasIt">Null when it did not say.</param>
/// <param name="Why">Why it did not, as a part of a sentence; empty when it did.</param>
/// <param name="WantsCredentials">It did not, because it answers only who it knows.</param>
public sealed record RegistryAnswer(bool? HasIt, string Why, bool WantsCredentials);
