using Runbooks.Builtin.Checks.Tcp;
using Runbooks.Engine.Kinds;
using Runbooks.Testing;

namespace Runbooks.Builtin.Tests.Checks.Tcp;

public sealed class TcpCheckTests
{
    [Theory]
    [InlineData("tcp: db:5432")]
    [InlineData("tcp: { address: 'db:5432' }")]
    [InlineData("tcp: { host: db, port: 5432 }")]
    public async Task A_connection_that_opens_holds(string check)
    {
        var asked = AskedCheck.Of(check);

        Assert.Equal("db:5432 accepts TCP connections", asked.Statement);
        Assert.Equal(VerdictKind.Holds, (await asked.AskAsync(new NetworkAnswers().Connection("db", 5432))).Kind);
    }

    [Fact]
    public async Task A_refused_connection_does_not_hold()
    {
        var verdict = await AskedCheck.Of("tcp: db:5432").AskAsync(new NetworkAnswers());

        Assert.Equal((VerdictKind.DoesNotHold, "connection refused"), (verdict.Kind, verdict.Observed));
    }

    [Fact]
    public async Task What_cannot_be_told_from_here_is_unknown()
    {
        var verdict = await AskedCheck.Of("tcp: db:5432").AskAsync(new NetworkAnswers().Connection("db", 5432, "no route to the host"));

        Assert.Equal((VerdictKind.Unknown, "no route to the host"), (verdict.Kind, verdict.Observed));
    }

    [Fact]
    public async Task An_ipv6_address_is_given_without_brackets_to_the_network()
    {
        var network = new NetworkAnswers().Connection("::1", 80);

        Assert.Equal(VerdictKind.Holds, (await AskedCheck.Of("tcp: '[::1]:80'").AskAsync(network)).Kind);
        Assert.Equal(VerdictKind.Holds, (await AskedCheck.Of("tcp: { host: '::1', port: 80 }").AskAsync(network)).Kind);
    }

    [Theory]
    [InlineData("tcp: localhost", "RB3211")]
    [InlineData("tcp: '::1:80'", "RB3211")]
    [InlineData("tcp: 'http://localhost:80'", "RB3211")]
    [InlineData("tcp: 'localhost:0'", "RB3211")]
    [InlineData("tcp: { host: localhost }", "RB3210")]
    [InlineData("tcp: { port: 80 }", "RB3210")]
    [InlineData("tcp: { address: 'a:1', port: 80 }", "RB3210")]
    [InlineData("tcp: { host: localhost, port: 70000 }", "RB1005")]
    public void Mistakes_are_found_before_anything_runs(string check, string code) => Assert.Equal([code], AskedCheck.Of(check).Errors);

    [Theory]
    [InlineData("a:1", "a", 1)]
    [InlineData("[::1]:65535", "::1", 65535)]
    [InlineData("127.0.0.1:80", "127.0.0.1", 80)]
    public void Addresses_are_taken_apart(string text, string host, int port) => Assert.Equal(new TcpAddress(host, port), TcpAddress.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData(":80")]
    [InlineData("a:")]
    [InlineData("a:-1")]
    [InlineData("a:65536")]
    [InlineData("a b:80")]
    [InlineData("[a]:80")]
    public void What_is_no_address_is_told_apart(string text) => Assert.Null(TcpAddress.Parse(text));
}
