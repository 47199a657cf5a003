using Runbooks.Builtin.Checks.Http;
using Runbooks.Builtin.Checks.Logs;
using Runbooks.Engine.Kinds;
using Runbooks.Testing;
using static Runbooks.Testing.Containers;

namespace Runbooks.Builtin.Tests.Checks;

/// <summary>A pattern that is not decided in its time is no answer, and says so.</summary>
public sealed class SlowPatternTests
{
    private static readonly string Why = $"looking for {Slow.Pattern} took too long";

    [Fact]
    public async Task In_the_body_of_an_answer()
    {
        var asked = AskedCheck.Of("http: { url: 'http://localhost/', body_matches: x }");
        var network = new NetworkAnswers().Answer("http://localhost/", 200, Slow.Text);

        var verdict = await asked.AskAsync(Assert.IsType<HttpCheck>(asked.Question) with { BodyMatches = Slow.Pattern }, UnusedPorts.All with { Network = network }, TestContext.Current.CancellationToken);

        Assert.Equal((VerdictKind.Unknown, $"status 200 in 12ms, but {Why}"), (verdict.Kind, verdict.Observed));
    }

    [Fact]
    public async Task In_a_line_of_a_log()
    {
        var asked = AskedCheck.Of("logs: { service: app, project: shop }");
        var question = Assert.IsType<LogsCheck>(asked.Question);

        var byError = await AskAsync(asked, question with { ErrorPattern = Slow.Pattern }, "fine", Slow.Text, "not read any more");
        Assert.Equal((VerdictKind.Unknown, $"2 lines, no errors; {Why} in the last of them"), (byError.Kind, byError.Observed));

        var byIgnore = await AskAsync(asked, question with { Ignore = [Slow.Pattern] }, "fine", $"{Slow.Text} ERROR");
        Assert.Equal((VerdictKind.Unknown, $"2 lines, no errors; {Why} in the last of them"), (byIgnore.Kind, byIgnore.Observed));
    }

    [Fact]
    public async Task An_error_that_was_found_before_stays_one()
    {
        var asked = AskedCheck.Of("logs: { service: app, project: shop }");

        var verdict = await AskAsync(asked, Assert.IsType<LogsCheck>(asked.Question) with { Ignore = [Slow.Pattern] }, "ERROR at once", $"{Slow.Text} ERROR");

        Assert.Equal((VerdictKind.DoesNotHold, "2 lines, 1 error; the first: ERROR at once"), (verdict.Kind, verdict.Observed));
    }

    private static Task<Verdict> AskAsync(AskedCheck asked, CheckQuestion question, params string[] lines)
    {
        var app = OfService("app");
        var docker = new DockerAnswers().Container(app).Log(app.Id, AskedCheck.RunStarted.AddSeconds(1), lines);
        return asked.AskAsync(question, UnusedPorts.All with { Docker = docker }, TestContext.Current.CancellationToken);
    }
}
