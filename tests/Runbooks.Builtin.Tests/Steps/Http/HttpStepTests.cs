using System.Text;
using Runbooks.Builtin.Steps.Http;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Ports;
using Runbooks.Language.Playbooks;
using Runbooks.Testing;

namespace Runbooks.Builtin.Tests.Steps.Http;

public sealed class HttpStepTests
{
    private const string Post = """
        - http:
            method: POST
            url: http://localhost:8080/admin?v={{ v | url_encode }}
            headers: { X-Value: "{{ h }}", Authorization: "Bearer {{ token }}" }
            body: "{{ v }}"
            status: [200, 204]
        """;

    [Fact]
    public void The_request_is_shown_with_its_secrets_masked()
    {
        var request = Assert.IsType<RequestSent>(Assert.Single(PlannedPlaybook.Of(Post, vars: [("v", "a b"), ("h", "x"), ("token!", "hunter2")]).Effects()));

        Assert.Equal("POST", request.Method);
        Assert.Equal("http://localhost:8080/admin?v=a%20b", request.Url.Display);
        Assert.Equal(["X-Value: x", "Authorization: Bearer ***"], request.Headers.Select(h => $"{h.Name}: {h.Value.Display}"));
        Assert.Equal("a b", request.Body.Display);
    }

    [Theory]
    [InlineData("GET", Effect.Read)]
    [InlineData("HEAD", Effect.Read)]
    [InlineData("POST", Effect.Change)]
    [InlineData("DELETE", Effect.Change)]
    public void The_method_says_the_effect(string method, Effect effect) =>
        Assert.Equal(effect, PlannedPlaybook.Of($"- http: {{ url: http://localhost/, method: {method} }}").Action().Effect);

    [Theory]
    [InlineData("- http: localhost:8080/health", "RB3140")]
    [InlineData("- http: ftp://localhost/x", "RB3140")]
    [InlineData("- http: /health", "RB3140")]
    [InlineData("- http: http://localhost/a b", "RB3140")]
    [InlineData("- http: \"http://localhost/a\\nb\"", "RB3140")]
    [InlineData("- http: { url: http://localhost/, headers: { \"X Y\": a } }", "RB3141")]
    [InlineData("- http: { url: http://localhost/, headers: { X: \"a\\r\\nY: b\" } }", "RB3141")]
    [InlineData("- http: { url: http://localhost/, headers: { X: \"a\\nb\" } }", "RB3141")]
    [InlineData("- http: { url: http://localhost/, headers: { X: ä } }", "RB3141")]
    [InlineData("- http: { url: http://localhost/, headers: { X: a, x: b } }", "RB3141")]
    [InlineData("- http: { url: http://localhost/, headers: { content-length: \"3\" } }", "RB3141")]
    [InlineData("- http: { url: http://localhost/, body: x }", "RB2013")]
    [InlineData("- http: { url: http://localhost/, status: 99 }", "RB3142")]
    [InlineData("- http: { url: http://localhost/, status: [200, 6xx] }", "RB3142")]
    [InlineData("- http: { url: http://localhost/, status: ok }", "RB3142")]
    [InlineData("- http: { url: http://localhost/, timeout: 2h }", "RB1005")]
    public void What_would_be_sent_as_something_else_is_refused(string step, string code) => Assert.Equal([code], PlannedPlaybook.Of(step).Errors);

    [Fact]
    public void A_wrong_status_is_pointed_at()
    {
        var diagnostic = Assert.Single(PlannedPlaybook.Of("- http: { url: http://localhost/, status: [200, 6xx] }").Diagnostics);

        Assert.Equal("6xx", diagnostic.Source.Slice(diagnostic.Span));
    }

    [Theory]
    [MemberData(nameof(HostileValues.All), MemberType = typeof(HostileValues))]
    public async Task A_value_arrives_in_the_body_and_encoded_in_the_url_unchanged(string value)
    {
        var network = new OneAnswer(new HttpAnswer { Status = 204 });

        var outcome = await PlannedPlaybook.Of(Post, vars: [("v", value), ("h", "x"), ("token!", "hunter2")]).RunAsync(UnusedPorts.All with { Network = network, Files = new InMemoryFiles() });

        Assert.True(outcome.Succeeded, outcome.Failure);
        var sent = network.Sent ?? throw new InvalidOperationException("nothing was sent");
        Assert.Equal(value, Encoding.UTF8.GetString(sent.Body.Span));
        Assert.Equal(value, Uri.UnescapeDataString(sent.Url.Split("?v=")[1]));
        Assert.Equal("Bearer hunter2", sent.Headers[1].Value);
    }

    [Theory]
    [MemberData(nameof(HostileValues.All), MemberType = typeof(HostileValues))]
    public void A_value_in_a_header_arrives_unchanged_or_is_refused(string value)
    {
        var planned = PlannedPlaybook.Of(Post, vars: [("v", "a"), ("h", value), ("token!", "hunter2")]);

        if (value.All(c => c is >= ' ' and <= '~'))
        {
            Assert.Equal(value, ((RequestSent)planned.Effects()[0]).Headers[0].Value.Reveal());
        }
        else
        {
            Assert.Equal(["RB3141"], planned.Errors);
        }
    }

    [Fact]
    public async Task The_request_is_sent_as_planned()
    {
        var network = new OneAnswer(new HttpAnswer { Status = 200, Elapsed = TimeSpan.FromMilliseconds(12.4), Body = "pong"u8.ToArray() });
        var files = new InMemoryFiles();

        var outcome = await PlannedPlaybook.Of("- http: { url: http://localhost/ping, timeout: 3s, follow_redirects: true }").RunAsync(UnusedPorts.All with { Network = network, Files = files });

        Assert.Equal("status 200 in 12ms", outcome.Observed);
        Assert.False(outcome.Changed);
        Assert.Equal(("GET", TimeSpan.FromSeconds(3), true), (network.Sent?.Method, network.Sent?.Timeout, network.Sent?.FollowRedirects));
        Assert.Equal("pong", files.TextOf("/run/output/step-1.log"));
        Assert.Equal(4, outcome.OutputLength);
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("pong"u8)), outcome.OutputSha256);
    }

    [Fact]
    public async Task Another_status_fails_the_step_and_says_what_was_answered()
    {
        var outcome = await FailAsync(new HttpAnswer { Status = 503, Body = "no room\nat the inn"u8.ToArray() });

        Assert.Equal("POST http://localhost:8080/admin?v=a answered 503, not 200 or 204: no room", outcome.Failure);
        Assert.False(outcome.Untouched);
    }

    [Fact]
    public async Task Nobody_listening_is_certain_to_have_changed_nothing()
    {
        var outcome = await FailAsync(new HttpAnswer { Problem = "connection refused", IsDown = true, NeverSent = true });

        Assert.Equal("POST http://localhost:8080/admin?v=a had no answer: connection refused", outcome.Failure);
        Assert.True(outcome.Untouched);
    }

    [Fact]
    public async Task No_answer_leaves_a_changing_request_in_doubt()
    {
        var outcome = await FailAsync(new HttpAnswer { Problem = "no answer within 10s" });

        Assert.Equal("POST http://localhost:8080/admin?v=a had no answer: no answer within 10s; whether it was carried out is not known", outcome.Failure);
        Assert.False(outcome.Untouched);
    }

    [Fact]
    public async Task A_stop_before_the_request_sends_nothing()
    {
        var stopped = new StopTokens(new CancellationToken(canceled: true), CancellationToken.None);

        var outcome = await PlannedPlaybook.Of("- http: http://localhost/").RunAsync(UnusedPorts.All, change: c => c with { Stop = stopped });

        Assert.True(outcome.Untouched);
        Assert.NotNull(outcome.Failure);
    }

    [Theory]
    [InlineData("204", 204, 204)]
    [InlineData("2xx", 200, 299)]
    [InlineData("5XX", 500, 599)]
    public void A_status_is_a_code_or_a_class(string text, int first, int last) => Assert.Equal(new StatusRange(first, last), StatusRange.Parse(text));

    private static Task<ActionOutcome> FailAsync(HttpAnswer answer) =>
        PlannedPlaybook.Of(Post, vars: [("v", "a"), ("h", "x"), ("token!", "hunter2")]).RunAsync(UnusedPorts.All with { Network = new OneAnswer(answer), Files = new InMemoryFiles() });

    private sealed class OneAnswer(HttpAnswer answer) : INetwork
    {
        public HttpSpec? Sent { get; private set; }

        public Task<HttpAnswer> SendAsync(HttpSpec spec, CancellationToken cancel)
        {
            Sent = Sent is null ? spec : throw new InvalidOperationException("one request was planned");
            return Task.FromResult(answer);
        }

        public Task<ConnectAnswer> ConnectAsync(string host, int port, TimeSpan timeout, CancellationToken cancel) => throw new InvalidOperationException("no mere connection was planned");

        public ListenerAnswer Listeners(int port) => throw new InvalidOperationException("nobody asked for listeners");
    }
}
