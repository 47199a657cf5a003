using Runbooks.Engine.Kinds;
using Runbooks.Engine.Ports;
using Runbooks.Host.Tests.Docker;
using Runbooks.Host.Tests.Network;

namespace Runbooks.Host.Tests.Checks;

/// <summary>The checks that ask the Docker Engine, asked of a real one.</summary>
public sealed class DockerChecksTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_container_is_running_then_exited_then_absent()
    {
        await using var engine = await TestEngine.OpenAsync();
        var checks = new RealCheck(engine.Docker);
        var name = await engine.RunAsync("trap 'exit 0' TERM; sleep 300 & wait", engine.OfService("app"));
        var service = $"service: app, project: {engine.Unique}";

        await checks.HoldsAsync($"container: {name}");
        await checks.HoldsAsync($"container: {{ {service}, image: '{TestEngine.Image}', max_restarts: 0 }}");
        await checks.DoesNotHoldAsync($"container: {{ {service}, state: exited }}");

        await engine.CommandAsync("stop", "--time", "5", name);
        await checks.HoldsAsync($"container: {{ {service}, state: exited, exit_code: 0 }}");
        await checks.DoesNotHoldAsync($"container: {{ {service} }}");

        await engine.CommandAsync("rm", name);
        await checks.HoldsAsync($"container: {{ {service}, state: absent }}");
        await checks.DoesNotHoldAsync($"container: {{ {service}, state: exited }}");
    }

    [Fact]
    public async Task A_container_that_crashes_again_and_again_is_found()
    {
        await using var engine = await TestEngine.OpenAsync();
        var checks = new RealCheck(engine.Docker);
        var name = await engine.RunAsync("exit 7", "--restart", "always");
        await Poll.UntilAsync(async () => (await engine.Docker.ContainersAsync(new ContainerFilter { Name = name }, Cancel)).Value[0].RestartCount > 1, Cancel);

        var verdict = await checks.DoesNotHoldAsync($"container: {{ name: {name}, max_restarts: 0 }}");
        Assert.Contains(verdict.Evidence, l => l.Contains("restarted", StringComparison.Ordinal));
        await checks.DoesNotHoldAsync($"container: {{ name: {name}, up_for: 30s }}");
    }

    [Fact]
    public async Task A_container_that_could_not_be_started_says_why()
    {
        await using var engine = await TestEngine.OpenAsync();
        var name = await engine.CreateAsync("--entrypoint", "/no/such/program");
        await engine.TryCommandAsync("start", name);

        var verdict = await new RealCheck(engine.Docker).DoesNotHoldAsync($"container: {name}");
        Assert.Contains(verdict.Evidence, l => l.Contains("the engine says: ", StringComparison.Ordinal) && l.Contains("/no/such/program", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Health_is_what_the_health_check_says()
    {
        await using var engine = await TestEngine.OpenAsync();
        var checks = new RealCheck(engine.Docker);
        var well = await engine.RunAsync("sleep 300", [.. engine.OfService("app"), "--health-cmd", "true", "--health-interval", "100ms"]);
        var ill = await engine.RunAsync("sleep 300", [.. engine.OfService("db"), "--health-cmd", "nonsense", "--health-interval", "100ms", "--health-retries", "1"]);
        var plain = await engine.RunAsync("sleep 300");
        await Poll.UntilAsync(async () => (await checks.AskAsync($"container: {{ name: {well}, state: healthy }}")).Kind == VerdictKind.Holds, Cancel);
        await Poll.UntilAsync(async () => (await checks.AskAsync($"container: {{ name: {ill}, health: unhealthy }}")).Kind == VerdictKind.Holds, Cancel);

        var verdict = await checks.DoesNotHoldAsync($"compose: {engine.Unique}");
        Assert.Equal("db: running, unhealthy (1 of 2 services are as they should be)", verdict.Observed);
        Assert.Contains(verdict.Evidence, l => l.Contains("nonsense", StringComparison.Ordinal));
        await checks.HoldsAsync($"compose: {{ project: {engine.Unique}, services: app }}");
        await checks.IsUnknownAsync($"container: {{ name: {plain}, state: healthy }}");
    }

    [Fact]
    public async Task A_project_is_up_when_each_of_its_services_is()
    {
        await using var engine = await TestEngine.OpenAsync();
        var checks = new RealCheck(engine.Docker);
        await engine.RunAsync("sleep 300", engine.OfService("app"));
        var migrate = await engine.RunAsync("exit 0", engine.OfService("migrate"));
        await engine.WaitAsync(migrate);

        await checks.DoesNotHoldAsync($"compose: {engine.Unique}");
        await checks.HoldsAsync($"compose: {{ project: {engine.Unique}, finished: migrate }}");
        var verdict = await checks.DoesNotHoldAsync($"compose: {{ project: {engine.Unique}, services: [app, db] }}");
        Assert.StartsWith("db: it has no container", verdict.Observed);
    }

    [Fact]
    public async Task An_image_is_here_or_not()
    {
        await using var engine = await TestEngine.OpenAsync();
        var checks = new RealCheck(engine.Docker);
        var id = await engine.CommandAsync("image", "inspect", "--format", "{{.Id}}", TestEngine.Image);

        await checks.HoldsAsync($"image: {TestEngine.Image}");
        await checks.HoldsAsync($"image: {{ ref: '{TestEngine.Image}', id: '{id}' }}");
        await checks.DoesNotHoldAsync($"image: {{ ref: '{TestEngine.Image}', id: 'sha256:{new string('0', 64)}' }}");
        await checks.DoesNotHoldAsync($"image: {{ ref: '{TestEngine.Image}', digest: 'sha256:{new string('0', 64)}' }}");
        await checks.DoesNotHoldAsync("image: runbooks-test/nothing:v0");
    }

    [Fact]
    public async Task Errors_in_logs_are_counted_since_the_start_of_the_run()
    {
        await using var engine = await TestEngine.OpenAsync();
        var name = await engine.RunAsync("echo ERROR early; while ! [ -e /go ]; do sleep 0.05; done; echo INFO all good; echo ERROR late >&2; sleep 300", engine.OfService("app"));
        var service = $"service: app, project: {engine.Unique}";
        await Poll.UntilAsync(async () => (await new RealCheck(engine.Docker).AskAsync($"logs: {{ {service}, since: 10m }}")).Kind == VerdictKind.DoesNotHold, Cancel);
        var checks = new RealCheck(engine.Docker) { RunStarted = DateTimeOffset.UtcNow };

        await checks.HoldsAsync($"logs: {{ {service} }}");
        await engine.CommandAsync("exec", name, "touch", "/go");
        await Poll.UntilAsync(async () => (await checks.AskAsync($"logs: {{ {service}, contains: all good }}")).Kind == VerdictKind.Holds, Cancel);
        await Poll.UntilAsync(async () => (await checks.AskAsync($"logs: {{ {service} }}")).Kind == VerdictKind.DoesNotHold, Cancel);
        Assert.Equal(["ERROR late"], (await checks.DoesNotHoldAsync($"logs: {{ {service} }}")).Evidence);
        await checks.HoldsAsync($"logs: {{ {service}, since: 10m, max_errors: 2 }}");
    }

    [Fact]
    public async Task Many_log_lines_are_counted_and_few_are_kept()
    {
        await using var engine = await TestEngine.OpenAsync();
        var name = await engine.RunAsync("yes 'ERROR of some length, to make it a little more than nothing at all' | head -n 300000");
        await engine.WaitAsync(name);

        var verdict = await new RealCheck(engine.Docker).DoesNotHoldAsync($"logs: {{ container: {name}, since: 10m }}");
        Assert.StartsWith("300000 lines, 300000 errors", verdict.Observed);
        Assert.Equal("and 299990 more", verdict.Evidence[^1]);
    }

    [Fact]
    public async Task A_container_without_logs_is_unknown()
    {
        await using var engine = await TestEngine.OpenAsync();
        var name = await engine.RunAsync("sleep 300", "--log-driver", "none");

        await new RealCheck(engine.Docker).IsUnknownAsync($"logs: {{ container: {name} }}");
    }

    [Fact]
    public async Task A_published_port_is_held_by_its_container()
    {
        await using var engine = await TestEngine.OpenAsync();
        var checks = new RealCheck(engine.Docker);
        var port = LoopbackServer.FreePort();
        var name = await engine.RunAsync("sleep 300", [.. engine.OfService("app"), "--network", "bridge", "--publish", $"127.0.0.1:{port}:80"]);

        Assert.Equal($"held by container {name} (service app of project {engine.Unique})", (await checks.DoesNotHoldAsync($"port: {port}")).Observed);
        await checks.HoldsAsync($"port: {{ number: {port}, or_service: app, project: {engine.Unique} }}");
        await checks.HoldsAsync($"port: {{ number: {port}, or_container: {name} }}");
        await checks.DoesNotHoldAsync($"port: {{ number: {port}, or_service: db, project: {engine.Unique} }}");
        await checks.HoldsAsync($"port: {{ number: {port}, state: listening }}");

        await engine.CommandAsync("stop", "--time", "0", name);
        await checks.HoldsAsync($"port: {port}");
    }

    [Fact]
    public async Task A_port_held_by_a_program_is_not_taken_for_a_container()
    {
        await using var engine = await TestEngine.OpenAsync();
        using var server = new LoopbackServer(answer: null);
        await engine.RunAsync("sleep 300", engine.OfService("app"));

        var verdict = await new RealCheck(engine.Docker).DoesNotHoldAsync($"port: {{ number: {server.Port}, or_service: app, project: {engine.Unique} }}");
        Assert.Contains($"(process {Environment.ProcessId}) on 127.0.0.1", verdict.Observed);
    }

    [Fact]
    public async Task Without_an_engine_every_question_is_unknown()
    {
        var checks = new RealCheck();

        foreach (var check in (string[])["container: a", "container: { name: a, state: absent }", "compose: a", "image: a", "logs: { container: a }"])
        {
            Assert.StartsWith("there is no Docker Engine at unix:///nowhere/docker.sock", (await checks.IsUnknownAsync(check)).Observed);
        }
    }
}
