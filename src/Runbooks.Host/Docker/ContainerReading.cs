using System.Collections.Immutable;
using System.Globalization;
using Docker.DotNet.Models;
using Runbooks.Engine.Ports;
using ContainerState = Runbooks.Engine.Ports.ContainerState;

namespace Runbooks.Host.Docker;

/// <summary>From the engine's answers to what the product knows of a container.</summary>
internal static class ContainerReading
{
    private const string ProjectLabel = "com.docker.compose.project";
    private const string ServiceLabel = "com.docker.compose.service";

    /// <summary>What the engine filters itself: labels. Its filters for names and ports match more than asked.</summary>
    public static IDictionary<string, IDictionary<string, bool>> Filters(ContainerFilter filter)
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

        return labels.Count == 0 ? new Dictionary<string, IDictionary<string, bool>>() : new Dictionary<string, IDictionary<string, bool>> { ["label"] = labels };
    }

    public static bool Matches(ContainerListResponse container, ContainerFilter filter)
    {
        const int ShortestId = 12;
        var byName = filter.Name is not { } name
            || container.Names.Any(n => n.TrimStart('/') == name)
            || (name.Length >= ShortestId && container.ID.StartsWith(name, StringComparison.Ordinal));
        return byName && (filter.PublishedPort is not { } port || (container.Ports ?? []).Any(p => p.PublicPort == port));
    }

    public static ContainerState StateOf(ContainerInspectResponse container)
    {
        var state = container.State ?? new State();
        var startedAt = Time(state.StartedAt);
        return new ContainerState
        {
            Id = container.ID,
            Name = container.Name.TrimStart('/'),
            Status = state.Status,
            Health = state.Health?.Status is { Length: > 0 } and not "none" and var health ? health : null,
            HealthTimes = Times(container.Config?.Healthcheck),
            HealthOutput = HealthOutput(state.Health, startedAt),
            ExitCode = (int)state.ExitCode,
            OomKilled = state.OOMKilled,
            Error = state.Error ?? "",
            RestartCount = container.RestartCount,
            CreatedAt = container.Created.Year > 1 ? new DateTimeOffset(container.Created.ToUniversalTime()) : null,
            StartedAt = startedAt,
            FinishedAt = Time(state.FinishedAt),
            ImageReference = container.Config?.Image ?? "",
            ImageId = container.Image,
            Labels = (container.Config?.Labels ?? new Dictionary<string, string>()).ToImmutableSortedDictionary(StringComparer.Ordinal),
            PublishedPorts = Published(container),
            LogDriver = container.HostConfig?.LogConfig?.Type ?? "",
            CpuLimit = UsageReading.CpuLimit(container.HostConfig),
            MemoryLimit = container.HostConfig?.Memory is > 0 and var bytes ? bytes : null,
            Environment = Variables(container.Config?.Env),
            Command = [.. container.Config?.Entrypoint ?? [], .. container.Config?.Cmd ?? []],
            Mounts = Mounts(container),
            Networks = [.. (container.NetworkSettings?.Networks?.Keys ?? []).Order(StringComparer.Ordinal)],
            HealthySince = HealthySince(state.Health, startedAt),
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
    private static ImmutableArray<ContainerMount> Mounts(ContainerInspectResponse container) =>
    [
        .. (container.Mounts ?? [])
            .Select(m => new ContainerMount(m.Type ?? "", m.Type == "volume" ? m.Name ?? "" : m.Type == "bind" ? m.Source ?? "" : "", m.Destination ?? "", !m.RW))
            .Concat((container.HostConfig?.Tmpfs?.Keys ?? []).Select(path => new ContainerMount("tmpfs", "", path, IsReadOnly: false)))
            .OrderBy(m => m.Target, StringComparer.Ordinal),
    ];

    /// <summary>The engine remembers five probes: the oldest good one was the first only when one before it was not good, or none can have been forgotten.</summary>
    private static DateTimeOffset? HealthySince(Health? health, DateTimeOffset? startedAt)
    {
        const int Remembered = 5;
        var probes = (health?.Log ?? []).Where(r => startedAt is null || new DateTimeOffset(r.Start.ToUniversalTime()) >= startedAt).OrderBy(r => r.Start).ToList();
        var first = probes.FindIndex(r => r.ExitCode == 0);
        return first < 0 || (first == 0 && probes.Count >= Remembered) ? null : new DateTimeOffset(probes[first].End.ToUniversalTime());
    }

    /// <summary>What is not set is what the engine takes then (moby, <c>daemon/health.go</c>). The engine has filled in what the image says.</summary>
    private static HealthTimes? Times(HealthcheckConfig? check)
    {
        if (check?.Test is not { Count: > 0 } test || test[0] == "NONE")
        {
            return null;
        }

        static TimeSpan Or(TimeSpan? given, int seconds) => given > TimeSpan.Zero ? given.Value : TimeSpan.FromSeconds(seconds);

        return new HealthTimes(Or(check.StartPeriod, 0), Or(check.Interval, 30), Or(check.Timeout, 30), check.Retries > 0 ? (int)Math.Min(check.Retries.Value, int.MaxValue) : 3);
    }

    /// <summary>Results from before the newest start say nothing about this one.</summary>
    private static string? HealthOutput(Health? health, DateTimeOffset? startedAt) => health?.Log?
        .Where(r => startedAt is null || new DateTimeOffset(r.Start.ToUniversalTime()) >= startedAt)
        .OrderBy(r => r.Start)
        .Select(r => $"exit {r.ExitCode}: {r.Output?.Trim()}")
        .LastOrDefault();

    private static ImmutableArray<int> Published(ContainerInspectResponse container) =>
    [
        .. (container.NetworkSettings?.Ports?.Values ?? [])
            .SelectMany(bindings => bindings ?? [])
            .Select(b => int.TryParse(b.HostPort, NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : 0)
            .Where(port => port > 0)
            .Distinct()
            .Order(),
    ];

    /// <summary>The engine writes the year 1 for "never".</summary>
    private static DateTimeOffset? Time(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) && time.Year > 1 ? time : null;
}
