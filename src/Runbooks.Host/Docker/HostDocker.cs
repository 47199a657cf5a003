using System.Collections.Immutable;
using Runbooks.Engine.Ports;

namespace Runbooks.Host.Docker;

/// <summary>The Docker Engine that the environment names: <c>DOCKER_HOST</c>, else the current context of the docker command, else its default socket.</summary>
/// <remarks>Nothing is looked up before the first question. The version of the API stays unset: the engine then answers with its own.</remarks>
public sealed class HostDocker : IDocker, IDisposable
{
    private readonly Lazy<EngineConnection> _connection;
    private readonly TimeProvider _time;

    /// <param name="endpoint">The address of the engine; null for the one that the environment names.</param>
    public HostDocker(TimeProvider time, string? endpoint = null)
    {
        _time = time;
        _connection = new Lazy<EngineConnection>(() => EngineConnection.Open(endpoint));
    }

    /// <summary>How long one question may take; for logs, how long the next lines may take.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(20);

    /// <inheritdoc/>
    public Task<DockerAnswer<string>> VersionAsync(CancellationToken cancel) =>
        AskAsync(async (client, token) => (await client.GetAsync("/version", EngineJson.Default.VersionAnswer, token)).Version ?? "", cancel);

    /// <inheritdoc/>
    public Task<DockerAnswer<EngineState>> EngineAsync(CancellationToken cancel) =>
        AskAsync(async (client, token) => new EngineState((await client.GetAsync("/info", EngineJson.Default.EngineDescription, token)).DockerRootDir ?? ""), cancel);

    /// <inheritdoc/>
    public Task<DockerAnswer<ImmutableArray<EngineEvent>>> EventsAsync(string? project, DateTimeOffset since, DateTimeOffset until, CancellationToken cancel) =>
        AskAsync((client, token) => EventReading.AllAsync(client, project, since, until, token), cancel);

    /// <inheritdoc/>
    public Task<DockerAnswer<ImmutableArray<ContainerState>>> ContainersAsync(ContainerFilter filter, CancellationToken cancel) => AskAsync(
        async (client, token) =>
        {
            var listed = await client.GetAsync($"/containers/json?all=true{ContainerReading.Query(filter)}", EngineJson.Default.IReadOnlyListListedContainer, token);
            var states = ImmutableArray.CreateBuilder<ContainerState>();
            foreach (var summary in listed.Where(c => ContainerReading.Matches(c, filter)))
            {
                try
                {
                    states.Add(ContainerReading.StateOf(await InspectAsync(client, summary.Id, token)));
                }
                catch (HttpRequestException e) when (EngineApi.IsNotFound(e))
                {
                    // Removed between the two questions: then it is not there.
                }
            }

            states.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
            return states.ToImmutable();
        },
        cancel);

    /// <inheritdoc/>
    public Task<DockerAnswer<ImageState?>> ImageAsync(string reference, CancellationToken cancel) => FindAsync<ImageState>(
        async (client, token) =>
        {
            var image = await client.GetAsync($"/images/{EngineApi.Escaped(reference)}/json", EngineJson.Default.InspectedImage, token);
            return new ImageState(image.Id, [.. image.RepoTags ?? []], [.. image.RepoDigests ?? []], image.Size, EngineTimes.Of(image.Created))
            {
                Volumes = [.. (image.Config?.Volumes?.Keys ?? []).Order(StringComparer.Ordinal)],
                HasHealthCheck = image.Config?.Healthcheck?.Test is [not "NONE", ..],
            };
        },
        cancel);

    /// <inheritdoc/>
    public Task<DockerAnswer<RegistryAnswer>> RegistryAsync(string reference, CancellationToken cancel) => AskAsync((client, token) => RegistryReading.AskAsync(client, reference, token), cancel);

    /// <inheritdoc/>
    public Task<DockerAnswer<long>> LogsAsync(string containerId, DateTimeOffset? since, Func<string, bool> line, CancellationToken cancel) => LogsAsync(containerId, since, withTimes: false, line, cancel);

    /// <inheritdoc/>
    public Task<DockerAnswer<long>> TimedLogsAsync(string containerId, DateTimeOffset? since, Func<DateTimeOffset?, string, bool> line, CancellationToken cancel) =>
        LogsAsync(containerId, since, withTimes: true, text => LogLines.TimeOf(text, out var rest) is { } time ? line(time, rest) : line(null, text), cancel);

    private async Task<DockerAnswer<long>> LogsAsync(string containerId, DateTimeOffset? since, bool withTimes, Func<string, bool> line, CancellationToken cancel)
    {
        var lines = new LogLines(line);
        var query = $"?stdout=true&stderr=true{(withTimes ? "&timestamps=true" : "")}{(since is { } from ? $"&since={EventReading.Seconds(from)}" : "")}";
        return await AskAsync(
            async (client, patience) =>
            {
                var isTerminal = (await InspectAsync(client, containerId, patience.Token)).Config?.Tty == true;
                using var answer = await client.AskAsync($"/containers/{Uri.EscapeDataString(containerId)}/logs{query}", patience.Token);
                await using var body = await answer.Content.ReadAsStreamAsync(patience.Token);
                var frames = new LogFrames(body, isTerminal);
                var buffer = new byte[32 << 10];
                while (true)
                {
                    var (count, isError) = await frames.ReadAsync(buffer, patience.Token);
                    if (count == 0)
                    {
                        lines.End();
                        return lines.Count;
                    }

                    patience.CancelAfter(Patience);
                    if (!lines.Take(isError, buffer.AsSpan(0, count)))
                    {
                        return lines.Count;
                    }
                }
            },
            cancel);
    }

    /// <inheritdoc/>
    public Task<DockerAnswer<ContainerUsage?>> UsageAsync(string containerId, CancellationToken cancel) => FindAsync<ContainerUsage>(
        async (client, token) => UsageReading.Of(await client.GetAsync($"/containers/{Uri.EscapeDataString(containerId)}/stats?stream=false&one-shot=true", EngineJson.Default.StatsAnswer, token)),
        cancel);

    /// <inheritdoc/>
    public Task<DockerAnswer<long?>> WrittenAsync(string containerId, CancellationToken cancel) => FindAsync<long?>(
        async (client, token) => (await client.GetAsync($"/containers/{Uri.EscapeDataString(containerId)}/json?size=true", EngineJson.Default.InspectedContainer, token)).SizeRw,
        cancel);

    /// <inheritdoc/>
    public Task<DockerAnswer<bool?>> HasPathAsync(string containerId, string path, CancellationToken cancel) => FindAsync<bool?>(
        async (client, token) =>
        {
            // That it is not there and that there is no such container are one answer of the engine.
            var container = await InspectAsync(client, containerId, token);
            return await client.HasAsync($"/containers/{container.Id}/archive?path={Uri.EscapeDataString(path)}", token);
        },
        cancel);

    /// <inheritdoc/>
    public Task<DockerAnswer<SwarmServiceState?>> SwarmServiceAsync(string service, CancellationToken cancel) =>
        AskAsync((client, token) => SwarmReading.ServiceAsync(client, service, token), cancel);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_connection.IsValueCreated)
        {
            _connection.Value.Client?.Dispose();
        }
    }

    /// <summary>Asks about one thing; the value is null when the engine has no such thing.</summary>
    private Task<DockerAnswer<T?>> FindAsync<T>(Func<EngineApi, CancellationToken, Task<T?>> ask, CancellationToken cancel) => AskAsync(
        async (client, token) =>
        {
            try
            {
                return await ask(client, token);
            }
            catch (HttpRequestException e) when (EngineApi.IsNotFound(e))
            {
                return default;
            }
        },
        cancel);

    private Task<DockerAnswer<T>> AskAsync<T>(Func<EngineApi, CancellationToken, Task<T>> ask, CancellationToken cancel) =>
        AskAsync<T>((client, patience) => ask(client, patience.Token), cancel);

    private async Task<DockerAnswer<T>> AskAsync<T>(Func<EngineApi, CancellationTokenSource, Task<T>> ask, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var connection = _connection.Value;
        if (connection.Client is not { } client)
        {
            return DockerAnswer<T>.Unavailable(connection.Problem);
        }

        using var patience = new CancellationTokenSource(Patience, _time);
        using var cancelled = cancel.Register(patience.Cancel);
        try
        {
            return DockerAnswer<T>.Of(await ask(client, patience));
        }
        catch (Exception) when (cancel.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancel);
        }
        catch (OperationCanceledException)
        {
            return DockerAnswer<T>.Unavailable($"the Docker Engine at {connection.Address} does not answer within {Language.Fields.Durations.Format(Patience)}: look at 'docker info' and at the log of the daemon");
        }
        catch (Exception e) when (EngineProblems.Of(e, connection.Address) is { } problem)
        {
            return DockerAnswer<T>.Unavailable(problem);
        }
    }

    private static Task<InspectedContainer> InspectAsync(EngineApi client, string id, CancellationToken cancel) =>
        client.GetAsync($"/containers/{Uri.EscapeDataString(id)}/json", EngineJson.Default.InspectedContainer, cancel);
}
