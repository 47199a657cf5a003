using Runbooks.Engine.Kinds;
using Runbooks.Engine.Ports;
using Runbooks.Testing;

namespace Runbooks.Builtin.Tests.Checks.Metric;

public sealed class MetricCheckTests
{
    private const string Url = "http://prometheus:9090";
    private const string Asked = $"{Url}/api/v1/query?query=up";

    /// <summary>For when an answer is, by the clock of Prometheus.</summary>
    private const string Now = "1767330000.5";

    private const string HourBefore = $"{Asked}&time=1767326400.500";

    [Theory]
    [InlineData("below: 3.1", VerdictKind.Holds)]
    [InlineData("below: 3", VerdictKind.DoesNotHold)]
    [InlineData("above: 2.9", VerdictKind.Holds)]
    [InlineData("above: 3", VerdictKind.DoesNotHold)]
    [InlineData("equals: 3", VerdictKind.Holds)]
    [InlineData("equals: 3.0001", VerdictKind.DoesNotHold)]
    [InlineData("min: 3", VerdictKind.Holds)]
    [InlineData("min: 3.1", VerdictKind.DoesNotHold)]
    [InlineData("max: 3", VerdictKind.Holds)]
    [InlineData("max: 2.9", VerdictKind.DoesNotHold)]
    [InlineData("max: -1", VerdictKind.DoesNotHold)]
    public async Task A_number_is_compared_with_a_threshold(string threshold, VerdictKind expected)
    {
        foreach (var body in (string[])[Vector("3"), Scalar("3")])
        {
            var verdict = await AskedCheck.Of(Check(threshold)).AskAsync(new NetworkAnswers().Answer(Asked, 200, body));

            Assert.Equal((expected, "3"), (verdict.Kind, verdict.Observed));
        }
    }

    [Theory]
    [InlineData("max_increase: 10%", "110", "100", VerdictKind.Holds)]
    [InlineData("max_increase: 10%", "110.1", "100", VerdictKind.DoesNotHold)]
    [InlineData("max_increase: 300 %", "400", "100", VerdictKind.Holds)]
    [InlineData("max_increase: 10%", "1", "100", VerdictKind.Holds)]
    [InlineData("max_increase: 10%", "0", "0", VerdictKind.Holds)]
    [InlineData("max_increase: 10%", "0.001", "0", VerdictKind.DoesNotHold)]
    [InlineData("max_increase: 10%", "-90", "-100", VerdictKind.Holds)]
    [InlineData("max_increase: 10%", "-89", "-100", VerdictKind.DoesNotHold)]
    [InlineData("max_increase: 0.5", "0.5", "0", VerdictKind.Holds)]
    [InlineData("max_increase: 0.5", "0.6", "0", VerdictKind.DoesNotHold)]
    [InlineData("max_increase: 0", "1", "1", VerdictKind.Holds)]
    [InlineData("max_decrease: 10%", "90", "100", VerdictKind.Holds)]
    [InlineData("max_decrease: 10%", "89.9", "100", VerdictKind.DoesNotHold)]
    [InlineData("max_decrease: 5", "95", "100", VerdictKind.Holds)]
    [InlineData("max_decrease: 5", "94", "100", VerdictKind.DoesNotHold)]
    [InlineData("max_factor: 1.5", "150", "100", VerdictKind.Holds)]
    [InlineData("max_factor: 1.5", "151", "100", VerdictKind.DoesNotHold)]
    [InlineData("max_factor: 0.5", "51", "100", VerdictKind.DoesNotHold)]
    [InlineData("max_factor: 2", "-4", "-3", VerdictKind.Unknown)]
    public async Task A_number_is_compared_with_what_it_was_before_by_the_clock_of_prometheus(string change, string now, string before, VerdictKind expected)
    {
        var network = new NetworkAnswers().Answer(Asked, 200, Vector(now)).Answer(HourBefore, 200, Vector(before));

        var verdict = await AskedCheck.Of(Check("before: 1h", change)).AskAsync(network);

        Assert.Equal(expected, verdict.Kind);
        Assert.StartsWith($"{now}, 1h before {before}", verdict.Observed);
        Assert.Equal([Asked, HourBefore], network.Sent.Select(s => s.Url));
    }

    [Theory]
    [InlineData("110.5", "100", "110.5, 1h before 100 (+10.5%)")]
    [InlineData("75", "100", "75, 1h before 100 (-25%)")]
    [InlineData("5", "0", "5, 1h before 0")]
    public async Task The_difference_is_told(string now, string before, string observed)
    {
        var network = new NetworkAnswers().Answer(Asked, 200, Vector(now)).Answer(HourBefore, 200, Vector(before));

        Assert.Equal(observed, (await AskedCheck.Of(Check("before: 1h", "max_factor: 1")).AskAsync(network)).Observed);
    }

    [Fact]
    public async Task A_threshold_beside_before_must_hold_too()
    {
        var network = new NetworkAnswers().Answer(Asked, 200, Vector("7")).Answer(HourBefore, 200, Vector("7"));

        Assert.Equal(VerdictKind.Holds, (await AskedCheck.Of(Check("max: 7", "before: 1h", "max_increase: 0")).AskAsync(network)).Kind);
        Assert.Equal(Verdict.DoesNotHold("7"), await AskedCheck.Of(Check("max: 6", "before: 1h", "max_increase: 0")).AskAsync(network));
    }

    [Fact]
    public async Task Without_a_number_from_before_it_is_unknown()
    {
        var network = new NetworkAnswers().Answer(Asked, 200, Vector("7")).Answer(HourBefore, 200, Success("vector", "[]"));

        var verdict = await AskedCheck.Of(Check("before: 1h", "max_increase: 10%")).AskAsync(network);

        Assert.Equal(VerdictKind.Unknown, verdict.Kind);
        Assert.StartsWith("7 now; of 1h before: the query finds no series", verdict.Observed);
    }

    public static TheoryData<int, string, string> NoNumbers => new()
    {
        { 200, Success("vector", "[]"), "the query finds no series: nothing has this name and these labels at that time, or nothing is scraped; where that means zero, add 'or vector(0)'" },
        { 200, Vector("NaN"), "the query gives NaN, which is no number" },
        { 200, Vector("+Inf"), "the query gives +Inf: something is divided by zero" },
        { 200, Scalar("-Inf"), "the query gives -Inf: something is divided by zero" },
        { 200, Vector("many"), "answers with a number that cannot be read" },
        { 200, Success("matrix", """[{ "metric": {}, "values": [[1, "1"]] }]"""), "the query gives ranges and not numbers" },
        { 200, Success("string", """[1, "up"]"""), "the query gives a text and not a number" },
        { 200, Success("vector", """[{ "metric": {}, "histogram": [1, {}] }]"""), "the query gives a histogram and not a number" },
        { 200, Success("vector", "{}"), "in a form that is not known" },
        { 200, Success("vector", """[{ "metric": {}, "value": ["now", "1"] }]"""), "in a form that is not known" },
        { 200, Success("vector", """[{ "metric": {}, "value": [1, 1] }]"""), "in a form that is not known" },
        { 200, Success("scalar", "[1]"), "in a form that is not known" },
        { 200, """{ "status": "success" }""", "in a form that is not known" },
        { 200, """{ "status": "success", "data": { "resultType": "scalar", "result": [1, "3"] }, "warnings": ["one store did not answer"] }""", "warns that its answer may not be whole: one store did not answer" },
        { 400, Error("bad_data", "1:4: parse error: unexpected right parenthesis"), $"Prometheus at {Url} does not understand the query: 1:4: parse error: unexpected right parenthesis; try the query there" },
        { 422, Error("execution", "many-to-many matching not allowed"), "cannot compute the query: many-to-many matching not allowed" },
        { 503, Error("timeout", "query timed out"), "too long: query timed out; ask about a shorter time" },
        { 503, Error("unavailable", "TSDB not ready"), "is not ready: TSDB not ready; wait for it with 'within'" },
        { 500, Error("internal", "disk"), "answers with an error (status 500, internal): disk" },
        { 200, Error("internal", "disk"), "answers with an error (status 200, internal): disk" },
        { 500, Vector("3"), "answers with an error (status 500, error): it does not say why" },
        { 200, "<html>", "does not answer like Prometheus (status 200): is 'url' its address?" },
        { 200, "", "does not answer like Prometheus (status 200)" },
        { 200, "[3]", "does not answer like Prometheus (status 200)" },
        { 200, """{ "status": 3 }""", "does not answer like Prometheus (status 200)" },
        { 401, "Unauthorized", "refuses who asks (status 401): give what it wants in 'headers'" },
        { 403, """{ "message": "no" }""", "refuses who asks (status 403)" },
        { 404, "404 page not found", "has nothing at /api/v1/query (status 404): is 'url' the address of Prometheus, with its path prefix?" },
        { 503, "Service Unavailable", "is not ready (status 503): wait for it with 'within'" },
        { 302, "", "answers with a redirect (status 302): give the address where it is" },
    };

    [Theory]
    [MemberData(nameof(NoNumbers))]
    public async Task An_answer_without_one_number_is_unknown_and_says_what_to_do(int status, string body, string why)
    {
        // Each of these would hold if what is no number counted as one.
        foreach (var threshold in (string[])["max: 1000", "min: -1000", "equals: 3"])
        {
            var verdict = await AskedCheck.Of(Check(threshold)).AskAsync(new NetworkAnswers().Answer(Asked, status, body));

            Assert.Equal(VerdictKind.Unknown, verdict.Kind);
            Assert.Contains(why, verdict.Observed, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Several_series_are_unknown_and_the_first_are_shown()
    {
        var series = string.Join(", ", Enumerable.Range(1, 7).Select(i => $$"""{ "metric": { "instance": "app-{{i}}" }, "value": [1, "1"] }"""));

        var verdict = await AskedCheck.Of(Check("equals: 1")).AskAsync(new NetworkAnswers().Answer(Asked, 200, Success("vector", $"[{series}]")));

        Assert.Equal((VerdictKind.Unknown, 6), (verdict.Kind, verdict.Evidence.Length));
        Assert.StartsWith("the query finds 7 series, and which of them is meant is not said: name more labels, or put sum(…), max(…) or min(…) around it", verdict.Observed);
        Assert.Equal(("""{ "instance": "app-1" }""", "and 2 more"), (verdict.Evidence[0], verdict.Evidence[^1]));
    }

    [Fact]
    public async Task A_remark_on_the_style_of_a_query_changes_nothing()
    {
        const string Body = """{ "status": "success", "data": { "resultType": "scalar", "result": [1, "3"] }, "warnings": ["PromQL info: metric might not be a counter"], "infos": ["x"] }""";

        Assert.Equal(Verdict.Holds("3"), await AskedCheck.Of(Check("equals: 3")).AskAsync(new NetworkAnswers().Answer(Asked, 200, Body)));
    }

    [Fact]
    public async Task No_answer_is_unknown_and_not_bad()
    {
        var refused = await AskedCheck.Of(Check("max: 1")).AskAsync(new NetworkAnswers());
        var silent = await AskedCheck.Of(Check("max: 1", "timeout: 2s")).AskAsync(new NetworkAnswers().Silence(Asked));

        Assert.Equal(Verdict.Unknown($"Prometheus at {Url} cannot be asked: connection refused; is it running there, and fast enough for 'timeout'?"), refused);
        Assert.Equal(Verdict.Unknown($"Prometheus at {Url} cannot be asked: no answer within 2s; is it running there, and fast enough for 'timeout'?"), silent);
    }

    [Fact]
    public async Task An_answer_that_was_cut_is_unknown()
    {
        var network = new NetworkAnswers().Answer(Asked, _ => new HttpAnswer { Status = 200, Body = System.Text.Encoding.UTF8.GetBytes(Vector("3")), BodyWasCut = true });

        var verdict = await AskedCheck.Of(Check("equals: 3")).AskAsync(network);

        Assert.Equal(VerdictKind.Unknown, verdict.Kind);
        Assert.Contains("broke off", verdict.Observed);
    }

    [Fact]
    public async Task A_redirect_says_where_it_points()
    {
        var network = new NetworkAnswers().Answer(Asked, _ => new HttpAnswer { Status = 302, Headers = [new("Location", "https://login/")] });

        Assert.Contains("a redirect to https://login/ (status 302)", (await AskedCheck.Of(Check("max: 1")).AskAsync(network)).Observed);
    }

    [Fact]
    public async Task The_query_is_sent_as_it_is_below_a_prefix_and_with_headers()
    {
        var network = new NetworkAnswers();
        await AskedCheck.Of("metric:\n  url: http://h/prom/\n  query: 'sum(x{a=\"b c\",d=~\"{{ token }}.+\"}) / 2'\n  max: 1\n  headers: { Authorization: 'Bearer {{ token }}' }\n  timeout: 7s", null, ("token!", "s3cr3t&x")).AskAsync(network);

        var sent = Assert.Single(network.Sent);
        Assert.StartsWith("http://h/prom/api/v1/query?query=", sent.Url);
        Assert.Equal("sum(x{a=\"b c\",d=~\"s3cr3t&x.+\"}) / 2", Uri.UnescapeDataString(sent.Url.Split("?query=")[1]));
        Assert.Equal(("GET", TimeSpan.FromSeconds(7), false), (sent.Method, sent.Timeout, sent.FollowRedirects));
        Assert.Equal([new("Authorization", "Bearer s3cr3t&x")], sent.Headers);
    }

    [Fact]
    public async Task No_secret_is_said()
    {
        var check = AskedCheck.Of("metric:\n  url: 'http://h/{{ token }}'\n  query: 'x{a=\"{{ token }}\"}'\n  max: 1\n  headers: { X: '{{ token }}' }", null, ("token!", "s3cr3t-value"));
        var asked = Assert.IsType<RequestSent>(Assert.Single(check.Question.Effects));
        var verdict = await check.AskAsync(new NetworkAnswers().Answer(asked.Url.Reveal(), 400, Error("bad_data", new string('x', 290) + " s3cr3t-value: unexpected")));

        Assert.Equal("x{a=\"***\"} is at most 1, by Prometheus at http://h/***", check.Statement);
        Assert.Equal("http://h/***/api/v1/query?query=x%7Ba%3D%22***%22%7D", asked.Url.Display);
        Assert.Contains("http://h/*** does not understand the query", verdict.Observed);
        Assert.DoesNotContain("s3c", verdict.Observed);
    }

    [Theory]
    [InlineData("up is below 3", "below: 3")]
    [InlineData("up is above 0.05", "above: 0.05")]
    [InlineData("up is equal to 3", "equals: 3")]
    [InlineData("up is at least 3", "min: 3")]
    [InlineData("up is at most 3 and has risen by at most 10% since 1h30m before", "max: 3", "before: 90m", "max_increase: 10%")]
    [InlineData("up has fallen by at most 0.5 since 1h before", "before: 1h", "max_decrease: 0.5")]
    [InlineData("up is at most 1.5 times what it was 1h before", "before: 1h", "max_factor: 1.5")]
    public void The_statement_says_all_that_is_asked(string statement, params string[] fields)
    {
        var check = AskedCheck.Of(Check(fields));

        Assert.Equal($"{statement}, by Prometheus at {Url}", check.Statement);
        Assert.Empty(check.Question.Effects);
    }

    [Fact]
    public void What_waits_for_a_step_is_not_known_yet()
    {
        Assert.False(AskedCheck.Of("metric: { url: 'http://h', query: 'up{a=\"{{ steps.find.stdout }}\"}', max: 1 }").Question.IsKnown);
        Assert.False(AskedCheck.Of("metric: { url: '{{ steps.find.stdout }}', query: up, max: 1 }").Question.IsKnown);
    }

    [Theory]
    [InlineData("RB1002", "metric: { query: up, max: 1 }")]
    [InlineData("RB1002", "metric: { url: 'http://h', max: 1 }")]
    [InlineData("RB1004", "metric: { url: 'http://h', query: '', max: 1 }")]
    [InlineData("RB1004", "metric: { url: 'http://h', query: up, max: 10% }")]
    [InlineData("RB1004", "metric: { url: 'http://h', query: up, max: NaN }")]
    [InlineData("RB1005", "metric: { url: 'http://h', query: up, before: 10ms, max_factor: 1 }")]
    [InlineData("RB1005", "metric: { url: 'http://h', query: up, before: 1h, max_factor: -1 }")]
    [InlineData("RB3140", "metric: { url: 'localhost:9090', query: up, max: 1 }")]
    [InlineData("RB3141", "metric: { url: 'http://h', query: up, max: 1, headers: { 'a b': x } }")]
    [InlineData("RB3300", "metric: { url: 'http://h/?a=b', query: up, max: 1 }")]
    [InlineData("RB3300", "metric: { url: 'http://h/api/v1', query: up, max: 1 }")]
    [InlineData("RB3300", "metric: { url: 'http://h/#x', query: up, max: 1 }")]
    [InlineData("RB3301", "metric: { url: 'http://h', query: up }")]
    [InlineData("RB3302", "metric: { url: 'http://h', query: up, max: 1, min: 1 }")]
    [InlineData("RB3302", "metric: { url: 'http://h', query: up, before: 1h, max_factor: 1, max_increase: 1 }")]
    [InlineData("RB3302", "metric: { url: 'http://h', query: up, max: 1, before: 1h }")]
    [InlineData("RB3302", "metric: { url: 'http://h', query: up, max_factor: 1 }")]
    [InlineData("RB3303", "metric: { url: 'http://h', query: up, before: 1h, max_increase: -1 }")]
    [InlineData("RB3303", "metric: { url: 'http://h', query: up, before: 1h, max_decrease: 10MB }")]
    [InlineData("RB3303", "metric: { url: 'http://h', query: up, before: 1h, max_increase: '%' }")]
    [InlineData("RB3003", "metric: { url: 'http://h', query: up, before: 1h, max_increase: '{{ steps.find.stdout }}' }")]
    [InlineData("RB3004", "metric: { url: 'http://h', query: up, before: 1h, max_increase: '{{ token }}' }")]
    public void Mistakes_are_found_before_anything_runs(string code, string check) => Assert.Equal([code], AskedCheck.Of(check, null, ("token!", "10%10%10%")).Errors);

    private static string Check(params string[] fields) => $"metric:\n  url: {Url}\n  query: up\n{string.Concat(fields.Select(f => $"  {f}\n"))}";

    private static string Vector(string number) => Success("vector", $$"""[{ "metric": { "job": "app" }, "value": [{{Now}}, "{{number}}"] }]""");

    private static string Scalar(string number) => Success("scalar", $"""[{Now}, "{number}"]""");

    private static string Success(string type, string result) => $$"""{ "status": "success", "data": { "resultType": "{{type}}", "result": {{result}} } }""";

    private static string Error(string type, string error) => $$"""{ "status": "error", "errorType": "{{type}}", "error": "{{error}}" }""";
}
