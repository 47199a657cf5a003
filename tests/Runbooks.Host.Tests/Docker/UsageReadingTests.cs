using Runbooks.Host.Docker;

namespace Runbooks.Host.Tests.Docker;

/// <summary>What engines of several ages and kinds write, which cannot all run here.</summary>
public sealed class UsageReadingTests
{
    private const string Read = "2026-01-02T03:04:05.123456789Z";

    [Fact]
    public void Control_groups_of_version_1_and_2_name_what_can_be_dropped_differently()
    {
        Assert.Equal(700, Usage(memory: new MemoryStats { Usage = 1000, Limit = 5000, Stats = new Dictionary<string, ulong> { ["total_inactive_file"] = 300, ["inactive_file"] = 1 } })?.Memory);
        Assert.Equal(800, Usage(memory: new MemoryStats { Usage = 1000, Limit = 5000, Stats = new Dictionary<string, ulong> { ["inactive_file"] = 200 } })?.Memory);
        Assert.Equal(1000, Usage(memory: new MemoryStats { Usage = 1000, Limit = 5000, Stats = new Dictionary<string, ulong> { ["inactive_file"] = 2000 } })?.Memory);
        Assert.Equal(1000, Usage(memory: new MemoryStats { Usage = 1000, Limit = 5000 })?.Memory);
    }

    [Fact]
    public void Without_the_control_group_there_are_no_numbers()
    {
        foreach (var none in (MemoryStats?[])[null, new MemoryStats(), new MemoryStats { Usage = 0, Limit = 0 }])
        {
            Assert.Equal((null, null), (Usage(memory: none)?.Memory, Usage(memory: none)?.MemoryLimit));
        }

        Assert.Null(Usage(memory: new MemoryStats { Usage = 1, Limit = ulong.MaxValue })?.MemoryLimit);
    }

    [Fact]
    public void Processor_time_is_read_in_nanoseconds_and_only_from_linux()
    {
        var linux = new CpuStats { Usage = new CpuUsage { Total = 1_500_000_000 }, SystemUsage = 9, OnlineCpus = 4 };
        Assert.Equal((TimeSpan.FromSeconds(1.5), 4), (Usage(linux)?.CpuTime, Usage(linux)?.MachineCpus));

        Assert.Null(Usage(new CpuStats { Usage = new CpuUsage { Total = 1_500_000_000 } })?.CpuTime);
        Assert.Null(Usage(new CpuStats { Usage = new CpuUsage(), SystemUsage = 9, OnlineCpus = 4 })?.CpuTime);
        Assert.Equal((null, null), (Usage(null)?.CpuTime, Usage(null)?.MachineCpus));
    }

    [Fact]
    public void An_engine_that_does_not_count_processors_lists_them() =>
        Assert.Equal(3, Usage(new CpuStats { Usage = new CpuUsage { Total = 6, PerCpu = [1, 2, 3] }, SystemUsage = 9 })?.MachineCpus);

    [Fact]
    public void A_sample_without_a_time_is_none()
    {
        Assert.Null(UsageReading.Of(null));
        Assert.Null(UsageReading.Of(new StatsAnswer { Cpu = new CpuStats(), Memory = new MemoryStats() }));
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero).AddTicks(1234568), Usage()?.At);
    }

    [Fact]
    public void The_smallest_limit_of_processors_counts()
    {
        Assert.Null(UsageReading.CpuLimit(null));
        Assert.Null(UsageReading.CpuLimit(new HostConfig()));
        Assert.Equal(1.5, UsageReading.CpuLimit(new HostConfig { NanoCpus = 1_500_000_000 }));
        Assert.Equal(0.25, UsageReading.CpuLimit(new HostConfig { CpuQuota = 25_000 }));
        Assert.Equal(0.5, UsageReading.CpuLimit(new HostConfig { CpuQuota = 25_000, CpuPeriod = 50_000 }));
        Assert.Null(UsageReading.CpuLimit(new HostConfig { CpuQuota = -1, CpusetCpus = "" }));
        Assert.Equal(4, UsageReading.CpuLimit(new HostConfig { CpusetCpus = "0-2,5" }));
        Assert.Equal(1, UsageReading.CpuLimit(new HostConfig { CpusetCpus = "3", NanoCpus = 2_000_000_000 }));
        Assert.Equal(0.5, UsageReading.CpuLimit(new HostConfig { CpusetCpus = "0-3", NanoCpus = 500_000_000 }));
        Assert.Null(UsageReading.CpuLimit(new HostConfig { CpusetCpus = "all" }));
    }

    private static Engine.Ports.ContainerUsage? Usage(CpuStats? cpu = null, MemoryStats? memory = null) => UsageReading.Of(new StatsAnswer { Read = Read, Cpu = cpu, Memory = memory });
}
