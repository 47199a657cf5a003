using Runbooks.Engine.Ports;
using Xunit;

namespace Runbooks.Testing.Contracts;

/// <summary>What every implementation of <see cref="IDocker"/> says of what containers use. The real adapter and the fake both inherit it.</summary>
public abstract class DockerUsageContract
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>An engine with one container that runs, may keep half a processor busy and use 64 MiB of memory, and has written 100,000 bytes; and one that has ended.</summary>
    protected abstract Task<IDocker> OpenAsync();

    /// <summary>Names of the two.</summary>
    protected abstract (string Running, string Ended) Names { get; }

    [Fact]
    public async Task A_container_that_runs_has_numbers_that_only_grow()
    {
        var docker = await OpenAsync();
        var id = (await OneAsync(docker, Names.Running)).Id;

        var (first, second) = (await UsageAsync(docker, id), await UsageAsync(docker, id));
        Assert.NotNull(first?.CpuTime);
        Assert.NotNull(second?.CpuTime);
        Assert.True(second.At > first.At, $"{second.At:O} is not after {first.At:O}");
        Assert.True(second.CpuTime >= first.CpuTime && first.CpuTime > TimeSpan.Zero);
        Assert.True(first.MachineCpus > 0);
        Assert.InRange(first.Memory ?? 0, 1, 64 << 20);
        Assert.True(first.MemoryLimit >= 64 << 20);
    }

    [Fact]
    public async Task Limits_are_part_of_the_state()
    {
        var docker = await OpenAsync();

        var (running, ended) = (await OneAsync(docker, Names.Running), await OneAsync(docker, Names.Ended));
        Assert.Equal((0.5, 64 << 20), (running.CpuLimit, running.MemoryLimit));
        Assert.Equal(((double?)null, (long?)null), (ended.CpuLimit, ended.MemoryLimit));
    }

    [Fact]
    public async Task A_container_that_has_ended_uses_nothing_that_could_be_told()
    {
        var docker = await OpenAsync();

        Assert.Null(await UsageAsync(docker, (await OneAsync(docker, Names.Ended)).Id));
    }

    [Fact]
    public async Task A_container_that_is_not_there_is_no_problem_and_has_no_numbers()
    {
        var docker = await OpenAsync();

        Assert.Null(await UsageAsync(docker, "nothing-has-this-name"));
        var written = await docker.WrittenAsync("nothing-has-this-name", Cancel);
        Assert.Equal((null, null), (written.Value, written.Problem));
    }

    [Fact]
    public async Task What_was_written_is_told()
    {
        var docker = await OpenAsync();

        var written = await docker.WrittenAsync((await OneAsync(docker, Names.Running)).Id, Cancel);
        Assert.Null(written.Problem);
        Assert.InRange(written.Value ?? 0, 100_000, 200_000);
    }

    [Fact]
    public async Task What_lies_in_a_container_is_told_whether_it_runs_or_not()
    {
        var docker = await OpenAsync();

        foreach (var name in (string[])[Names.Running, Names.Ended])
        {
            var id = (await OneAsync(docker, name)).Id;
            Assert.Equal(true, (await docker.HasPathAsync(id, "/bin/sh", Cancel)).Value);
            Assert.Equal(false, (await docker.HasPathAsync(id, "/bin/no-such-program", Cancel)).Value);
        }

        var nowhere = await docker.HasPathAsync("nothing-has-this-name", "/bin/sh", Cancel);
        Assert.Equal((null, null), (nowhere.Value, nowhere.Problem));
    }

    private static async Task<ContainerState> OneAsync(IDocker docker, string name)
    {
        var answer = await docker.ContainersAsync(new ContainerFilter { Name = name }, Cancel);
        Assert.Null(answer.Problem);
        return Assert.Single(answer.Value);
    }

    private static async Task<ContainerUsage?> UsageAsync(IDocker docker, string id)
    {
        var answer = await docker.UsageAsync(id, Cancel);
        Assert.Null(answer.Problem);
        return answer.Value;
    }
}
