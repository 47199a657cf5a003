using System.Collections.Immutable;
using System.Globalization;
using Runbooks.Engine.Ports;

namespace Runbooks.Host.Docker;

/// <summary>From the engine's answers to what the product knows of a container.</summary>
internal static class ContainerReading
{
    public const string ProjectLabel = "com.docker.compose.project";
    private const string ServiceLabel = "com.docker.compose.service";

    /// <summary>The query for what the engine filters itself: labels. Its filters for names and ports match more than asked.</summary>
    public static string Query(ContainerFilter filter)
    {
        var labels = new Dictionary<string, bool>(StringComparer.Ordinal);
        if (filter.Project is { } project)
        {
            labels[$"{ProjectLabel}={project}"] = true;
        }

        if (filter.Service is { } service)
        {
            labels[$"{ServiceLabel}={service}"] = true;
        }

        return labels.Count == 0 ? "" : $"&filters={EngineApi.Filters(new() { ["label"] = labels })}";
    }

    public static bool Matches(ListedContainer container, ContainerFilter filter)
    {
        const int ShortestId = 12;
        var byName = filter.Name is not { } name
            || (container.Names ?? []).Any(n => n.TrimStart('/') == name)
            || (name.Length >= ShortestId && container.Id.StartsWith(name, StringComparison.Ordinal));
        return byName && (filter.PublishedPort is not { } port || (container.Ports ?? []).Any(p => p.PublicPort == port));
    }

    public static ContainerState StateOf(InspectedContainer container)
    {
        var state = container.State;
        var startedAt = EngineTimes.Of(state?.StartedAt);
        return new ContainerState
        {
            Id = container.Id,
            Name = (container.Name ?? "").TrimStart('/'),
            Status = state?.Status ?? "",
            Health = state?.Health?.Status is { Length: > 0 } and not "none" and var health ? health : null,
            HealthTimes = Times(container.Config?.Healthcheck),
            HealthOutput = HealthOutput(state?.Health, startedAt),
            ExitCode = (int)(state?.ExitCode ?? 0),
            OomKilled = state?.OomKilled == true,
            Error = state?.Error ?? "",
            RestartCount = container.RestartCount,
            CreatedAt = EngineTimes.Of(container.Created),
            StartedAt = startedAt,
            FinishedAt = EngineTimes.Of(state?.FinishedAt),
            ImageReference = container.Config?.Image ?? "",
            ImageId = container.Image ?? "",
            Labels = (container.Config?.Labels ?? new Dictionary<string, string>()).ToImmutableSortedDictionary(StringComparer.Ordinal),
            PublishedPorts = Published(container),
            LogDriver = container.HostConfig?.LogConfig?.Type ?? "",
            CpuLimit = UsageReading.CpuLimit(container.HostConfig),
            MemoryLimit = container.HostConfig?.Memory is > 0 and var bytes ? bytes : null,
            Environment = Variables(container.Config?.Env),
            Command = [.. container.Config?.Entrypoint ?? [], .. container.Config?.Cmd ?? []],
            Mounts = Mounts(container),
            Networks = [.. (container.NetworkSettings?.Networks?.Keys ?? []).Order(StringComparer.Ordinal)],
            HealthySince = HealthySince(state?.Health, startedAt),
        };
    }

    /// <summary>The last one of a name counts.</summary>
    private static ImmutableSortedDictionary<string, string> Variables(IEnumerable<string>? given)
    {
        var variables = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var variable in given ?? [])
        {
            var equals = variable.IndexOf('=');
            variables[equals < 0 ? variable : variable[..equals]] = equals < 0 ? "" : variable[(equals + 1)..];
        }

        return variables.ToImmutable();
    }

    /// <summary>The engine lists what is tmpfs with the limits of the host, and not among the mounts, unless it was asked for as a mount.</summary>
    private static ImmutableArray<ContainerMount> Mounts(InspectedContainer container) =>
    [
        .. (container.Mounts ?? [])
            .Select(m => new ContainerMount(m.Type ?? "", m.Type == "volume" ? m.Name ?? "" : m.Type == "bind" ? m.Source ?? "" : "", m.Destination ?? "", !m.IsWritable))
            .Concat((container.HostConfig?.Tmpfs?.Keys ?? []).Select(path => new ContainerMount("tmpfs", "", path, IsReadOnly: false)))
            .OrderBy(m => m.Target, StringComparer.Ordinal),
    ];

    /// <summary>The engine remembers five probes: the oldest good one was the first only when one before it was not good, or none can have been forgotten.</summary>
    private static DateTimeOffset? HealthySince(InspectedHealth? health, DateTimeOffset? startedAt)
    {
        const int Remembered = 5;
        var probes = ResultsSince(health, startedAt).ToList();
        var first = probes.FindIndex(r => r.ExitCode == 0);
        return first < 0 || (first == 0 && probes.Count >= Remembered) ? null : EngineTimes.Of(probes[first].End);
    }

    /// <summary>What is not set is what the engine takes then (moby, <c>daemon/health.go</c>). The engine has filled in what the image says.</summary>
    private static HealthTimes? Times(HealthCheck? check)
    {
        if (check?.Test is not { Count: > 0 } test || test[0] == "NONE")
        {
            return null;
        }

        static TimeSpan Or(long? nanoseconds, int seconds) => nanoseconds is > 0 and var given ? TimeSpan.FromTicks(given / 100) : TimeSpan.FromSeconds(seconds);

        return new HealthTimes(Or(check.StartPeriod, 0), Or(check.Interval, 30), Or(check.Timeout, 30), check.Retries > 0 ? (int)Math.Min(check.Retries.Value, int.MaxValue) : 3);
    }

    private static string? HealthOutput(InspectedHealth? health, DateTimeOffset? startedAt) => ResultsSince(health, startedAt)
        .Select(r => $"exit {r.ExitCode}: {r.Output?.Trim()}")
        .LastOrDefault();

    /// <summary>Results from before the newest start say nothing about this one.</summary>
    private static IEnumerable<HealthResult> ResultsSince(InspectedHealth? health, DateTimeOffset? startedAt) => (health?.Log ?? [])
        .Where(r => startedAt is null || EngineTimes.Of(r.Start) >= startedAt)
        .OrderBy(r => EngineTimes.Of(r.Start));

    private static ImmutableArray<int> Published(InspectedContainer container) =>
    [
        .. (container.NetworkSettings?.Ports?.Values ?? [])
            .SelectMany(bindings => bindings ?? [])
            .Select(b => int.TryParse(b.HostPort, NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : 0)
            .Where(port => port > 0)
            .Distinct()
            .Order(),
    ];
}
