using System.Globalization;
using Runbooks.Builtin.Phrasing;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Ports;

namespace Runbooks.Builtin.Checks.Resources;

/// <summary>What one container uses, and whether it may.</summary>
/// <param name="Text">In one line: "shop-app-1: CPU 12% of 2 CPUs, memory 48 MiB of 512 MiB (9.4%)", or why it cannot be told.</param>
internal sealed record ResourceReading(VerdictKind Kind, string Text)
{
    /// <param name="samples">Null when none were taken.</param>
    /// <param name="written">Bytes that it wrote; null when nobody asked, or the engine does not know.</param>
    public static ResourceReading Of(ResourcesCheck question, ContainerState container, (ContainerUsage First, ContainerUsage Second)? samples, long? written)
    {
        var readings = new List<ResourceReading>();
        if (question.Cpu is { } cpu && samples is { } of)
        {
            readings.Add(CpuOf(cpu, container, of.First, of.Second));
        }

        if (question.Memory is { } memory && samples is { } twice)
        {
            readings.Add(MemoryOf(memory, container, twice.First, twice.Second));
        }

        if (question.Disk is { } disk)
        {
            readings.Add(written is { } bytes
                ? Compared(bytes <= disk.Amount, $"disk {ByteSizes.Format(bytes)} written")
                : new ResourceReading(VerdictKind.Unknown, "the engine does not say what it wrote: its storage driver may not count that; see 'docker ps --size'"));
        }

        var kind = readings.Exists(r => r.Kind == VerdictKind.DoesNotHold) ? VerdictKind.DoesNotHold
            : readings.Exists(r => r.Kind == VerdictKind.Unknown) ? VerdictKind.Unknown
            : VerdictKind.Holds;
        return new ResourceReading(kind, $"{container.Name}: {string.Join(", ", readings.Select(r => r.Text))}");
    }

    private static ResourceReading CpuOf(ResourceLimit limit, ContainerState container, ContainerUsage first, ContainerUsage second)
    {
        if (first.CpuTime is not { } before || second.CpuTime is not { } after)
        {
            return new ResourceReading(VerdictKind.Unknown, "the engine gives no numbers of its CPU time: is it Linux, with the control group 'cpu'? See 'docker info'");
        }

        var elapsed = second.At - first.At;
        if (elapsed <= TimeSpan.Zero || after < before)
        {
            return new ResourceReading(VerdictKind.Unknown, "the engine gave no newer sample of its CPU time: give it more time with 'sample'");
        }

        var busy = (after - before) / elapsed;
        // A limit above what the machine has limits nothing.
        var isOwn = container.CpuLimit is { } own && !(own > second.MachineCpus);
        if ((isOwn ? container.CpuLimit : second.MachineCpus) is not { } cpus)
        {
            return limit.IsShare
                ? new ResourceReading(VerdictKind.Unknown, "the engine does not say how many CPUs there are, so no share can be told: give 'max_cpu' as a number of CPUs")
                : Compared(busy <= limit.Amount, $"CPU {Shown(busy)}");
        }

        return Compared((limit.IsShare ? busy / cpus : busy) <= limit.Amount, $"CPU {Percent(busy / cpus)} ({Shown(busy)} of the {Shown(cpus)} that {Whose(isOwn)})");
    }

    private static ResourceReading MemoryOf(ResourceLimit limit, ContainerState container, ContainerUsage first, ContainerUsage second)
    {
        if (first.Memory is not { } before || second.Memory is not { } after)
        {
            return new ResourceReading(VerdictKind.Unknown, "the engine gives no numbers of its memory: is the control group 'memory' switched on (cgroup_enable=memory)? See 'docker info'");
        }

        var most = Math.Max(before, after);
        var isOwn = container.MemoryLimit is { } own && !(own > second.MemoryLimit);
        if ((isOwn ? container.MemoryLimit : second.MemoryLimit) is not { } allowed)
        {
            return limit.IsShare
                ? new ResourceReading(VerdictKind.Unknown, "the engine does not say how much memory there is, so no share can be told: give 'max_memory' as a size")
                : Compared(most <= limit.Amount, $"memory {ByteSizes.Format(most)}");
        }

        var share = (double)most / allowed;
        return Compared((limit.IsShare ? share : most) <= limit.Amount, $"memory {Percent(share)} ({ByteSizes.Format(most)} of the {ByteSizes.Format(allowed)} that {Whose(isOwn)})");
    }

    private static string Whose(bool isOwn) => isOwn ? "it may use" : "the machine has";

    private static ResourceReading Compared(bool holds, string text) => new(holds ? VerdictKind.Holds : VerdictKind.DoesNotHold, text);

    private static string Percent(double share) => $"{Shown(share * 100)}%";

    private static string Shown(double number) => number.ToString("0.##", CultureInfo.InvariantCulture);
}
