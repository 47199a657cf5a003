using System.Net;
using System.Net.Sockets;
using System.Text;
using Runbooks.Engine.Ports;
using Runbooks.Host.Network;

namespace Runbooks.Host.Tests.Network;

public sealed class HostNetworkTests
{
    private readonly HostNetwork _network = new(TimeProvider.System);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_redirect_is_an_answer_of_its_own()
    {
        using var target = new LoopbackServer(LoopbackServer.Answer(200, "moved here"));
        using var server = new LoopbackServer(LoopbackServer.Answer(302, "", target.Url));

        var answer = await _network.SendAsync(new HttpSpec("GET", server.Url), Cancel);
        Assert.Equal(302, answer.Status);
        Assert.Contains(answer.Headers, h => h.Key == "Location" && h.Value == target.Url);
        Assert.Empty(target.Requests);
    }

    [Fact]
    public async Task A_redirect_is_followed_when_asked()
    {
        using var target = new LoopbackServer(LoopbackServer.Answer(200, "moved here"));
        using var server = new LoopbackServer(LoopbackServer.Answer(302, "", target.Url));

        var answer = await _network.SendAsync(new HttpSpec("GET", server.Url) { FollowRedirects = true }, Cancel);
        Assert.Equal((200, "moved here"), (answer.Status, Encoding.UTF8.GetString(answer.Body.Span)));
    }

    [Fact]
    public async Task After_a_redirect_something_was_sent_though_the_second_place_refuses()
    {
        using var server = new LoopbackServer(LoopbackServer.Answer(307, "", $"http://127.0.0.1:{LoopbackServer.FreePort()}/"));

        var answer = await _network.SendAsync(new HttpSpec("POST", server.Url) { FollowRedirects = true }, Cancel);
        Assert.Equal("connection refused", answer.Problem);
        Assert.False(answer.NeverSent);
    }

    [Fact]
    public async Task Headers_and_values_arrive_as_they_are()
    {
        using var server = new LoopbackServer(LoopbackServer.Answer(200, ""));
        var spec = new HttpSpec("POST", server.Url)
        {
            Headers = [new("X-Odd", "$(touch x); \"'ü"), new("Content-Type", "application/json"), new("Host", "shop.example"), new("User-Agent", "curl/8")],
            Body = "{}"u8.ToArray(),
        };

        await _network.SendAsync(spec, Cancel);
        var head = Assert.Single(server.Requests);
        Assert.StartsWith("POST / HTTP/1.1\r\n", head);
        Assert.Contains("X-Odd: $(touch x); \"'ü\r\n", head);
        Assert.Contains("Content-Type: application/json\r\n", head);
        Assert.Contains("Host: shop.example\r\n", head);
        Assert.Contains("User-Agent: curl/8\r\n", head);
    }

    [Fact]
    public async Task A_value_with_a_line_break_sends_nothing()
    {
        using var server = new LoopbackServer(LoopbackServer.Answer(200, ""));

        var answer = await _network.SendAsync(new HttpSpec("GET", server.Url) { Headers = [new("X-A", "1\r\nX-B: 2")] }, Cancel);
        Assert.NotNull(answer.Problem);
        Assert.False(answer.IsDown);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_body_that_never_ends_still_gives_the_status()
    {
        using var server = new LoopbackServer("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n"u8.ToArray(), keepOpen: true);

        var answer = await _network.SendAsync(new HttpSpec("GET", server.Url) { Timeout = TimeSpan.FromMilliseconds(300) }, Cancel);
        Assert.Equal(200, answer.Status);
        Assert.True(answer.BodyWasCut);
        Assert.Equal("data: 1\n\n", Encoding.UTF8.GetString(answer.Body.Span));
    }

    [Fact]
    public async Task Something_that_does_not_speak_http_is_down()
    {
        using var server = new LoopbackServer("220 mail.example ESMTP\r\n"u8.ToArray());

        var answer = await _network.SendAsync(new HttpSpec("GET", server.Url), Cancel);
        Assert.Equal("the answer is not HTTP", answer.Problem);
        Assert.True(answer.IsDown);
    }

    [Fact]
    public async Task A_connection_that_closes_without_a_word_is_down()
    {
        using var server = new LoopbackServer([]);

        var answer = await _network.SendAsync(new HttpSpec("GET", server.Url), Cancel);
        Assert.Equal("the connection was closed without an answer", answer.Problem);
        Assert.True(answer.IsDown);
        Assert.False(answer.NeverSent);
    }

    [Fact]
    public async Task Plain_http_where_tls_is_expected_is_down()
    {
        using var server = new LoopbackServer(LoopbackServer.Answer(200, ""));

        var answer = await _network.SendAsync(new HttpSpec("GET", $"https://127.0.0.1:{server.Port}/") { Timeout = TimeSpan.FromSeconds(2) }, Cancel);
        Assert.NotNull(answer.Problem);
        Assert.True(answer.IsDown);
    }

    [Theory]
    [InlineData("ftp://127.0.0.1/")]
    [InlineData("127.0.0.1:8080/health")]
    [InlineData("")]
    public async Task Other_addresses_than_http_are_refused_by_a_sentence(string url)
    {
        var answer = await _network.SendAsync(new HttpSpec("GET", url), Cancel);

        Assert.Equal($"'{url}' is not an http or https address", answer.Problem);
        Assert.False(answer.IsDown);
    }

    [Fact]
    public void A_listener_is_named_with_its_process()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "elsewhere nobody can be named");
        using var server = new LoopbackServer(answer: null);

        var listener = Assert.Single(_network.Listeners(server.Port).Listeners);
        Assert.Equal(Environment.ProcessId, listener.Pid);
        Assert.NotNull(listener.Program);
    }

    [Fact]
    public void A_listener_on_ipv6_is_seen()
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "this machine has no IPv6");
        using var server = new TcpListener(IPAddress.IPv6Loopback, 0);
        server.Start();

        var listener = Assert.Single(_network.Listeners(((IPEndPoint)server.LocalEndpoint).Port).Listeners);
        Assert.Equal("::1", listener.Address);
    }

    [Fact]
    public void Trying_to_bind_tells_taken_from_free()
    {
        using var server = new LoopbackServer(answer: null);

        Assert.Single(BindAttempt.On(server.Port).Listeners);
        Assert.Empty(BindAttempt.On(LoopbackServer.FreePort()).Listeners);
    }

    [Theory]
    [InlineData("   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4711 1 0 100 0 0 10 0", "127.0.0.1", "4711")]
    [InlineData("   1: 00000000:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 12 1 0", "0.0.0.0", "12")]
    [InlineData("   0: 00000000000000000000000001000000:1F90 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 9 1", "::1", "9")]
    [InlineData("   0: 0000000000000000FFFF00000100007F:1F90 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 9 1", "127.0.0.1", "9")]
    public void The_table_of_the_kernel_is_read(string line, string address, string inode) =>
        Assert.Equal((address, inode), LinuxListeners.Parse(line, 8080));

    [Theory]
    [InlineData("   0: 0100007F:1F90 0100007F:9C40 01 00000000:00000000 00:00000000 00000000  1000        0 4711 1")]
    [InlineData("   0: 0100007F:1F91 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4711 1")]
    [InlineData("garbage")]
    [InlineData("")]
    public void What_does_not_listen_on_the_port_is_passed_over(string line) => Assert.Null(LinuxListeners.Parse(line, 8080));
}
