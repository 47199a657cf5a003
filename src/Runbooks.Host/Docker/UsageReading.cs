using System.Globalization;
using Runbooks.Engine.Ports;

namespace Runbooks.Host.Docker;

/// <summary>From the engine's numbers to what a container uses and may use. The engine writes 0, or nothing, for what it does not know.</summary>
internal static class UsageReading
{
    private const double NanosecondsPerTick = 100;
    private const long DefaultPeriod = 100_000;

    /// <returns>Null when the container does not run: then the engine does not say when it measured.</returns>
    public static ContainerUsage? Of(StatsAnswer? stats)
    {
        if (EngineTimes.Of(stats?.Read) is not { } at)
        {
            return null;
        }

        var (cpu, memory) = (stats?.Cpu, stats?.Memory);
        return new ContainerUsage(at)
        {
            // Without the time of the whole system it is no Linux engine, and the unit of the other is not this one.
            CpuTime = cpu is { SystemUsage: > 0, Usage.Total: > 0 and var total } ? TimeSpan.FromTicks((long)(total / NanosecondsPerTick)) : null,
            MachineCpus = cpu?.OnlineCpus is > 0 and var online ? (int)online : cpu?.Usage?.PerCpu is { Count: > 0 } each ? each.Count : null,
            Memory = memory?.Usage is > 0 and var usage ? (long)(usage - Droppable(memory.Stats, usage)) : null,
            MemoryLimit = memory?.Limit is > 0 and <= long.MaxValue and var limit ? (long)limit : null,
        };
    }

    /// <summary>How many processors a container may keep busy: the smallest of its share of time and its set of processors; null when neither is limited.</summary>
    public static double? CpuLimit(HostConfig? config)
    {
        double? share = config?.NanoCpus is > 0 and var nano ? nano / 1e9
            : config?.CpuQuota is > 0 and var quota ? (double)quota / (config.CpuPeriod is > 0 and var period ? period : DefaultPeriod)
            : null;
        double? set = config?.CpusetCpus is { Length: > 0 } cpus ? SizeOf(cpus) : null;
        return share is { } a && set is { } b ? Math.Min(a, b) : share ?? set;
    }

    /// <summary>Copies of files that nobody has used for a while, as the docker command leaves them aside too: by its name in control groups of version 1, else of version 2.</summary>
    private static ulong Droppable(IReadOnlyDictionary<string, ulong>? stats, ulong usage) =>
        stats is not null && (stats.TryGetValue("total_inactive_file", out var bytes) || stats.TryGetValue("inactive_file", out bytes)) && bytes < usage ? bytes : 0;

    /// <summary>How many are in a list like <c>0-2,5</c>; null when it cannot be read.</summary>
    private static int? SizeOf(string list)
    {
        var count = 0;
        foreach (var part in list.Split(','))
        {
            var ends = part.Trim().Split('-');
            if (!int.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first) || !int.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var last) || last < first)
            {
                return null;
            }

            count += last - first + 1;
        }

        return count;
    }
}
