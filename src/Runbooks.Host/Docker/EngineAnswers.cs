using System.Text.Json.Serialization;

namespace Runbooks.Host.Docker;

// What is read of the engine's answers, by the names that its API gives them (docs.docker.com/reference/api/engine). All of it can be missing or null: engines of several ages answer.

internal sealed record VersionAnswer(string? Version);

internal sealed record EngineDescription(string? DockerRootDir);

internal sealed record EventAnswer(string? Action, EventActor? Actor, [property: JsonPropertyName("timeNano")] long? TimeNano);

internal sealed record EventActor(IReadOnlyDictionary<string, string>? Attributes);

internal sealed record ListedContainer(string Id, IReadOnlyList<string>? Names, IReadOnlyList<ListedPort>? Ports);

internal sealed record ListedPort(int? PublicPort);

internal sealed record InspectedContainer(
    string Id,
    string? Name,
    string? Created,
    string? Image,
    int RestartCount,
    InspectedState? State,
    InspectedConfig? Config,
    HostConfig? HostConfig,
    IReadOnlyList<InspectedMount>? Mounts,
    NetworkSettings? NetworkSettings,
    long? SizeRw);

internal sealed record InspectedState(
    string? Status,
    InspectedHealth? Health,
    string? StartedAt,
    string? FinishedAt,
    long ExitCode,
    [property: JsonPropertyName("OOMKilled")] bool OomKilled,
    string? Error);

internal sealed record InspectedHealth(string? Status, IReadOnlyList<HealthResult>? Log);

internal sealed record HealthResult(string? Start, string? End, int ExitCode, string? Output);

internal sealed record InspectedConfig(
    string? Image,
    IReadOnlyDictionary<string, string>? Labels,
    HealthCheck? Healthcheck,
    IReadOnlyList<string>? Env,
    IReadOnlyList<string>? Entrypoint,
    IReadOnlyList<string>? Cmd,
    bool Tty);

/// <summary>Times in nanoseconds.</summary>
internal sealed record HealthCheck(IReadOnlyList<string>? Test, long? StartPeriod, long? Interval, long? Timeout, long? Retries);

internal sealed record HostConfig(
    LogConfig? LogConfig = null,
    long? Memory = null,
    long? NanoCpus = null,
    long? CpuQuota = null,
    long? CpuPeriod = null,
    string? CpusetCpus = null,
    IReadOnlyDictionary<string, string?>? Tmpfs = null);

internal sealed record LogConfig(string? Type);

internal sealed record InspectedMount(string? Type, string? Name, string? Source, string? Destination, [property: JsonPropertyName("RW")] bool IsWritable);

internal sealed record NetworkSettings(IReadOnlyDictionary<string, NetworkEndpoint?>? Networks, IReadOnlyDictionary<string, IReadOnlyList<PortBinding>?>? Ports);

/// <summary>Only its name counts.</summary>
internal sealed record NetworkEndpoint;

internal sealed record PortBinding(string? HostPort);

internal sealed record InspectedImage(string Id, IReadOnlyList<string>? RepoTags, IReadOnlyList<string>? RepoDigests, long Size, string? Created, ImageConfig? Config);

/// <param name="Volumes">The keys count.</param>
internal sealed record ImageConfig(IReadOnlyDictionary<string, NetworkEndpoint?>? Volumes, HealthCheck? Healthcheck);

internal sealed record DistributionAnswer(DistributionDescriptor? Descriptor);

internal sealed record DistributionDescriptor([property: JsonPropertyName("digest")] string? Digest);

internal sealed record StatsAnswer(
    [property: JsonPropertyName("read")] string? Read = null,
    [property: JsonPropertyName("cpu_stats")] CpuStats? Cpu = null,
    [property: JsonPropertyName("memory_stats")] MemoryStats? Memory = null);

internal sealed record CpuStats(
    [property: JsonPropertyName("cpu_usage")] CpuUsage? Usage = null,
    [property: JsonPropertyName("system_cpu_usage")] ulong SystemUsage = 0,
    [property: JsonPropertyName("online_cpus")] uint OnlineCpus = 0);

internal sealed record CpuUsage([property: JsonPropertyName("total_usage")] ulong Total = 0, [property: JsonPropertyName("percpu_usage")] IReadOnlyList<ulong>? PerCpu = null);

internal sealed record MemoryStats(
    [property: JsonPropertyName("usage")] ulong Usage = 0,
    [property: JsonPropertyName("limit")] ulong Limit = 0,
    [property: JsonPropertyName("stats")] IReadOnlyDictionary<string, ulong>? Stats = null);

internal sealed record SwarmServiceAnswer(
    [property: JsonPropertyName("ID")] string Id,
    ServiceSpec? Spec,
    ServiceSpec? PreviousSpec,
    UpdateStatus? UpdateStatus,
    ServiceStatus? ServiceStatus);

internal sealed record ServiceSpec(string? Name, TaskSpec? TaskTemplate);

internal sealed record TaskSpec(ContainerSpec? ContainerSpec);

internal sealed record ContainerSpec(string? Image);

internal sealed record UpdateStatus(string? State, string? Message);

internal sealed record ServiceStatus(ulong DesiredTasks);

internal sealed record SwarmTaskAnswer([property: JsonPropertyName("NodeID")] string? NodeId, long? Slot, TaskSpec? Spec, TaskStatus? Status);

internal sealed record TaskStatus(string? Timestamp, string? State, string? Err);

internal sealed record SwarmNode(NodeSpec? Spec, NodeStatus? Status);

internal sealed record NodeSpec(string? Availability);

internal sealed record NodeStatus(string? State);

/// <summary>The configuration of the docker command, and a context of it.</summary>
internal sealed record DockerCommandConfig([property: JsonPropertyName("currentContext")] string? CurrentContext);

internal sealed record DockerContext(IReadOnlyDictionary<string, DockerEndpoint?>? Endpoints);

internal sealed record DockerEndpoint(string? Host);

[JsonSerializable(typeof(VersionAnswer))]
[JsonSerializable(typeof(EngineDescription))]
[JsonSerializable(typeof(EventAnswer))]
[JsonSerializable(typeof(IReadOnlyList<ListedContainer>))]
[JsonSerializable(typeof(InspectedContainer))]
[JsonSerializable(typeof(InspectedImage))]
[JsonSerializable(typeof(DistributionAnswer))]
[JsonSerializable(typeof(StatsAnswer))]
[JsonSerializable(typeof(IReadOnlyList<SwarmServiceAnswer>))]
[JsonSerializable(typeof(IReadOnlyList<SwarmTaskAnswer>))]
[JsonSerializable(typeof(IReadOnlyList<SwarmNode>))]
[JsonSerializable(typeof(Dictionary<string, Dictionary<string, bool>>))]
[JsonSerializable(typeof(DockerCommandConfig))]
[JsonSerializable(typeof(DockerContext))]
internal sealed partial class EngineJson : JsonSerializerContext;
