using Runbooks.Engine.Ports;
using Xunit;

namespace Runbooks.Testing.Contracts;

/// <summary>What every implementation of <see cref="IDocker"/> says of health checks. The real adapter and the fake both inherit it.</summary>
public abstract class DockerHealthContract
{
    /// <summary>
    /// An engine with four containers that run: one whose health is probed every 2s after a start period of 5s, each probe taking at most 3s, 4 of which may fail; one with a probe
    /// of which nothing else is said; one without a health check; and one whose health check is switched off.
    /// </summary>
    protected abstract Task<IDocker> OpenAsync();

    /// <summary>Names of the four.</summary>
    protected abstract (string Set, string Usual, string Without, string Off) Names { get; }

    [Fact]
    public async Task Health_checks_are_told_with_their_times()
    {
        var docker = await OpenAsync();

        var set = await TimesAsync(docker, Names.Set);
        Assert.Equal(new HealthTimes(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3), 4), set);
        Assert.Equal(TimeSpan.FromSeconds(25), set?.Window);
    }

    [Fact]
    public async Task What_a_health_check_does_not_say_is_what_the_engine_takes() =>
        Assert.Equal(new HealthTimes(TimeSpan.Zero, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(30), 3), await TimesAsync(await OpenAsync(), Names.Usual));

    [Fact]
    public async Task Without_a_health_check_there_are_no_times()
    {
        var docker = await OpenAsync();

        Assert.Null(await TimesAsync(docker, Names.Without));
        Assert.Null(await TimesAsync(docker, Names.Off));
    }

    [Fact]
    public async Task A_container_was_made_before_it_was_started()
    {
        var answer = await (await OpenAsync()).ContainersAsync(new ContainerFilter { Name = Names.Set }, TestContext.Current.CancellationToken);

        var container = Assert.Single(answer.Value);
        Assert.NotNull(container.CreatedAt);
        Assert.InRange((container.StartedAt - container.CreatedAt) ?? TimeSpan.MaxValue, TimeSpan.Zero, TimeSpan.FromMinutes(1));
    }

    private static async Task<HealthTimes?> TimesAsync(IDocker docker, string name)
    {
        var answer = await docker.ContainersAsync(new ContainerFilter { Name = name }, TestContext.Current.CancellationToken);
        Assert.Null(answer.Problem);
        var container = Assert.Single(answer.Value);
        Assert.Equal(container.HealthTimes is null, container.Health is null);
        return container.HealthTimes;
    }
}
