using System.Collections.Immutable;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Ports;
using Runbooks.Host.Tests.Docker;

namespace Runbooks.Host.Tests.Checks;

/// <summary>The check <c>resources</c>, asked of a real engine about containers that work and that rest.</summary>
public sealed class ResourcesChecksTests
{
    /// <summary>Keeps one processor busy.</summary>
    private const string Burn = "while :; do :; done";

    /// <summary>Holds 40 MiB in shared memory, which is not a copy of a file that could be dropped.</summary>
    private const string Hold = "head -c 41943040 /dev/zero > /dev/shm/held; echo held; sleep 300";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_container_that_burns_its_processors_is_told_from_one_that_rests()
    {
        await using var engine = await TestEngine.OpenAsync();
        var checks = new RealCheck(engine.Docker);
        var (busy, idle) = (await engine.RunAsync(Burn, "--cpus", "0.2"), await engine.RunAsync("sleep 300", "--cpus", "0.2"));

        await Poll.UntilAsync(async () => (await checks.AskAsync($"resources: {{ container: {idle}, max_cpu: 10%, sample: 200ms }}")).Kind == VerdictKind.Holds, Cancel);
        var verdict = await checks.DoesNotHoldAsync($"resources: {{ container: {busy}, max_cpu: 50% }}");
        Assert.EndsWith("of the 0.2 that it may use)", verdict.Observed);
        await checks.DoesNotHoldAsync($"resources: {{ container: {busy}, max_cpu: 0.05 }}");

        // It is held to a fifth of one.
        await checks.HoldsAsync($"resources: {{ container: {busy}, max_cpu: 0.33, sample: 2s }}");
    }

    [Fact]
    public async Task A_container_that_fills_its_memory_is_told_from_one_that_does_not()
    {
        await using var engine = await TestEngine.OpenAsync();
        var checks = new RealCheck(engine.Docker);
        string[] options = [.. engine.OfService("app"), "--memory", "64m"];
        var (full, empty) = (await engine.RunAsync(Hold, [.. options, "--shm-size", "50m"]), await engine.RunAsync("sleep 300", "--memory", "64m"));
        await Poll.UntilAsync(async () => await engine.CommandAsync("logs", full) == "held", Cancel);

        var verdict = await checks.DoesNotHoldAsync($"resources: {{ service: app, project: {engine.Unique}, max_memory: 50%, sample: 100ms }}");
        Assert.EndsWith("MiB of the 64 MiB that it may use)", verdict.Observed);
        await checks.DoesNotHoldAsync($"resources: {{ container: {full}, max_memory: 40MB, sample: 100ms }}");
        await checks.HoldsAsync($"resources: {{ container: {full}, max_memory: 90%, sample: 100ms }}");
        await checks.HoldsAsync($"resources: {{ container: {empty}, max_memory: 50%, sample: 100ms }}");
    }

    [Fact]
    public async Task Without_limits_the_machine_is_the_limit()
    {
        await using var engine = await TestEngine.OpenAsync();
        var name = await engine.RunAsync("sleep 300");

        var verdict = await new RealCheck(engine.Docker).AskAsync($"resources: {{ container: {name}, max_cpu: 100%, max_memory: 100% }}");
        Assert.Equal(VerdictKind.Holds, verdict.Kind);
        Assert.Equal(2, verdict.Observed.Split("that the machine has").Length - 1);
        Assert.Contains($"of the {Environment.ProcessorCount} that", verdict.Observed);
    }

    [Fact]
    public async Task What_a_container_writes_outside_of_its_volumes_is_counted()
    {
        await using var engine = await TestEngine.OpenAsync();
        var checks = new RealCheck(engine.Docker);
        var name = await engine.RunAsync("head -c 3000000 /dev/zero > /volume/much; head -c 1000000 /dev/zero > /log; echo written; sleep 300", "--volume", "/volume");
        await Poll.UntilAsync(async () => await engine.CommandAsync("logs", name) == "written", Cancel);

        await checks.HoldsAsync($"resources: {{ container: {name}, max_disk: 2MB }}");
        await checks.DoesNotHoldAsync($"resources: {{ container: {name}, max_disk: 900KB }}");
    }

    [Fact]
    public async Task What_does_not_run_is_unknown_and_never_within_its_limits()
    {
        await using var engine = await TestEngine.OpenAsync();
        var checks = new RealCheck(engine.Docker);
        var (ended, paused, crashing, created) = (await engine.RunAsync("exit 3"), await engine.RunAsync("sleep 300"), await engine.RunAsync("exit 7", "--restart", "always"), await engine.CreateAsync());
        await engine.WaitAsync(ended);
        await engine.CommandAsync("pause", paused);
        // By then the engine waits for seconds before it tries again.
        await Poll.UntilAsync(async () => (await engine.Docker.ContainersAsync(new ContainerFilter { Name = crashing }, Cancel)).Value[0] is { Status: "restarting", RestartCount: > 4 }, Cancel);

        Assert.Contains("is restarting after exit code 7", (await checks.IsUnknownAsync($"resources: {{ container: {crashing}, max_cpu: 100% }}")).Observed);
        Assert.Contains("is exited with code 3, and only a container that runs", (await checks.IsUnknownAsync($"resources: {{ container: {ended}, max_cpu: 100% }}")).Observed);
        Assert.Contains("is paused", (await checks.IsUnknownAsync($"resources: {{ container: {paused}, max_memory: 100% }}")).Observed);
        Assert.Contains("is created", (await checks.IsUnknownAsync($"resources: {{ container: {created}, max_disk: 1GB }}")).Observed);
        Assert.Contains("there is no container", (await checks.IsUnknownAsync("resources: { container: rbt-nothing, max_cpu: 100% }")).Observed);
    }

    [Fact]
    public async Task A_restart_between_the_samples_is_unknown()
    {
        await using var engine = await TestEngine.OpenAsync();
        var name = await engine.RunAsync("sleep 300");
        var restarting = new AfterTheFirstSample(engine.Docker, () => engine.CommandAsync("restart", "--time", "0", name));

        var verdict = await new RealCheck(restarting).IsUnknownAsync($"resources: {{ container: {name}, max_cpu: 100%, sample: 100ms }}");
        Assert.Contains("was started anew while it was measured", verdict.Observed);
    }

    /// <summary>The engine, to which something is done when it has given its first sample.</summary>
    private sealed class AfterTheFirstSample(IDocker docker, Func<Task> then) : IDocker
    {
        private bool _isDone;

        public Task<DockerAnswer<string>> VersionAsync(CancellationToken cancel) => docker.VersionAsync(cancel);

        public Task<DockerAnswer<EngineState>> EngineAsync(CancellationToken cancel) => docker.EngineAsync(cancel);

        public Task<DockerAnswer<ImmutableArray<EngineEvent>>> EventsAsync(string? project, DateTimeOffset since, DateTimeOffset until, CancellationToken cancel) => docker.EventsAsync(project, since, until, cancel);

        public Task<DockerAnswer<ImmutableArray<ContainerState>>> ContainersAsync(ContainerFilter filter, CancellationToken cancel) => docker.ContainersAsync(filter, cancel);

        public Task<DockerAnswer<ImageState?>> ImageAsync(string reference, CancellationToken cancel) => docker.ImageAsync(reference, cancel);

        public Task<DockerAnswer<RegistryAnswer>> RegistryAsync(string reference, CancellationToken cancel) => docker.RegistryAsync(reference, cancel);

        public Task<DockerAnswer<long>> LogsAsync(string containerId, DateTimeOffset? since, Func<string, bool> line, CancellationToken cancel) => docker.LogsAsync(containerId, since, line, cancel);

        public Task<DockerAnswer<long>> TimedLogsAsync(string containerId, DateTimeOffset? since, Func<DateTimeOffset?, string, bool> line, CancellationToken cancel) => docker.TimedLogsAsync(containerId, since, line, cancel);

        public Task<DockerAnswer<long?>> WrittenAsync(string containerId, CancellationToken cancel) => docker.WrittenAsync(containerId, cancel);

        public Task<DockerAnswer<bool?>> HasPathAsync(string containerId, string path, CancellationToken cancel) => docker.HasPathAsync(containerId, path, cancel);

        public Task<DockerAnswer<SwarmServiceState?>> SwarmServiceAsync(string service, CancellationToken cancel) => docker.SwarmServiceAsync(service, cancel);

        public async Task<DockerAnswer<ContainerUsage?>> UsageAsync(string containerId, CancellationToken cancel)
        {
            var usage = await docker.UsageAsync(containerId, cancel);
            await (_isDone ? Task.CompletedTask : then());
            _isDone = true;
            return usage;
        }
    }
}
