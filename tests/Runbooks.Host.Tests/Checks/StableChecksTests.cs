using System.Collections.Immutable;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Ports;
using Runbooks.Host.Docker;
using Runbooks.Host.Tests.Docker;
using Runbooks.Testing;

namespace Runbooks.Host.Tests.Checks;

/// <summary>The check <c>stable</c>, asked of a real engine about containers that go on and that do not.</summary>
public sealed class StableChecksTests
{
    /// <summary>Its health check needs 2 times (200ms and 500ms) to fail.</summary>
    private static readonly string[] Probed = ["--health-cmd", "test ! -e /ill", "--health-interval", "200ms", "--health-timeout", "500ms", "--health-retries", "2"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Containers_that_go_on_are_stable()
    {
        await using var engine = await TestEngine.OpenAsync();
        var checks = new RealCheck(engine.Docker);
        await engine.RunAsync("sleep 300", engine.OfService("app"));
        var probed = await engine.RunAsync("sleep 300", [.. engine.OfService("app"), .. Probed]);
        await HealthyAsync(checks, probed);

        await checks.HoldsAsync($"stable: {{ service: app, project: {engine.Unique}, samples: 3, every: 100ms }}");
        var verdict = await checks.AskAsync($"stable: {{ container: {probed}, samples: 2, every: 100ms }}");
        Assert.Equal(VerdictKind.Holds, verdict.Kind);
        Assert.Contains(" in 1s: the same container, running, healthy", verdict.Observed);
    }

    /// <summary>It is up for 2s each time: both samples, 100ms apart, are taken while it is.</summary>
    [Fact]
    public async Task A_crash_loop_is_never_stable_although_it_is_up_in_each_sample()
    {
        await using var engine = await TestEngine.OpenAsync();
        var name = await engine.RunAsync("sleep 2; exit 1", "--restart", "always");
        await Poll.UntilAsync(async () => await engine.CommandAsync("inspect", "--format", "{{.RestartCount}} {{.State.Status}}", name) == "1 running", Cancel);

        var verdict = await new RealCheck(engine.Docker).DoesNotHoldAsync($"stable: {{ container: {name}, samples: 2, every: 100ms }}");
        Assert.Matches($"^{name} (is restarting after exit code 1|was restarted [1-9] times? by the engine)", verdict.Observed);

        Assert.NotEqual(VerdictKind.Holds, (await new RealCheck(engine.Docker).AskAsync($"stable: {{ container: {name}, samples: 2, every: 100ms, at_most: 1s }}")).Kind);
    }

    [Fact]
    public async Task A_container_that_has_outlasted_its_crashes_is_stable()
    {
        await using var engine = await TestEngine.OpenAsync();
        var name = await engine.RunAsync("test -e /was-here && sleep 300; touch /was-here; exit 1", "--restart", "always");
        await Poll.UntilAsync(async () => await engine.CommandAsync("inspect", "--format", "{{.RestartCount}} {{.State.Status}}", name) == "1 running", Cancel);

        await new RealCheck(engine.Docker).HoldsAsync($"stable: {{ container: {name}, samples: 2, every: 100ms, at_most: 1m }}");
    }

    [Fact]
    public async Task While_a_start_period_goes_on_nothing_is_judged()
    {
        await using var engine = await TestEngine.OpenAsync();
        var checks = new RealCheck(engine.Docker);
        var name = await engine.RunAsync("sleep 300", "--health-cmd", "test -e /well", "--health-start-period", "3s", "--health-interval", "200ms", "--health-timeout", "500ms", "--health-retries", "2");

        var verdict = await checks.IsUnknownAsync($"stable: {{ container: {name}, samples: 2, every: 100ms, at_most: 1s }}");
        Assert.StartsWith($"{name} is running, its health not yet known", verdict.Observed);

        var watched = new AfterTheFirstSample(engine.Docker, () => engine.CommandAsync("exec", name, "touch", "/well"));
        await new RealCheck(watched).HoldsAsync($"stable: {{ container: {name}, samples: 2, every: 100ms }}");
    }

    [Fact]
    public async Task A_start_period_after_which_it_is_unhealthy_does_not_hold()
    {
        await using var engine = await TestEngine.OpenAsync();
        var name = await engine.RunAsync("sleep 300", "--health-cmd", "false", "--health-start-period", "1s", "--health-interval", "200ms", "--health-timeout", "500ms", "--health-retries", "2");

        var verdict = await new RealCheck(engine.Docker).DoesNotHoldAsync($"stable: {{ container: {name}, samples: 2, every: 100ms }}");
        Assert.StartsWith($"{name} is running, unhealthy", verdict.Observed);
    }

    [Fact]
    public async Task An_engine_that_is_paused_in_the_middle_is_unknown()
    {
        await using var engine = await TestEngine.OpenAsync();
        var name = await engine.RunAsync("sleep 300");
        using var relay = new EngineRelay(engine.Address);
        using var docker = new HostDocker(TimeProvider.System, relay.Address) { Patience = TimeSpan.FromSeconds(2) };
        var watched = new AfterTheFirstSample(docker, () =>
        {
            relay.Pause();
            return Task.CompletedTask;
        });

        var verdict = await new RealCheck(watched).IsUnknownAsync($"stable: {{ container: {name}, samples: 2, every: 100ms }}");
        Assert.Matches("^[0-9]s after the first of 1 good sample, the Docker Engine at .* does not answer within 2s", verdict.Observed);
    }

    [Theory]
    [InlineData("was started anew", "restart", "--time", "0")]
    [InlineData("is exited with code 137", "kill")]
    [InlineData("is paused", "pause")]
    [InlineData("is gone", "rm", "--force")]
    public async Task What_happens_after_the_first_sample_is_found(string seen, params string[] command)
    {
        await using var engine = await TestEngine.OpenAsync();
        var name = await engine.RunAsync("sleep 300");
        var watched = new AfterTheFirstSample(engine.Docker, () => engine.CommandAsync([.. command, name]));

        var verdict = await new RealCheck(watched).DoesNotHoldAsync($"stable: {{ container: {name}, samples: 2, every: 100ms }}");
        Assert.StartsWith($"{name} {seen}", verdict.Observed);
    }

    [Fact]
    public async Task A_container_that_falls_ill_is_found_although_its_health_check_tells_of_it_late()
    {
        await using var engine = await TestEngine.OpenAsync();
        var name = await engine.RunAsync("sleep 300", Probed);
        await HealthyAsync(new RealCheck(engine.Docker), name);
        var watched = new AfterTheFirstSample(engine.Docker, () => engine.CommandAsync("exec", name, "touch", "/ill"));

        var verdict = await new RealCheck(watched).DoesNotHoldAsync($"stable: {{ container: {name}, samples: 2, every: 100ms }}");
        Assert.StartsWith($"{name} is running, unhealthy", verdict.Observed);
    }

    [Fact]
    public async Task Where_it_cannot_be_told_it_is_unknown()
    {
        await using var engine = await TestEngine.OpenAsync();
        var name = await engine.RunAsync("sleep 300", "--health-cmd", "true", "--health-interval", "300ms", "--health-timeout", "40s");
        await HealthyAsync(new RealCheck(engine.Docker), name);

        Assert.Contains("needs 2m900ms to fail", (await new RealCheck(engine.Docker).IsUnknownAsync($"stable: {{ container: {name}, at_most: 1m }}")).Observed);
        Assert.Contains("/nowhere/docker.sock", (await new RealCheck().IsUnknownAsync($"stable: {{ container: {name} }}")).Observed);
    }

    private static Task HealthyAsync(RealCheck checks, string name) =>
        Poll.UntilAsync(async () => (await checks.AskAsync($"container: {{ name: {name}, state: healthy }}")).Kind == VerdictKind.Holds, Cancel);

    /// <summary>The engine, to which something is done when it has told of its containers once.</summary>
    private sealed class AfterTheFirstSample(IDocker docker, Func<Task> then) : IDocker
    {
        private bool _isDone;

        public Task<DockerAnswer<string>> VersionAsync(CancellationToken cancel) => docker.VersionAsync(cancel);

        public Task<DockerAnswer<EngineState>> EngineAsync(CancellationToken cancel) => docker.EngineAsync(cancel);

        public Task<DockerAnswer<ImmutableArray<EngineEvent>>> EventsAsync(string? project, DateTimeOffset since, DateTimeOffset until, CancellationToken cancel) => docker.EventsAsync(project, since, until, cancel);

        public async Task<DockerAnswer<ImmutableArray<ContainerState>>> ContainersAsync(ContainerFilter filter, CancellationToken cancel)
        {
            var containers = await docker.ContainersAsync(filter, cancel);
            await (_isDone ? Task.CompletedTask : then());
            _isDone = true;
            return containers;
        }

        public Task<DockerAnswer<ImageState?>> ImageAsync(string reference, CancellationToken cancel) => docker.ImageAsync(reference, cancel);

        public Task<DockerAnswer<RegistryAnswer>> RegistryAsync(string reference, CancellationToken cancel) => docker.RegistryAsync(reference, cancel);

        public Task<DockerAnswer<long>> LogsAsync(string containerId, DateTimeOffset? since, Func<string, bool> line, CancellationToken cancel) => docker.LogsAsync(containerId, since, line, cancel);

        public Task<DockerAnswer<long>> TimedLogsAsync(string containerId, DateTimeOffset? since, Func<DateTimeOffset?, string, bool> line, CancellationToken cancel) => docker.TimedLogsAsync(containerId, since, line, cancel);

        public Task<DockerAnswer<ContainerUsage?>> UsageAsync(string containerId, CancellationToken cancel) => docker.UsageAsync(containerId, cancel);

        public Task<DockerAnswer<SwarmServiceState?>> SwarmServiceAsync(string service, CancellationToken cancel) => docker.SwarmServiceAsync(service, cancel);

        public Task<DockerAnswer<long?>> WrittenAsync(string containerId, CancellationToken cancel) => docker.WrittenAsync(containerId, cancel);

        public Task<DockerAnswer<bool?>> HasPathAsync(string containerId, string path, CancellationToken cancel) => docker.HasPathAsync(containerId, path, cancel);
    }
}
