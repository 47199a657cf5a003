using System.Collections.Immutable;
using Runbooks.Engine.Ports;

namespace Runbooks.Testing;

/// <summary>A Docker Engine in which a test says which containers, images and log lines there are.</summary>
public sealed class DockerAnswers : IDocker
{
    private readonly List<ContainerState> _containers = [];
    private readonly Dictionary<string, ImageState> _images = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RegistryAnswer> _registry = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<(DateTimeOffset At, string Line)>> _logs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Queue<ContainerUsage?>> _usage = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long?> _written = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _unreadable = new(StringComparer.Ordinal);

    private readonly List<(string Id, SwarmServiceState State)> _services = [];
    private bool _managesSwarm;

    private readonly HashSet<(string Container, string Path)> _paths = [];
    private readonly List<EngineEvent> _events = [];

    /// <summary>Why the engine does not answer; null when it does.</summary>
    public string? Problem { get; set; }

    /// <summary>Where the engine says that its images and volumes lie.</summary>
    public string DataFolder { get; init; } = "/var/lib/docker";

    /// <summary>Called before each answer.</summary>
    public Action Asking { get; init; } = () => { };

    /// <summary>How many questions were asked.</summary>
    public int Questions { get; private set; }

    public DockerAnswers Container(ContainerState container)
    {
        _containers.Add(container);
        return this;
    }

    /// <summary>Forgets all containers, as if they had been removed.</summary>
    public DockerAnswers NoContainers()
    {
        _containers.Clear();
        return this;
    }

    public DockerAnswers Image(string reference, string id, params string[] digests)
    {
        _images[reference] = new ImageState(id, [reference], [.. digests], 1_000_000, null);
        return this;
    }

    public DockerAnswers Image(ImageState image)
    {
        foreach (var tag in image.Tags)
        {
            _images[tag] = image;
        }

        return this;
    }

    /// <summary>What its registry says of an image; it says of others that it does not have them.</summary>
    public DockerAnswers Registry(string reference, RegistryAnswer answer)
    {
        _registry[reference] = answer;
        return this;
    }

    public DockerAnswers Log(string containerId, DateTimeOffset at, params string[] lines)
    {
        if (!_logs.TryGetValue(containerId, out var log))
        {
            _logs[containerId] = log = [];
        }

        log.AddRange(lines.Select(line => (at, line)));
        return this;
    }

    /// <summary>What a container uses, one sample after the other; the last one said is repeated for ever. One of which nothing is said rests.</summary>
    public DockerAnswers Usage(string containerId, params ReadOnlySpan<ContainerUsage?> samples)
    {
        _usage[containerId] = new Queue<ContainerUsage?>(samples.ToArray());
        return this;
    }

    /// <summary>It manages a swarm, also when that has no service.</summary>
    public DockerAnswers Swarm()
    {
        _managesSwarm = true;
        return this;
    }

    public DockerAnswers Service(SwarmServiceState service, string id = "")
    {
        _services.Add((id, service));
        return Swarm();
    }

    public DockerAnswers Event(EngineEvent happened)
    {
        _events.Add(happened);
        return this;
    }

    public DockerAnswers Written(string containerId, long? bytes)
    {
        _written[containerId] = bytes;
        return this;
    }

    public DockerAnswers Has(string containerId, string path)
    {
        _paths.Add((containerId, path));
        return this;
    }

    public DockerAnswers UnreadableLog(string containerId, string problem)
    {
        _unreadable[containerId] = problem;
        return this;
    }

    public Task<DockerAnswer<string>> VersionAsync(CancellationToken cancel) => Asked(() => "28.0.0", cancel);

    public Task<DockerAnswer<EngineState>> EngineAsync(CancellationToken cancel) => Asked(() => new EngineState(DataFolder), cancel);

    public Task<DockerAnswer<ImmutableArray<EngineEvent>>> EventsAsync(string? project, DateTimeOffset since, DateTimeOffset until, CancellationToken cancel) => Asked(
        () => _events.Where(e => e.At >= since && e.At <= until && (project is null || e.Labels.GetValueOrDefault("com.docker.compose.project") == project)).OrderBy(e => e.At).ToImmutableArray(),
        cancel);

    public Task<DockerAnswer<ImmutableArray<ContainerState>>> ContainersAsync(ContainerFilter filter, CancellationToken cancel) => Asked(
        () => _containers
            .Where(c => filter.Name is null || c.Name == filter.Name || (filter.Name.Length >= 12 && c.Id.StartsWith(filter.Name, StringComparison.Ordinal)))
            .Where(c => filter.Project is null || c.Labels.GetValueOrDefault("com.docker.compose.project") == filter.Project)
            .Where(c => filter.Service is null || c.Labels.GetValueOrDefault("com.docker.compose.service") == filter.Service)
            .Where(c => filter.PublishedPort is not { } port || c.PublishedPorts.Contains(port))
            .OrderBy(c => c.Name, StringComparer.Ordinal)
            .ToImmutableArray(),
        cancel);

    public Task<DockerAnswer<ImageState?>> ImageAsync(string reference, CancellationToken cancel) => Asked(
        () => _images.GetValueOrDefault(reference) ?? _images.Values.FirstOrDefault(i => i.Id == reference),
        cancel);

    public Task<DockerAnswer<RegistryAnswer>> RegistryAsync(string reference, CancellationToken cancel) => Asked(() => _registry.GetValueOrDefault(reference) ?? new RegistryAnswer(false, "", false), cancel);

    public Task<DockerAnswer<long>> LogsAsync(string containerId, DateTimeOffset? since, Func<string, bool> line, CancellationToken cancel) => TimedLogsAsync(containerId, since, (_, text) => line(text), cancel);

    public async Task<DockerAnswer<long>> TimedLogsAsync(string containerId, DateTimeOffset? since, Func<DateTimeOffset?, string, bool> line, CancellationToken cancel)
    {
        if (_unreadable.TryGetValue(containerId, out var problem))
        {
            return DockerAnswer<long>.Unavailable(problem);
        }

        return await Asked(
            () =>
            {
                var count = 0L;
                foreach (var (at, text) in _logs.GetValueOrDefault(containerId, []).Where(l => since is null || l.At >= since))
                {
                    count++;
                    if (!line(at, text))
                    {
                        break;
                    }
                }

                return count;
            },
            cancel);
    }

    public Task<DockerAnswer<ContainerUsage?>> UsageAsync(string containerId, CancellationToken cancel) => Asked(
        () => !_containers.Exists(c => c.Id == containerId && c.Status is "running" or "paused") ? null
            : !_usage.TryGetValue(containerId, out var samples) ? Resting(DateTimeOffset.UnixEpoch.AddSeconds(Questions))
            : samples.Count > 1 ? samples.Dequeue() : samples.Peek(),
        cancel);

    public Task<DockerAnswer<long?>> WrittenAsync(string containerId, CancellationToken cancel) => Asked(
        () => _containers.Exists(c => c.Id == containerId) ? _written.GetValueOrDefault(containerId, 0) : null,
        cancel);

    public Task<DockerAnswer<bool?>> HasPathAsync(string containerId, string path, CancellationToken cancel) => Asked<bool?>(
        () => _containers.Exists(c => c.Id == containerId) ? _paths.Contains((containerId, path)) : null,
        cancel);

    public async Task<DockerAnswer<SwarmServiceState?>> SwarmServiceAsync(string service, CancellationToken cancel)
    {
        var answer = await Asked<SwarmServiceState?>(() => _services.Find(s => s.State.Name == service || s.Id == service).State, cancel);
        return _managesSwarm || answer.Problem is not null ? answer : DockerAnswer<SwarmServiceState?>.Unavailable("This node is not a swarm manager.");
    }

    private static ContainerUsage Resting(DateTimeOffset at) => new(at) { CpuTime = TimeSpan.FromSeconds(1), MachineCpus = 4, Memory = 50 << 20, MemoryLimit = 8L << 30 };

    private Task<DockerAnswer<T>> Asked<T>(Func<T> answer, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        Questions++;
        Asking();
        return Task.FromResult(Problem is null ? DockerAnswer<T>.Of(answer()) : DockerAnswer<T>.Unavailable(Problem));
    }
}
