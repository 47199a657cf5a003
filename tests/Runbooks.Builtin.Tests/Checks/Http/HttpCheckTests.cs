using System.Text;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Ports;
using Runbooks.Testing;

namespace Runbooks.Builtin.Tests.Checks.Http;

public sealed class HttpCheckTests
{
    private const string Url = "http://localhost:8080/health";

    [Fact]
    public async Task Status_200_holds_and_the_answer_is_told()
    {
        var verdict = await AskedCheck.Of($"http: {Url}").AskAsync(new NetworkAnswers().Answer(Url, 200));

        Assert.Equal((VerdictKind.Holds, "status 200 in 12ms"), (verdict.Kind, verdict.Observed));
    }

    [Theory]
    [InlineData(204)]
    [InlineData(301)]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task Any_other_status_does_not_hold_unless_declared(int status)
    {
        var network = new NetworkAnswers().Answer(Url, status);

        Assert.Equal(VerdictKind.DoesNotHold, (await AskedCheck.Of($"http: {Url}").AskAsync(network)).Kind);
        Assert.Equal(VerdictKind.Holds, (await AskedCheck.Of($"http: {{ url: '{Url}', status: {status} }}").AskAsync(network)).Kind);
        Assert.Equal(VerdictKind.Holds, (await AskedCheck.Of($"http: {{ url: '{Url}', status: [418, {status / 100}xx] }}").AskAsync(network)).Kind);
    }

    [Fact]
    public async Task A_redirect_says_where_it_points()
    {
        var network = new NetworkAnswers().Answer(Url, _ => new HttpAnswer { Status = 302, Headers = [new("Location", "/login")] });

        Assert.Contains("a redirect to /login", (await AskedCheck.Of($"http: {Url}").AskAsync(network)).Observed);
    }

    [Fact]
    public async Task Nobody_listening_does_not_hold()
    {
        var verdict = await AskedCheck.Of($"http: {Url}").AskAsync(new NetworkAnswers());

        Assert.Equal((VerdictKind.DoesNotHold, "connection refused"), (verdict.Kind, verdict.Observed));
    }

    [Fact]
    public async Task No_answer_in_time_does_not_hold()
    {
        var verdict = await AskedCheck.Of($"http: {{ url: '{Url}', timeout: 2s }}").AskAsync(new NetworkAnswers().Silence(Url));

        Assert.Equal((VerdictKind.DoesNotHold, "no answer within 2s"), (verdict.Kind, verdict.Observed));
    }

    [Fact]
    public async Task What_cannot_be_told_from_here_is_unknown()
    {
        var network = new NetworkAnswers().Answer(Url, _ => new HttpAnswer { Problem = "no route to the host" });

        Assert.Equal(VerdictKind.Unknown, (await AskedCheck.Of($"http: {Url}").AskAsync(network)).Kind);
    }

    [Theory]
    [InlineData("body_contains: all good", VerdictKind.Holds)]
    [InlineData("body_contains: [all, good]", VerdictKind.Holds)]
    [InlineData("body_contains: [all, bad]", VerdictKind.DoesNotHold)]
    [InlineData("body_matches: '^all \\w+$'", VerdictKind.Holds)]
    [InlineData("body_matches: '^good'", VerdictKind.DoesNotHold)]
    public async Task The_body_must_be_as_asked(string asked, VerdictKind expected)
    {
        var verdict = await AskedCheck.Of($"http:\n  url: {Url}\n  {asked}").AskAsync(new NetworkAnswers().Answer(Url, 200, "all good"));

        Assert.Equal(expected, verdict.Kind);
        Assert.Equal(expected == VerdictKind.DoesNotHold ? ["all good"] : [], verdict.Evidence);
    }

    [Theory]
    [InlineData("status: ok", VerdictKind.Holds)]
    [InlineData("checks.1.name: cache", VerdictKind.Holds)]
    [InlineData("count: 3", VerdictKind.Holds)]
    [InlineData("count: 3.0", VerdictKind.Holds)]
    [InlineData("ready: true", VerdictKind.Holds)]
    [InlineData("since: 'null'", VerdictKind.Holds)]
    [InlineData("app.version: v1", VerdictKind.Holds)]
    [InlineData("status: OK", VerdictKind.DoesNotHold)]
    [InlineData("ready: 'True'", VerdictKind.DoesNotHold)]
    [InlineData("count: 4", VerdictKind.DoesNotHold)]
    [InlineData("checks: cache", VerdictKind.DoesNotHold)]
    [InlineData("checks.2.name: cache", VerdictKind.DoesNotHold)]
    [InlineData("nothing.here: ok", VerdictKind.DoesNotHold)]
    public async Task Values_in_json_are_compared(string pair, VerdictKind expected)
    {
        const string Body = """{ "status": "ok", "count": 3, "ready": true, "since": null, "app.version": "v1", "checks": [ { "name": "db" }, { "name": "cache" } ] }""";

        Assert.Equal(expected, (await AskedCheck.Of($"http:\n  url: {Url}\n  json: {{ {pair} }}").AskAsync(new NetworkAnswers().Answer(Url, 200, Body))).Kind);
    }

    [Theory]
    [InlineData("Retry-After: ''", VerdictKind.Holds, "status 503 in 12ms")]
    [InlineData("retry-after: '300'", VerdictKind.Holds, "status 503 in 12ms")]
    [InlineData("Content-Length: '0'", VerdictKind.Holds, "status 503 in 12ms")]
    [InlineData("Retry-After: '30'", VerdictKind.DoesNotHold, "status 503 in 12ms, but its header Retry-After is '300'")]
    [InlineData("X-Cache: ''", VerdictKind.DoesNotHold, "status 503 in 12ms, but without the header X-Cache")]
    public async Task The_answer_must_have_the_headers_that_are_asked(string asked, VerdictKind expected, string observed)
    {
        var network = new NetworkAnswers().Answer(Url, _ => new HttpAnswer { Status = 503, Headers = [new("Content-Length", "0"), new("Retry-After", "300")], Elapsed = TimeSpan.FromMilliseconds(12) });

        var verdict = await AskedCheck.Of($"http: {{ url: '{Url}', status: 503, answer_headers: {{ {asked} }} }}").AskAsync(network);

        Assert.Equal((expected, observed), (verdict.Kind, verdict.Observed));
    }

    [Fact]
    public async Task A_body_that_is_not_json_does_not_hold()
    {
        var verdict = await AskedCheck.Of($"http: {{ url: '{Url}', json: {{ status: ok }} }}").AskAsync(new NetworkAnswers().Answer(Url, 200, "<html>"));

        Assert.Equal((VerdictKind.DoesNotHold, "status 200 in 12ms, but the body is not JSON"), (verdict.Kind, verdict.Observed));
    }

    [Fact]
    public async Task What_was_not_found_in_a_body_that_was_cut_is_unknown()
    {
        var network = new NetworkAnswers().Answer(Url, 200, new string('a', 2 << 20) + "needle");

        Assert.Equal(VerdictKind.Unknown, (await AskedCheck.Of($"http: {{ url: '{Url}', body_contains: needle }}").AskAsync(network)).Kind);
        Assert.Equal(VerdictKind.Holds, (await AskedCheck.Of($"http: {{ url: '{Url}', body_contains: aaa }}").AskAsync(network)).Kind);
    }

    [Fact]
    public async Task The_request_is_sent_as_planned()
    {
        var network = new NetworkAnswers().Answer(Url, 200);
        await AskedCheck.Of($"http: {{ url: '{Url}', method: POST, headers: {{ X-Token: '{{{{ token }}}}' }}, body: '{{}}', timeout: 7s }}", null, ("token!", "s3cr3t")).AskAsync(network);

        var sent = Assert.Single(network.Sent);
        Assert.Equal(("POST", "{}", TimeSpan.FromSeconds(7), false), (sent.Method, Encoding.UTF8.GetString(sent.Body.Span), sent.Timeout, sent.FollowRedirects));
        Assert.Equal([new("X-Token", "s3cr3t")], sent.Headers);
    }

    [Fact]
    public void The_statement_says_all_that_is_asked_and_no_secret()
    {
        var check = AskedCheck.Of($"http:\n  url: {Url}?key={{{{ token }}}}\n  status: [200, 3xx]\n  follow_redirects: true\n  body_contains: ok\n  json: {{ a.b: c }}", null, ("token!", "s3cr3t-value"));

        Assert.Equal($"GET {Url}?key=*** answers 200 or 3xx after redirects with \"ok\" in the body and a.b = \"c\" in its JSON", check.Statement);
    }

    [Fact]
    public void A_get_shows_nothing_in_the_plan_beside_its_statement_and_a_post_does()
    {
        Assert.Empty(AskedCheck.Of($"http: {Url}").Question.Effects);
        Assert.Single(AskedCheck.Of($"http: {{ url: '{Url}', method: POST }}").Question.Effects);
    }

    [Fact]
    public void What_waits_for_a_step_is_not_known_yet() => Assert.False(AskedCheck.Of($"http: {{ url: '{Url}', body_contains: '{{{{ steps.find.stdout }}}}' }}").Question.IsKnown);

    [Theory]
    [InlineData("http: { url: localhost:8080 }", "RB3140")]
    [InlineData("http: { url: 'http://h/', status: 700 }", "RB3142")]
    [InlineData("http: { url: 'http://h/', method: HEAD, body_contains: ok }", "RB3200")]
    [InlineData("http: { url: 'http://h/', body: x }", "RB2013")]
    [InlineData("http: { url: 'http://h/', timeout: 5m }", "RB1005")]
    [InlineData("http: { url: 'http://h/', status: [] }", "RB1017")]
    public void Mistakes_are_found_before_anything_runs(string check, string code) => Assert.Equal([code], AskedCheck.Of(check).Errors);
}
