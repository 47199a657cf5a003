using Microsoft.Extensions.Time.Testing;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Ports;
using Runbooks.Testing;
using static Runbooks.Testing.Containers;

namespace Runbooks.Builtin.Tests.Checks.Stable;

public sealed class StableCheckTests
{
    private static readonly ContainerState App = OfService("app") with { RestartCount = 2, CreatedAt = AskedCheck.RunStarted.AddHours(-3), StartedAt = AskedCheck.RunStarted.AddHours(-2) };
    private static readonly ContainerState Second = OfService("app", number: 2);

    [Theory]
    [InlineData("", 5, "8s")]
    [InlineData("samples: 2", 2, "2s")]
    [InlineData("samples: 4, every: 10s", 4, "30s")]
    public async Task It_holds_after_as_many_good_samples_as_asked(string fields, int samples, string watched)
    {
        var docker = new DockerAnswers().Container(App);

        var verdict = await AskAsync(docker, fields);

        Assert.Equal((VerdictKind.Holds, $"{samples} good samples in {watched}: the same container, running, restarted 2 times by the engine"), (verdict.Kind, verdict.Observed));
        Assert.Equal(samples, docker.Questions);
    }

    [Theory]
    [InlineData(0, 1, 1, 3, "5 good samples in 8s")]
    [InlineData(0, 2, 2, 3, "7 good samples in 12s")]
    [InlineData(7, 2, 2, 3, "11 good samples in 20s")]
    [InlineData(0, 30, 30, 3, "91 good samples in 3m")]
    public async Task It_goes_on_until_the_health_check_has_had_the_time_that_it_needs_to_fail(int startPeriod, int interval, int timeout, int retries, string seen)
    {
        var verdict = await AskAsync(new DockerAnswers().Container(WithHealth(App with { RestartCount = 0 }, startPeriod, interval, timeout, retries)));

        Assert.Equal(Verdict.Holds($"{seen}: the same container, running, healthy"), verdict);
    }

    [Fact]
    public async Task The_slowest_health_check_of_a_service_counts()
    {
        var docker = new DockerAnswers().Container(WithHealth(App, interval: 1, timeout: 1)).Container(WithHealth(Second, interval: 5, timeout: 5));

        Assert.Equal(Verdict.Holds("16 good samples in 30s: the same 2 containers, each running and none unhealthy"), await AskAsync(docker));
    }

    public static TheoryData<string, string, Func<ContainerState, ContainerState>> Changes => new()
    {
        { "exits", "shop-app-1 is exited with code 3, restarted 2 times by the engine", c => c with { Status = "exited", ExitCode = 3 } },
        { "crashes", "shop-app-1 is restarting after exit code 1, restarted 3 times by the engine", c => c with { Status = "restarting", ExitCode = 1, RestartCount = 3 } },
        { "is paused", "shop-app-1 is paused, restarted 2 times by the engine", c => c with { Status = "paused" } },
        { "is ill", "shop-app-1 is running, unhealthy, restarted 2 times by the engine", c => c with { Health = "unhealthy" } },
        { "is not known to be well", "shop-app-1 is running, its health not yet known, restarted 2 times by the engine", c => c with { Health = "starting" } },
        { "was restarted", "shop-app-1 was restarted 1 time by the engine", c => c with { RestartCount = 3, StartedAt = c.StartedAt?.AddSeconds(9) } },
        { "was started", "shop-app-1 was started anew", c => c with { RestartCount = 0, StartedAt = c.StartedAt?.AddSeconds(9) } },
        { "lost its count", "shop-app-1 was started anew", c => c with { RestartCount = 0 } },
        { "was made anew", "shop-app-1 was made anew", c => c with { Id = "another" } },
        { "lost its health", "shop-app-1 has no health any more", c => c with { Health = null } },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task What_changes_after_good_samples_is_told_at_once(string change, string observed, Func<ContainerState, ContainerState> changed)
    {
        Assert.NotEmpty(change);
        var app = WithHealth(App, interval: 1, timeout: 1);
        var docker = new DockerAnswers().Container(app).Container(Second);

        var verdict = await AskAsync(docker, "", waited =>
        {
            if (waited == TimeSpan.FromSeconds(6))
            {
                docker.NoContainers().Container(changed(app)).Container(Second);
            }
        });

        Assert.Equal((VerdictKind.DoesNotHold, $"{observed}, 6s after the first of 3 good samples"), (verdict.Kind, verdict.Observed));
        Assert.Contains(verdict.Evidence, l => l.StartsWith("shop-app-1: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_container_that_is_gone_and_one_that_is_added_do_not_hold()
    {
        var docker = new DockerAnswers().Container(App).Container(Second);
        Assert.Equal("shop-app-2 is gone, 2s after the first of 1 good sample", (await AskAsync(docker, "", _ => docker.NoContainers().Container(App))).Observed);
        Assert.Equal("shop-app-2 came to the others, 2s after the first of 1 good sample", (await AskAsync(docker, "", _ => docker.Container(Second))).Observed);
        docker.NoContainers().Container(App);
        Assert.Equal("shop-app-1 is gone, 2s after the first of 1 good sample", (await AskAsync(docker, "", _ => docker.NoContainers())).Observed);
    }

    [Fact]
    public async Task A_health_check_that_fails_late_is_found_although_as_many_samples_were_good_as_asked()
    {
        var app = WithHealth(App with { RestartCount = 0 }, startPeriod: 10, interval: 5, timeout: 1);
        var docker = new DockerAnswers().Container(app);

        var verdict = await AskAsync(docker, "samples: 2", waited =>
        {
            if (waited > TimeSpan.FromSeconds(26))
            {
                docker.NoContainers().Container(app with { Health = "unhealthy" });
            }
        });

        Assert.Equal("shop-app-1 is running, unhealthy, 28s after the first of 14 good samples", verdict.Observed);
    }

    [Theory]
    [InlineData("exited", null, "shop-app-1 is exited with code 0")]
    [InlineData("restarting", null, "shop-app-1 is restarting after exit code 0")]
    [InlineData("running", "unhealthy", "shop-app-1 is running, unhealthy")]
    public async Task What_is_not_well_to_begin_with_is_not_watched(string status, string? health, string observed)
    {
        var docker = new DockerAnswers().Container(App with { Status = status, Health = health, RestartCount = 0 });

        Assert.Equal((VerdictKind.DoesNotHold, observed), await AskAsync(docker) is var verdict ? (verdict.Kind, verdict.Observed) : default);
        Assert.Equal(1, docker.Questions);
    }

    [Theory]
    [InlineData("exit -1: OCI runtime exec failed: exec failed: unable to start container process: exec: \"curl\": executable file not found in $PATH: unknown", VerdictKind.Unknown)]
    [InlineData("exit 127: sh: curl: not found", VerdictKind.Unknown)]
    [InlineData("exit 126: sh: /probe: Permission denied", VerdictKind.Unknown)]
    [InlineData("exit -1: Health check exceeded timeout (1s)", VerdictKind.DoesNotHold)]
    [InlineData("exit 1: status 500", VerdictKind.DoesNotHold)]
    [InlineData(null, VerdictKind.DoesNotHold)]
    public async Task A_probe_that_cannot_be_run_says_nothing_of_what_it_probes(string? output, VerdictKind verdict)
    {
        var docker = new DockerAnswers().Container(App with { Health = "unhealthy", HealthOutput = output, RestartCount = 0 });

        var told = await AskAsync(docker);

        Assert.Equal(verdict, told.Kind);
        Assert.Equal(verdict == VerdictKind.Unknown, told.Observed.Contains("the probe of its health check cannot be run", StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_that_cannot_be_run_excuses_no_other_container()
    {
        var docker = new DockerAnswers().Container(App with { Health = "unhealthy", HealthOutput = "exit 127: sh: curl: not found", RestartCount = 0 })
            .Container(App with { Id = "other", Name = "shop-app-2", Status = "exited", RestartCount = 0 });

        Assert.Equal(VerdictKind.DoesNotHold, (await AskAsync(docker)).Kind);
    }

    [Fact]
    public async Task While_a_start_period_goes_on_nothing_is_judged_and_the_watching_begins_when_the_health_is_known()
    {
        var app = WithHealth(App with { RestartCount = 0 }, startPeriod: 10, interval: 1, timeout: 1) with { Health = "starting" };
        var docker = new DockerAnswers().Container(app);

        var verdict = await AskAsync(docker, "samples: 2", waited => _ = waited == TimeSpan.FromSeconds(20) ? docker.NoContainers().Container(app with { Health = "healthy" }) : docker);

        Assert.Equal(Verdict.Holds("9 good samples in 16s: the same container, running, healthy"), verdict);
        Assert.Equal(10 + 9, docker.Questions);
    }

    [Theory]
    [InlineData("unhealthy", "shop-app-1 is running, unhealthy, 20s after the first look, before a sample was good")]
    [InlineData("starting", "shop-app-1 was restarted 1 time by the engine, 20s after the first look, before a sample was good")]
    public async Task What_goes_wrong_in_a_start_period_is_told(string health, string observed)
    {
        var app = WithHealth(App with { RestartCount = 0 }) with { Health = "starting" };
        var docker = new DockerAnswers().Container(app);

        var verdict = await AskAsync(docker, "", waited => _ = waited == TimeSpan.FromSeconds(20)
            ? docker.NoContainers().Container(app with { Health = health, RestartCount = health == "starting" ? 1 : 0 })
            : docker);

        Assert.Equal((VerdictKind.DoesNotHold, observed), (verdict.Kind, verdict.Observed));
    }

    [Theory]
    [InlineData("at_most: 1m", "and at most 1m are watched, of which 50s are over", 26)]
    [InlineData("every: 10s, at_most: 45s", "and at most 45s are watched, of which 40s are over", 5)]
    [InlineData("at_most: 10s", "and at most 10s are watched", 1)]
    public async Task A_start_period_that_does_not_end_in_time_is_unknown(string fields, string why, int questions)
    {
        var docker = new DockerAnswers().Container(WithHealth(App with { RestartCount = 0 }, startPeriod: 5, interval: 1, timeout: 1) with { Health = "starting" });

        var verdict = await AskAsync(docker, fields);

        Assert.Equal(
            (VerdictKind.Unknown, $"shop-app-1 is running, its health not yet known, then the health check needs 11s to fail (start period + retries × (interval + timeout)), {why}: give a longer 'at_most'"),
            (verdict.Kind, verdict.Observed));
        Assert.Equal(questions, docker.Questions);
    }

    [Theory]
    [InlineData("starting", VerdictKind.Holds, "2 good samples in 10s: the same container, running, its health not yet known")]
    [InlineData("healthy", VerdictKind.Holds, "2 good samples in 10s: the same container, running, healthy")]
    [InlineData("unhealthy", VerdictKind.DoesNotHold, "shop-app-1 is running, unhealthy")]
    public async Task Without_waiting_for_the_health_only_one_that_has_failed_counts(string health, VerdictKind kind, string observed)
    {
        var docker = new DockerAnswers().Container(WithHealth(App with { RestartCount = 0 }) with { Health = health });

        var verdict = await AskAsync(docker, "samples: 2, every: 10s, at_most: 10s, wait_for_health: false");

        Assert.Equal((kind, observed), (verdict.Kind, verdict.Observed));
    }

    /// <summary>It lives for 20s each time, so that it is up in all of five samples within 8s.</summary>
    [Fact]
    public async Task A_crash_loop_is_never_stable_although_it_is_up_in_each_sample()
    {
        var docker = new DockerAnswers();
        ContainerState At(TimeSpan time) => App with { RestartCount = 3 + (long)(time / TimeSpan.FromSeconds(20)), CreatedAt = AskedCheck.RunStarted.AddSeconds(-60), StartedAt = AskedCheck.RunStarted.AddSeconds(20 * Math.Floor(time.TotalSeconds / 20)) };
        docker.Container(At(TimeSpan.Zero));

        var verdict = await AskAsync(docker, "", waited => docker.NoContainers().Container(At(waited)));

        Assert.Equal((VerdictKind.DoesNotHold, "shop-app-1 was restarted 1 time by the engine, 20s after the first look, before a sample was good"), (verdict.Kind, verdict.Observed));
    }

    [Fact]
    public async Task A_container_that_has_outlasted_its_crashes_is_stable()
    {
        var docker = new DockerAnswers().Container(App with { RestartCount = 2, CreatedAt = AskedCheck.RunStarted.AddSeconds(-10), StartedAt = AskedCheck.RunStarted });

        Assert.Equal(Verdict.Holds("5 good samples in 8s: the same container, running, restarted 2 times by the engine"), await AskAsync(docker));
        Assert.Equal(10, docker.Questions);
    }

    [Theory]
    [InlineData(-600, -60, "at most 10m are watched", "shop-app-1 was restarted 1 time by the engine, every 9m or so, and is up for 1m since; until it is up for 18m it cannot be told from one in a crash loop")]
    [InlineData(-2_600_000, -60, "at most 10m are watched", "and is up for 1m since; until it is up for 1h it cannot be told from one in a crash loop")]
    [InlineData(null, 60, "at most 10m are watched", "shop-app-1 was restarted 1 time by the engine, and is up for 0s since; until it is up for 1h it cannot be told from one in a crash loop")]
    public async Task A_restart_that_is_too_near_to_be_judged_in_time_is_unknown_at_once(int? created, int started, string bound, string why)
    {
        var docker = new DockerAnswers().Container(App with { RestartCount = 1, CreatedAt = created is { } at ? AskedCheck.RunStarted.AddSeconds(at) : null, StartedAt = AskedCheck.RunStarted.AddSeconds(started) });

        var verdict = await AskAsync(docker);

        Assert.Equal(VerdictKind.Unknown, verdict.Kind);
        Assert.Contains($"{why}, and {bound}", verdict.Observed, StringComparison.Ordinal);
        Assert.Equal(1, docker.Questions);
    }

    [Fact]
    public async Task A_restart_of_long_ago_is_history_whenever_the_container_was_made()
    {
        var docker = new DockerAnswers().Container(App with { RestartCount = 1, CreatedAt = AskedCheck.RunStarted.AddDays(-30), StartedAt = AskedCheck.RunStarted.AddHours(-1) });

        Assert.Equal(VerdictKind.Holds, (await AskAsync(docker)).Kind);
    }

    [Theory]
    [InlineData(0, "only 3 good samples of 5 could be taken, and at most 10s are watched, of which 12s are over: give a longer 'at_most'")]
    [InlineData(1, "only 1 good sample of 5 could be taken, and at most 10s are watched, of which 12s are over: give a longer 'at_most'")]
    public async Task An_engine_too_slow_for_as_many_samples_as_asked_is_unknown_in_the_end(int restarts, string why)
    {
        var time = new LeapingTime(_ => { });
        var docker = new DockerAnswers { Asking = () => time.Leap(TimeSpan.FromSeconds(4)) };
        docker.Container(App with { RestartCount = restarts, CreatedAt = AskedCheck.RunStarted.AddSeconds(-6), StartedAt = AskedCheck.RunStarted });

        var verdict = await Check("samples: 5, at_most: 10s").AskAsync(UnusedPorts.All with { Docker = docker, Time = time });

        Assert.Equal((VerdictKind.Unknown, why), (verdict.Kind, verdict.Observed));
    }

    [Fact]
    public async Task Where_there_is_no_container_it_does_not_hold_and_without_an_engine_it_is_unknown()
    {
        Assert.Equal(Verdict.DoesNotHold("there is no container of service app of project shop"), await AskAsync(new DockerAnswers()));
        Assert.Equal(Verdict.Unknown("the engine is away"), await AskAsync(new DockerAnswers { Problem = "the engine is away" }));
        Assert.Equal(VerdictKind.Unknown, (await AskAsync(new DockerAnswers().Container(App with { StartedAt = null }))).Kind);
    }

    [Fact]
    public async Task An_engine_that_stops_answering_is_unknown_whatever_was_seen_before()
    {
        var docker = new DockerAnswers().Container(App);

        var verdict = await AskAsync(docker, "", waited => docker.Problem = waited >= TimeSpan.FromSeconds(8) ? "the engine is away" : null);

        Assert.Equal((VerdictKind.Unknown, "8s after the first of 4 good samples, the engine is away"), (verdict.Kind, verdict.Observed));
    }

    [Fact]
    public async Task A_health_check_that_needs_longer_than_may_be_watched_is_unknown()
    {
        var docker = new DockerAnswers().Container(WithHealth(App));

        Assert.Equal(
            (VerdictKind.Unknown, "the health check needs 3m to fail (start period + retries × (interval + timeout)), and at most 2m are watched: give a longer 'at_most'"),
            await AskAsync(docker, "at_most: 2m") is var verdict ? (verdict.Kind, verdict.Observed) : default);
        Assert.Equal(1, docker.Questions);
        Assert.Equal(VerdictKind.Holds, (await AskAsync(docker, "at_most: 3m")).Kind);
        Assert.Equal(VerdictKind.Unknown, (await AskAsync(new DockerAnswers().Container(WithHealth(App, interval: int.MaxValue, timeout: int.MaxValue, retries: int.MaxValue)))).Kind);
    }

    [Fact]
    public async Task The_watching_can_be_cancelled()
    {
        using var cancel = new CancellationTokenSource();
        var check = Check();
        var asked = check.AskAsync(check.Question, UnusedPorts.All with { Docker = new DockerAnswers().Container(App), Time = new FakeTimeProvider(AskedCheck.RunStarted) }, cancel.Token);
        Assert.False(asked.IsCompleted);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
    }

    [Theory]
    [InlineData("", 12)]
    [InlineData("at_most: 1m", 3)]
    public void It_says_how_long_its_answer_can_take(string fields, int minutes) => Assert.Equal(TimeSpan.FromMinutes(minutes), Check(fields).Question.Longest);

    [Fact]
    public void The_statement_says_all_that_is_asked() => Assert.Equal(
        [
            "service app of project shop stays as it is, running and healthy, in 5 samples 2s apart and for as long as its health check needs to fail (watched for 10m at most)",
            "service app of project shop stays as it is, running and not unhealthy, in 5 samples 2s apart (watched for 1m at most)",
        ],
        [Check().Statement, Check("wait_for_health: false, at_most: 1m").Statement]);

    [Theory]
    [InlineData("RB3220", "stable: {}")]
    [InlineData("RB3220", "stable: { container: x, service: y }")]
    [InlineData("RB3220", "stable: { container: x, project: y }")]
    [InlineData("RB3340", "stable: { container: x, samples: 100, every: 10s }")]
    [InlineData("RB3340", "stable: { container: x, at_most: 7s }")]
    [InlineData("RB1005", "stable: { container: x, samples: 1 }")]
    [InlineData("RB1005", "stable: { container: x, every: 10ms }")]
    [InlineData("RB1005", "stable: { container: x, at_most: 2h }")]
    public void Mistakes_are_found_before_anything_runs(string code, string check) => Assert.Equal([code], AskedCheck.Of(check).Errors);

    private static AskedCheck Check(string fields = "") => AskedCheck.Of($"stable: {{ service: app, project: shop{(fields.Length > 0 ? $", {fields}" : "")} }}");

    private static Task<Verdict> AskAsync(DockerAnswers docker, string fields = "", Action<TimeSpan>? waited = null) =>
        Check(fields).AskAsync(UnusedPorts.All with { Docker = docker, Time = new LeapingTime(waited ?? (_ => { })) });
}
