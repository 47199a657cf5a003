using Runbooks.Engine.Kinds;
using Runbooks.Engine.Ports;
using Runbooks.Testing;
using static Runbooks.Testing.Containers;

namespace Runbooks.Builtin.Tests.Checks.Logs;

public sealed class LogsCheckTests
{
    private static readonly DateTimeOffset During = AskedCheck.RunStarted.AddSeconds(10);
    private static readonly ContainerState App = OfService("app");

    private static DockerAnswers Logged(params string[] lines) => new DockerAnswers().Container(App).Log(App.Id, During, lines);

    private static AskedCheck Asked(string fields = "max_errors: 0") => AskedCheck.Of($"logs:\n  service: app\n  project: shop\n  {fields}");

    [Fact]
    public async Task Lines_without_errors_hold()
    {
        var verdict = await Asked().AskAsync(Logged("INFO started", "all good"));

        Assert.Equal((VerdictKind.Holds, "2 lines, no errors; 1 entry has no level"), (verdict.Kind, verdict.Observed));
    }

    [Theory]
    [InlineData("2026-01-02 ERROR cannot connect")]
    [InlineData("[FATAL] out of luck")]
    [InlineData("app | CRITICAL: x")]
    [InlineData("PANIC")]
    [InlineData("""{"time":1,"level":"error","msg":"x"}""")]
    [InlineData("""{"severity": "CRITICAL"}""")]
    [InlineData("ts=1 level=error msg=x")]
    [InlineData("ts=1 level=\"fatal\" msg=x")]
    [InlineData("panic: runtime error: index out of range")]
    [InlineData("Traceback (most recent call last):")]
    [InlineData("Unhandled exception. System.Exception")]
    [InlineData("\e[31mERROR\e[0m in colour")]
    public async Task An_error_line_does_not_hold_and_is_the_evidence(string line)
    {
        var verdict = await Asked().AskAsync(Logged("fine", line));

        Assert.Equal(VerdictKind.DoesNotHold, verdict.Kind);
        Assert.Single(verdict.Evidence);
    }

    [Theory]
    [InlineData("2026-01-02 INFO 0 errors found")]
    [InlineData("INFO error handler registered")]
    [InlineData("""{"level":"info","msg":"error budget is fine"}""")]
    [InlineData("""{"level":"info","msg":"{\"level\":\"error\"}"}""")]
    [InlineData("""{"level":30}""")]
    [InlineData("level=info error=none")]
    public async Task Lines_that_only_look_like_it_hold(string line) => Assert.Equal(VerdictKind.Holds, (await Asked().AskAsync(Logged(line))).Kind);

    [Theory]
    [InlineData(2, VerdictKind.Holds)]
    [InlineData(3, VerdictKind.DoesNotHold)]
    public async Task A_number_of_errors_can_be_allowed(int errors, VerdictKind expected) =>
        Assert.Equal(expected, (await Asked("max_errors: 2").AskAsync(Logged([.. Enumerable.Repeat("ERROR", errors)]))).Kind);

    [Fact]
    public async Task A_pattern_of_ones_own_replaces_the_usual_one()
    {
        var asked = Asked("error_pattern: '^E '");

        Assert.Equal(VerdictKind.Holds, (await asked.AskAsync(Logged("ERROR"))).Kind);
        Assert.Equal(VerdictKind.DoesNotHold, (await asked.AskAsync(Logged("E 1"))).Kind);
    }

    [Fact]
    public async Task Lines_can_be_left_aside() =>
        Assert.Equal(VerdictKind.Holds, (await Asked("ignore: ['deprecated', 'probe$']").AskAsync(Logged("ERROR deprecated call", "ERROR in health probe"))).Kind);

    [Fact]
    public async Task Lines_from_before_the_run_do_not_count()
    {
        var docker = Logged("INFO fine").Log(App.Id, AskedCheck.RunStarted.AddSeconds(-1), "ERROR of yesterday");

        Assert.Equal(VerdictKind.Holds, (await Asked().AskAsync(docker)).Kind);
    }

    [Fact]
    public async Task A_duration_counts_back_from_now()
    {
        // Now is one minute after the start of the run.
        var docker = new DockerAnswers().Container(App).Log(App.Id, AskedCheck.RunStarted.AddSeconds(20), "ERROR");

        Assert.Equal(VerdictKind.Holds, (await Asked("since: 30s").AskAsync(docker)).Kind);
        Assert.Equal(VerdictKind.DoesNotHold, (await Asked("since: 50s").AskAsync(docker)).Kind);
        Assert.Equal(VerdictKind.DoesNotHold, (await Asked("since: start").AskAsync(docker)).Kind);
    }

    [Fact]
    public async Task A_text_must_occur()
    {
        var asked = Asked("contains: [ready, 'port 8080']");

        Assert.Equal(VerdictKind.Holds, (await asked.AskAsync(Logged("ERROR early", "ready", "on port 8080"))).Kind);
        var verdict = await asked.AskAsync(Logged("ready"));
        Assert.Equal((VerdictKind.DoesNotHold, "1 line; none holds \"port 8080\""), (verdict.Kind, verdict.Observed));
    }

    [Fact]
    public async Task Both_can_be_asked_at_once() =>
        Assert.Equal(VerdictKind.DoesNotHold, (await Asked("contains: ready\n  max_errors: 0").AskAsync(Logged("ready", "ERROR"))).Kind);

    [Fact]
    public async Task Too_few_lines_tell_nothing()
    {
        Assert.Equal(VerdictKind.Unknown, (await Asked("min_lines: 3").AskAsync(Logged("a", "b"))).Kind);
        Assert.Equal(VerdictKind.Holds, (await Asked("min_lines: 3").AskAsync(Logged("INFO a", "INFO b", "INFO c"))).Kind);
        Assert.Equal(VerdictKind.DoesNotHold, (await Asked("min_lines: 3").AskAsync(Logged("ERROR"))).Kind);
    }

    [Fact]
    public async Task A_million_lines_leave_ten_of_evidence()
    {
        var verdict = await Asked().AskAsync(Logged([.. Enumerable.Range(0, 20_000).Select(i => $"ERROR {i} {new string('x', 1000)}")]));

        Assert.Equal(11, verdict.Evidence.Length);
        Assert.Equal("and 19990 more", verdict.Evidence[^1]);
        Assert.All(verdict.Evidence, l => Assert.True(l.Length <= 301));
    }

    [Fact]
    public async Task The_logs_of_every_container_of_a_service_are_read()
    {
        var second = OfService("app", number: 2);
        var docker = Logged("INFO fine").Container(second).Log(second.Id, During, "ERROR");

        var verdict = await Asked().AskAsync(docker);
        Assert.Equal(VerdictKind.DoesNotHold, verdict.Kind);
        Assert.Equal(["shop-app-2: ERROR"], verdict.Evidence);
    }

    [Fact]
    public async Task Without_a_container_it_does_not_hold() => Assert.Equal(VerdictKind.DoesNotHold, (await Asked().AskAsync(new DockerAnswers())).Kind);

    [Fact]
    public async Task Without_logs_it_is_unknown()
    {
        Assert.Equal(VerdictKind.Unknown, (await Asked().AskAsync(new DockerAnswers().Container(App with { LogDriver = "none" }))).Kind);
        Assert.Equal(VerdictKind.Unknown, (await Asked().AskAsync(new DockerAnswers().Container(App).UnreadableLog(App.Id, "the driver does not support reading"))).Kind);
        Assert.Equal(VerdictKind.Unknown, (await Asked().AskAsync(new DockerAnswers { Problem = "there is none" })).Kind);
    }

    [Fact]
    public void The_statement_says_all_that_is_asked()
    {
        Assert.Equal("the logs of service app of project shop since the start of the run hold no errors", Asked().Statement);
        Assert.Equal(
            "the logs of container db of the last 5m hold \"ready\" and at most 3 errors (lines that match ^E), leaving aside ^x, in at least 10 lines",
            AskedCheck.Of("logs: { container: db, since: 5m, max_errors: 3, error_pattern: '^E', ignore: '^x', contains: ready, min_lines: 10 }").Statement);
    }

    [Theory]
    [InlineData("logs: { container: a, since: yesterday }", "RB3250")]
    [InlineData("logs: { container: a, since: '30' }", "RB3250")]
    [InlineData("logs: { container: a, ignore: '(?=x)' }", "RB3251")]
    [InlineData("logs: { since: start }", "RB3220")]
    [InlineData("logs: { container: a, error_pattern: '(' }", "RB1004")]
    public void Mistakes_are_found_before_anything_runs(string check, string code) => Assert.Equal([code], AskedCheck.Of(check).Errors);
}
