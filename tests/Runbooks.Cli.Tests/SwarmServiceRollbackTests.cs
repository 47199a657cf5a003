using Runbooks.Engine.Journal;
using Runbooks.Testing;

namespace Runbooks.Cli.Tests;

/// <summary>A service of a real swarm is rolled back, and what the swarm says of its tasks is what counts.</summary>
[Collection(SwarmEngine.Tests)]
public sealed class SwarmServiceRollbackTests(SwarmEngine engine)
{
    private const string Good = "runbooks-test/app:good";
    private const string Bad = "runbooks-test/app:bad";
    private const string Unstartable = "runbooks-test/app:unstartable";

    [Fact]
    public async Task The_release_before_runs_and_answers_and_a_second_rollback_which_would_go_forward_is_refused()
    {
        SwarmEngine.SkipWhereItCannotBeStarted();
        using var project = engine.Project();
        var service = await DeployAsync(project, Good, Bad, "--publish", "mode=host,published=8080,target=8080");
        const string Url = "http://127.0.0.1:8080/health";
        Assert.Equal("500", await StatusAsync(project, Url));

        var run = (await ExecAsync(project, service, Bad, Good, $"url={Url}")).Expect(0);

        Assert.Contains($"Roll {service} back from {Bad} to {Good}", run.Out, StringComparison.Ordinal);
        Assert.Equal("200", await StatusAsync(project, Url));
        Assert.Equal($"rollback_completed {Good} {Bad}", await StateAsync(project, service));
        Assert.Equal([Good], await RunningAsync(project, service));
        project.Record().IsWhole();

        Assert.Contains($"it has {Good}", (await ExecAsync(project, service, Bad, Good)).Expect(3).Said, StringComparison.Ordinal);
        Assert.Equal($"rollback_completed {Good} {Bad}", await StateAsync(project, service));
    }

    [Fact]
    public async Task A_rollback_that_pauses_because_the_tasks_before_fail_too_is_failed_and_can_be_taken_back()
    {
        SwarmEngine.SkipWhereItCannotBeStarted();
        using var project = engine.Project();
        // In the delay it pauses; without one it may have begun with the second task.
        var service = await DeployAsync(project, Unstartable, Bad, "--replicas", "2", "--rollback-delay", "3s");
        while ((await RunningAsync(project, service)).Length < 2)
        {
            await Task.Delay(50, project.Cancellation);
        }

        var run = (await ExecAsync(project, service, Bad, Unstartable)).Expect(1);

        Assert.Contains("rollback paused", run.Said, StringComparison.Ordinal);
        Assert.Equal(Conclusion.Failed, project.Record().IsWhole().State.Ended?.Conclusion);
        Assert.Equal($"rollback_paused {Unstartable} {Bad}", await StateAsync(project, service));
        // The swarm has replaced one task, and left the other alone.
        Assert.Equal([Bad], await RunningAsync(project, service));

        (await project.RunAsync("undo", project.Record().Id)).Expect(0);

        Assert.Equal($"rollback_completed {Bad} {Unstartable}", await StateAsync(project, service));
        Assert.Equal([Bad, Bad], await RunningAsync(project, service));
    }

    [Fact]
    public async Task An_update_that_the_swarm_has_paused_can_be_rolled_back()
    {
        SwarmEngine.SkipWhereItCannotBeStarted();
        using var project = engine.Project();
        var service = await DeployAsync(project, Good, Unstartable, "--replicas", "2", "--update-failure-action", "pause");
        await ComesToAsync(project, service, "paused");

        (await ExecAsync(project, service, Unstartable, Good)).Expect(0);

        Assert.Equal($"rollback_completed {Good} {Unstartable}", await StateAsync(project, service));
        Assert.Equal([Good, Good], await RunningAsync(project, service));
    }

    [Fact]
    public async Task A_service_that_is_not_well_after_it_is_no_success()
    {
        SwarmEngine.SkipWhereItCannotBeStarted();
        using var project = engine.Project();
        var service = await DeployAsync(project, Bad, Good, "--publish", "mode=host,published=8081,target=8080");

        var run = (await ExecAsync(project, service, Good, Bad, "url=http://127.0.0.1:8081/health", "patience=2s")).Expect(1);

        Assert.Contains("the service answers 200", run.Said, StringComparison.Ordinal);
        Assert.Equal($"rollback_completed {Bad} {Good}", await StateAsync(project, service));
    }

    [Fact]
    public async Task What_cannot_be_rolled_back_is_refused_and_left_alone()
    {
        SwarmEngine.SkipWhereItCannotBeStarted();
        using var project = engine.Project();
        var service = $"s{Guid.NewGuid():N}"[..12];
        (await CreateAsync(project, service, Good)).Expect(0);

        Assert.Contains("remembers no specification before", (await ExecAsync(project, service, Good, Bad)).Expect(3).Said, StringComparison.Ordinal);
        Assert.Contains("no such service", (await ExecAsync(project, "nothing", Good, Bad)).Expect(3).Said, StringComparison.Ordinal);

        (await UpdateAsync(project, service, "--env-add", "NEW=1")).Expect(0);
        Assert.Contains("would not change its image", (await ExecAsync(project, service, Good, Good)).Expect(3).Said, StringComparison.Ordinal);

        (await UpdateAsync(project, service, "--image", Bad)).Expect(0);
        Assert.Contains($"would be rolled back to {Good}", (await ExecAsync(project, service, Bad, Unstartable)).Expect(3).Said, StringComparison.Ordinal);
        Assert.Contains("1 node is ready", (await ExecAsync(project, service, Bad, Good, "nodes=2")).Expect(3).Said, StringComparison.Ordinal);

        (await UpdateAsync(project, service, "--detach", "--update-monitor", "10m", "--image", Good)).Expect(0);
        // The swarm takes it up when it comes to it.
        while (await StateAsync(project, service) != $"updating {Good} {Bad}")
        {
            await Task.Delay(50, project.Cancellation);
        }

        Assert.Contains("its last update is updating", (await ExecAsync(project, service, Good, Bad)).Expect(3).Said, StringComparison.Ordinal);
        Assert.Equal($"updating {Good} {Bad}", await StateAsync(project, service));
    }

    [Fact]
    public async Task An_engine_that_manages_no_swarm_cannot_say_and_the_run_is_refused()
    {
        SwarmEngine.SkipWhereItCannotBeStarted();
        using var project = engine.Project().Set("DOCKER_HOST", Environment.GetEnvironmentVariable("RUNBOOKS_TEST_DOCKER_HOST"));

        var run = await ExecAsync(project, "shop", Bad, Good);

        Assert.Contains("not a swarm manager", run.Expect(3).Said, StringComparison.Ordinal);
    }

    /// <summary>A service with one image, updated to another; whatever comes of that.</summary>
    private static async Task<string> DeployAsync(Project project, string first, string second, params string[] options)
    {
        var service = $"s{Guid.NewGuid():N}"[..12];
        (await CreateAsync(project, service, first, ["--update-failure-action", "continue", .. options])).Expect(0);
        await UpdateAsync(project, service, "--image", second);
        return service;
    }

    private static Task<Finished> CreateAsync(Project project, string service, string image, params string[] options) => project.ProgramAsync(
        "docker",
        [
            "service", "create", "--quiet", image == Unstartable ? "--detach" : "--detach=false", "--name", service, "--restart-delay", "200ms", "--stop-grace-period", "1s",
            "--update-monitor", "300ms", "--rollback-monitor", "300ms", .. options, image,
        ]);

    private static Task<Finished> UpdateAsync(Project project, string service, params string[] options) => project.ProgramAsync("docker", ["service", "update", "--quiet", .. options, service]);

    private static async Task ComesToAsync(Project project, string service, string update)
    {
        while (!(await StateAsync(project, service)).StartsWith(update, StringComparison.Ordinal))
        {
            await Task.Delay(50, project.Cancellation);
        }
    }

    /// <summary>What the update came to, the image, and the one before.</summary>
    private static async Task<string> StateAsync(Project project, string service) =>
        (await project.ProgramAsync("docker", "service", "inspect", "--format", "{{with .UpdateStatus}}{{.State}}{{end}} {{.Spec.TaskTemplate.ContainerSpec.Image}} {{.PreviousSpec.TaskTemplate.ContainerSpec.Image}}", service)).Expect(0).Out.Trim();

    /// <summary>The images of the containers that really run.</summary>
    private static async Task<string[]> RunningAsync(Project project, string service) =>
        (await project.ProgramAsync("docker", "ps", "--filter", $"label=com.docker.swarm.service.name={service}", "--filter", "status=running", "--format", "{{.Image}}")).Expect(0).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>What the service answers, once it does.</summary>
    private async Task<string> StatusAsync(Project project, string url)
    {
        while (true)
        {
            if (await engine.InsideAsync(project, "curl", "--silent", "--output", "/dev/null", "--write-out", "%{http_code}", url) is { Exit: 0, Out: var status })
            {
                return status;
            }

            await Task.Delay(50, project.Cancellation);
        }
    }

    private Task<Finished> ExecAsync(Project project, string service, string from, string to, params string[] values) => engine.InsideAsync(
        project,
        Project.Binary,
        [
            "exec", Repository.PathOf("playbooks", "swarm-service-rollback.yml"), "--var", $"service={service}", "--var", $"from={from}", "--var", $"to={to}", "--var", "settle=500ms",
            .. values.SelectMany(v => (string[])["--var", v]),
        ]);
}
