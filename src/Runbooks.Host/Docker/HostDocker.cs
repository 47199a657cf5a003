using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Docker.DotNet;
using Docker.DotNet.Models;
using Runbooks.Engine.Ports;
using ContainerState = Runbooks.Engine.Ports.ContainerState;

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
        AskAsync(async (client, token) => (await client.System.GetVersionAsync(token)).Version, cancel);

    /// <inheritdoc/>
    public Task<DockerAnswer<ImmutableArray<ContainerState>>> ContainersAsync(ContainerFilter filter, CancellationToken cancel) => AskAsync(
        async (client, token) =>
        {
            var listed = await client.Containers.ListContainersAsync(new ContainersListParameters { All = true, Filters = ContainerReading.Filters(filter) }, token);
            var states = ImmutableArray.CreateBuilder<ContainerState>();
            foreach (var summary in listed.Where(c => ContainerReading.Matches(c, filter)))
            {
                try
                {
                    states.Add(ContainerReading.StateOf(await client.Containers.InspectContainerAsync(summary.ID, token)));
                }
                catch (DockerApiException e) when (e.StatusCode == HttpStatusCode.NotFound)
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
            var image = await client.Images.InspectImageAsync(reference, token);
            return new ImageState(
                image.ID,
                [.. image.RepoTags ?? []],
                [.. image.RepoDigests ?? []],
                image.Size,
                image.Created is { } created ? new DateTimeOffset(DateTime.SpecifyKind(created, DateTimeKind.Utc)) : null)
            {
                Volumes = [.. (image.Config?.Volumes?.Keys ?? []).Order(StringComparer.Ordinal)],
            };
        },
        cancel);

    /// <inheritdoc/>
    public async Task<DockerAnswer<long>> LogsAsync(string containerId, DateTimeOffset? since, Func<string, bool> line, CancellationToken cancel)
    {
        var lines = new LogLines(line);
        var parameters = new ContainerLogsParameters
        {
            ShowStdout = true,
            ShowStderr = true,
            Since = since is { } from ? (from.ToUnixTimeMilliseconds() / 1000.0).ToString("F3", CultureInfo.InvariantCulture) : null,
        };
        return await AskAsync(
            async (client, patience) =>
            {
                using var stream = await client.Containers.GetContainerLogsAsync(containerId, parameters, patience.Token);
                var buffer = new byte[32 << 10];
                while (true)
                {
                    var read = await stream.ReadOutputAsync(buffer, 0, buffer.Length, patience.Token);
                    if (read.Count == 0)
                    {
                        lines.End();
                        return lines.Count;
                    }

                    patience.CancelAfter(Patience);
                    if (!lines.Take(read.Target == MultiplexedStream.TargetStream.StandardError, buffer.AsSpan(0, read.Count)))
                    {
                        return lines.Count;
                    }
                }
            },
            cancel);
    }

    /// <inheritdoc/>
    public Task<DockerAnswer<ContainerUsage?>> UsageAsync(string containerId, CancellationToken cancel) => FindAsync<ContainerUsage>(
        async (client, token) =>
        {
            var newest = new Newest();
            await client.Containers.GetContainerStatsAsync(containerId, new ContainerStatsParameters { Stream = false, OneShot = true }, newest, token);
            return UsageReading.Of(newest.Value);
        },
        cancel);

    /// <inheritdoc/>
    public Task<DockerAnswer<long?>> WrittenAsync(string containerId, CancellationToken cancel) => FindAsync<long?>(
        async (client, token) => (await client.Containers.InspectContainerAsync(containerId, new ContainerInspectParameters { IncludeSize = true }, token)).SizeRw,
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
    private Task<DockerAnswer<T?>> FindAsync<T>(Func<DockerClient, CancellationToken, Task<T?>> ask, CancellationToken cancel) => AskAsync(
        async (client, token) =>
        {
            try
            {
                return await ask(client, token);
            }
            catch (DockerApiException e) when (e.StatusCode == HttpStatusCode.NotFound)
            {
                return default;
            }
        },
        cancel);

    private Task<DockerAnswer<T>> AskAsync<T>(Func<DockerClient, CancellationToken, Task<T>> ask, CancellationToken cancel) =>
        AskAsync<T>((client, patience) => ask(client, patience.Token), cancel);

    private async Task<DockerAnswer<T>> AskAsync<T>(Func<DockerClient, CancellationTokenSource, Task<T>> ask, CancellationToken cancel)
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

    /// <summary>Keeps what it is told. The library's own kind of progress would be told on another thread, and late.</summary>
    private sealed class Newest : IProgress<ContainerStatsResponse>
    {
        public ContainerStatsResponse? Value { get; private set; }

        public void Report(ContainerStatsResponse value) => Value = value;
    }
}
