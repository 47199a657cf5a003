using Microsoft.Extensions.Time.Testing;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Ports;
using Runbooks.Testing;
using static Runbooks.Testing.Containers;

namespace Runbooks.Builtin.Tests.Checks.Container;

public sealed class ContainerCheckTests
{
    private const string OfApp = "container: { service: app, project: shop }";

    private static DockerAnswers With(params ContainerState[] containers) => containers.Aggregate(new DockerAnswers(), (d, c) => d.Container(c));

    [Fact]
    public async Task A_running_container_holds_by_name_and_by_service()
    {
        var docker = With(OfService("app"));

        Assert.Equal(VerdictKind.Holds, (await AskedCheck.Of("container: shop-app-1").AskAsync(docker)).Kind);
        var verdict = await AskedCheck.Of(OfApp).AskAsync(docker);
        Assert.Equal((VerdictKind.Holds, "running"), (verdict.Kind, verdict.Observed));
    }

    [Theory]
    [InlineData("exited")]
    [InlineData("restarting")]
    [InlineData("created")]
    [InlineData("paused")]
    [InlineData("dead")]
    public async Task Another_state_does_not_hold_and_is_what_the_other_word_asks(string status)
    {
        var docker = With(OfService("app") with { Status = status, ExitCode = 1 });

        Assert.Equal(VerdictKind.DoesNotHold, (await AskedCheck.Of(OfApp).AskAsync(docker)).Kind);
        Assert.Equal(VerdictKind.Holds, (await AskedCheck.Of($"container: {{ service: app, project: shop, state: {status} }}").AskAsync(docker)).Kind);
    }

    [Fact]
    public async Task No_container_does_not_hold_unless_absence_is_asked()
    {
        var verdict = await AskedCheck.Of(OfApp).AskAsync(With(OfService("db")));

        Assert.Equal((VerdictKind.DoesNotHold, "there is no container of service app of project shop"), (verdict.Kind, verdict.Observed));
        Assert.Equal(VerdictKind.Holds, (await AskedCheck.Of("container: { service: app, project: shop, state: absent }").AskAsync(With(OfService("db")))).Kind);
        Assert.Equal(VerdictKind.DoesNotHold, (await AskedCheck.Of("container: { service: db, project: shop, state: absent }").AskAsync(With(OfService("db")))).Kind);
    }

    [Fact]
    public async Task The_same_service_of_another_project_is_another_service_and_is_named()
    {
        var verdict = await AskedCheck.Of(OfApp).AskAsync(With(OfService("app", project: "blog")));

        Assert.Equal(VerdictKind.DoesNotHold, verdict.Kind);
        Assert.Contains("there is one in project blog", verdict.Observed);
    }

    [Fact]
    public async Task A_container_of_compose_run_does_not_count()
    {
        var oneOff = OfService("app") with { Name = "shop-app-run-1" };
        oneOff = oneOff with { Labels = oneOff.Labels.SetItem("com.docker.compose.oneoff", "True") };

        Assert.Equal(VerdictKind.DoesNotHold, (await AskedCheck.Of(OfApp).AskAsync(With(oneOff))).Kind);
    }

    [Fact]
    public async Task Every_container_of_a_service_must_be_as_asked()
    {
        var docker = With(OfService("app"), OfService("app", number: 2) with { Status = "exited", ExitCode = 137 });

        var verdict = await AskedCheck.Of(OfApp).AskAsync(docker);
        Assert.Equal(VerdictKind.DoesNotHold, verdict.Kind);
        Assert.Contains("shop-app-2 is exited with code 137", verdict.Observed);
    }

    [Fact]
    public async Task The_evidence_explains_a_container_that_died()
    {
        var docker = With(OfService("app") with { Status = "exited", ExitCode = 127, OomKilled = true, Error = "exec: \"app\": not found", HealthOutput = "exit 127: curl: not found", RestartCount = 5 });

        var evidence = string.Join('\n', (await AskedCheck.Of(OfApp).AskAsync(docker)).Evidence);
        Assert.Contains("exited with code 127, killed because the memory ran out, restarted 5 times by the engine", evidence);
        Assert.Contains("the engine says: exec: \"app\": not found", evidence);
        Assert.Contains("its program was not found", evidence);
        Assert.Contains("last health check: exit 127: curl: not found", evidence);
    }

    [Theory]
    [InlineData("healthy", VerdictKind.Holds)]
    [InlineData("starting", VerdictKind.DoesNotHold)]
    [InlineData("unhealthy", VerdictKind.DoesNotHold)]
    [InlineData(null, VerdictKind.Unknown)]
    public async Task Healthy_needs_a_health_check_that_says_so(string? health, VerdictKind expected)
    {
        var docker = With(OfService("app") with { Health = health });

        Assert.Equal(expected, (await AskedCheck.Of("container: { service: app, project: shop, state: healthy }").AskAsync(docker)).Kind);
        Assert.Equal(expected, (await AskedCheck.Of("container: { service: app, project: shop, health: healthy }").AskAsync(docker)).Kind);
    }

    [Fact]
    public async Task A_health_that_is_left_from_before_does_not_make_a_stopped_container_healthy() =>
        Assert.Equal(VerdictKind.DoesNotHold, (await AskedCheck.Of("container: { service: app, project: shop, state: healthy }").AskAsync(With(OfService("app") with { Status = "exited", Health = "healthy" }))).Kind);

    [Fact]
    public async Task The_image_is_compared_by_id()
    {
        var asked = AskedCheck.Of("container: { service: app, project: shop, image: 'myapp:v1.2.3' }");
        var docker = With(OfService("app") with { ImageId = "sha256:aaa" });

        Assert.Equal(VerdictKind.Holds, (await asked.AskAsync(docker.Image("myapp:v1.2.3", "sha256:aaa"))).Kind);
        var moved = await asked.AskAsync(docker.Image("myapp:v1.2.3", "sha256:bbb"));
        Assert.Equal((VerdictKind.DoesNotHold, "shop-app-1 runs myapp:v1.2.3 (aaa), not myapp:v1.2.3 (bbb)"), (moved.Kind, moved.Observed));
    }

    [Fact]
    public async Task An_image_that_is_not_there_cannot_be_compared()
    {
        var docker = With(OfService("app") with { ImageId = "sha256:aaa" });

        Assert.Equal(VerdictKind.Unknown, (await AskedCheck.Of("container: { service: app, project: shop, image: 'myapp:gone' }").AskAsync(docker)).Kind);
        Assert.Equal(VerdictKind.Holds, (await AskedCheck.Of("container: { service: app, project: shop, image: 'sha256:aaa' }").AskAsync(docker)).Kind);
    }

    [Theory]
    [InlineData(0, 0, VerdictKind.Holds)]
    [InlineData(1, 0, VerdictKind.DoesNotHold)]
    [InlineData(3, 3, VerdictKind.Holds)]
    [InlineData(4, 3, VerdictKind.DoesNotHold)]
    public async Task Restarts_are_counted(long restarts, int allowed, VerdictKind expected) =>
        Assert.Equal(expected, (await AskedCheck.Of($"container: {{ service: app, project: shop, max_restarts: {allowed} }}").AskAsync(With(OfService("app") with { RestartCount = restarts }))).Kind);

    [Theory]
    [InlineData(9, VerdictKind.DoesNotHold)]
    [InlineData(10, VerdictKind.Holds)]
    public async Task Up_for_counts_from_the_newest_start(int seconds, VerdictKind expected)
    {
        var time = new FakeTimeProvider(AskedCheck.RunStarted);
        var docker = With(OfService("app") with { StartedAt = AskedCheck.RunStarted.AddSeconds(-seconds) });

        var verdict = await AskedCheck.Of("container: { service: app, project: shop, up_for: 10s }").AskAsync(UnusedPorts.All with { Docker = docker, Time = time });
        Assert.Equal(expected, verdict.Kind);
    }

    [Fact]
    public async Task An_exit_code_must_be_the_one_that_is_asked()
    {
        var asked = AskedCheck.Of("container: { service: migrate, project: shop, state: exited, exit_code: 0 }");

        Assert.Equal(VerdictKind.Holds, (await asked.AskAsync(With(OfService("migrate") with { Status = "exited" }))).Kind);
        Assert.Equal(VerdictKind.DoesNotHold, (await asked.AskAsync(With(OfService("migrate") with { Status = "exited", ExitCode = 1 }))).Kind);
    }

    [Theory]
    [InlineData("running")]
    [InlineData("absent")]
    public async Task Without_an_engine_nothing_is_known(string state)
    {
        var verdict = await AskedCheck.Of($"container: {{ service: app, project: shop, state: {state} }}").AskAsync(new DockerAnswers { Problem = "there is no Docker Engine at x" });

        Assert.Equal((VerdictKind.Unknown, "there is no Docker Engine at x"), (verdict.Kind, verdict.Observed));
    }

    [Fact]
    public void The_project_is_decided_when_the_plan_is_made()
    {
        var files = new InMemoryFiles().With($"{ProjectDirectory}/compose.yaml", "name: boutique\nservices: { app: { image: x } }\n");

        Assert.Equal("service app of project boutique is running", AskedCheck.Of("container: { service: app }", files).Statement);
    }

    [Fact]
    public void The_statement_says_all_that_is_asked() =>
        Assert.Equal(
            "service app of project shop is running, is healthy, runs image myapp:v1, was not restarted and has been up for 15s",
            AskedCheck.Of("container: { service: app, project: shop, state: healthy, image: 'myapp:v1', max_restarts: 0, up_for: 15s }").Statement);

    [Theory]
    [InlineData("container: { state: running }", "RB3220")]
    [InlineData("container: { name: a, service: b, project: c }", "RB3220")]
    [InlineData("container: { name: a, project: c }", "RB3220")]
    [InlineData("container: { service: app }", "RB3120")]
    [InlineData("container: { service: app, project: Shop }", "RB3121")]
    [InlineData("container: { name: a, state: absent, image: x }", "RB3221")]
    [InlineData("container: { name: a, state: exited, health: healthy }", "RB3221")]
    [InlineData("container: { name: a, state: exited, up_for: 5s }", "RB3221")]
    [InlineData("container: { name: a, state: healthy, health: unhealthy }", "RB3221")]
    [InlineData("container: { name: a, exit_code: 0 }", "RB3221")]
    [InlineData("container: { name: a, state: up }", "RB1004")]
    public void Mistakes_are_found_before_anything_runs(string check, string code) => Assert.Equal([code], AskedCheck.Of(check).Errors);
}
