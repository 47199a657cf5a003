using Runbooks.Engine.Kinds;
using Runbooks.Host.Tests.Docker;
using Runbooks.Host.Tests.Network;

namespace Runbooks.Host.Tests.Checks;

/// <summary>The check <c>metric</c>, asked of a real Prometheus, and of what stands where one should be.</summary>
public sealed class MetricChecksTests(PrometheusServer prometheus) : IClassFixture<PrometheusServer>
{
    private static readonly RealCheck Checks = new();

    [Fact]
    public async Task A_number_is_compared_with_a_threshold()
    {
        await ScrapedAsync();

        await Checks.HoldsAsync(Check("sum(queue_length)", "equals: 11"));
        await Checks.HoldsAsync(Check("scalar(queue_length{queue=\"mail\"})", "below: 7.5"));
        Assert.Equal("11", (await Checks.DoesNotHoldAsync(Check("sum(queue_length)", "below: 11"))).Observed);
        await Checks.HoldsAsync(Check("up{job=\"shop\"}", "min: 1"));
        await Checks.DoesNotHoldAsync(Check("up{job=\"gone\"}", "min: 1"));
        await Checks.HoldsAsync(Check("sum(no_such_metric) or vector(0)", "max: 0"));
    }

    [Fact]
    public async Task A_number_is_compared_with_what_it_was_an_hour_before()
    {
        await ScrapedAsync();

        await Checks.HoldsAsync(Check("sum(queue_length)", "before: 1h", "max_increase: 10%"));
        Assert.Equal("11, 1h before 10 (+10%)", (await Checks.DoesNotHoldAsync(Check("sum(queue_length)", "before: 1h", "max_increase: 9%"))).Observed);
        Assert.Equal("7, 1h before 10 (-30%)", (await Checks.DoesNotHoldAsync(Check("sum(queue_length{queue=\"mail\"})", "before: 1h", "max_decrease: 2"))).Observed);
        await Checks.HoldsAsync(Check("sum(queue_length{queue=\"mail\"})", "before: 1h", "max_factor: 0.7"));
        Assert.StartsWith("11 now; of 12h before: the query finds no series", (await Checks.IsUnknownAsync(Check("sum(queue_length)", "before: 12h", "max_increase: 10%"))).Observed);
    }

    [Fact]
    public async Task Before_is_counted_by_the_clock_of_prometheus_to_the_millisecond()
    {
        Open();

        await Checks.HoldsAsync(Check("time()", "before: 1h", "max_increase: 3600"));
        await Checks.DoesNotHoldAsync(Check("time()", "before: 1h", "max_increase: 3599.999"));
    }

    [Theory]
    [InlineData("no_such_metric", "the query finds no series")]
    [InlineData("queue_length", "the query finds 2 series")]
    [InlineData("vector(0) / 0", "the query gives NaN")]
    [InlineData("1 / 0", "the query gives +Inf")]
    [InlineData("queue_length[5m]", "the query gives ranges")]
    [InlineData("'text'", "the query gives a text")]
    [InlineData("sum(queue_length", "does not understand the query: invalid parameter \"query\": 1:17: parse error: unclosed left parenthesis")]
    [InlineData("up * on () up", "cannot compute the query: found duplicate series")]
    public async Task A_query_that_gives_no_number_is_unknown(string query, string why)
    {
        await ScrapedAsync();

        Assert.Contains(why, (await Checks.IsUnknownAsync(Check(query, "max: 1000000"))).Observed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_may_not_ask_and_who_asks_in_the_wrong_place_is_told_so()
    {
        Open();

        Assert.Contains("refuses who asks (status 401)", (await Checks.IsUnknownAsync($"metric: {{ url: '{prometheus.Url}', query: up, max: 1 }}")).Observed);
        Assert.Contains(
            "has nothing at /api/v1/query (status 404)",
            (await Checks.IsUnknownAsync($"metric: {{ url: '{prometheus.Root}', query: up, max: 1, headers: {{ Authorization: '{PrometheusServer.Credentials}' }} }}")).Observed);
    }

    [Fact]
    public async Task What_is_no_prometheus_or_does_not_answer_is_unknown()
    {
        using var page = new LoopbackServer(LoopbackServer.Answer(200, "<html>"));
        using var starting = new LoopbackServer(LoopbackServer.Answer(503, "Service Unavailable"));
        using var login = new LoopbackServer(LoopbackServer.Answer(302, "", "https://login/"));
        using var silent = new LoopbackServer(answer: null);
        using var endless = new LoopbackServer("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{\"status\":"u8.ToArray());

        Assert.Contains("does not answer like Prometheus", await WhyAsync(page.Url));
        Assert.Contains("is not ready (status 503)", await WhyAsync(starting.Url));
        Assert.Contains("a redirect to https://login/", await WhyAsync(login.Url));
        Assert.Contains("no answer within 300ms", await WhyAsync(silent.Url));
        Assert.Contains("broke off after 10 bytes", await WhyAsync(endless.Url));
        Assert.Contains("connection refused", await WhyAsync($"http://127.0.0.1:{LoopbackServer.FreePort()}"));
    }

    private static async Task<string> WhyAsync(string url) => (await Checks.IsUnknownAsync($"metric: {{ url: '{url}', query: up, max: 1, timeout: 300ms }}")).Observed;

    private void Open() => Assert.SkipWhen(prometheus.Root.Length == 0, "needs /usr/bin/prometheus");

    /// <summary>Waits until both targets were asked.</summary>
    private async Task ScrapedAsync()
    {
        Open();
        await Poll.UntilAsync(async () => (await Checks.AskAsync(Check("count(queue_length) + count(up)", "equals: 4"))).Kind == VerdictKind.Holds, TestContext.Current.CancellationToken);
    }

    private string Check(string query, params string[] fields) =>
        $"metric:\n  url: {prometheus.Url}/\n  query: {Quoted(query)}\n  headers: {{ Authorization: '{PrometheusServer.Credentials}' }}\n{string.Concat(fields.Select(f => $"  {f}\n"))}";

    private static string Quoted(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
