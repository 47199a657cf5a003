using System.Collections.Immutable;
using System.Text;
using Runbooks.Engine.Ports;
using Xunit;

namespace Runbooks.Testing.Contracts;

/// <summary>What every implementation of <see cref="INetwork"/> does. The real adapter and the fake both inherit it.</summary>
public abstract class NetworkContract
{
    protected abstract INetwork Network { get; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Makes every request to some address get this answer.</summary>
    /// <returns>The address and the port it is on.</returns>
    protected abstract Task<(string Url, int Port)> ServeAsync(int status, string body);

    /// <summary>A place of this machine where nobody listens.</summary>
    protected abstract (string Url, int Port) Nobody();

    /// <summary>A place where connections open and no answer ever comes.</summary>
    protected abstract Task<(string Url, int Port)> SilenceAsync();

    [Fact]
    public async Task An_answer_has_status_and_body()
    {
        var (url, _) = await ServeAsync(503, "not today");

        var answer = await Network.SendAsync(new HttpSpec("GET", url), Cancel);
        Assert.Equal(503, answer.Status);
        Assert.Equal("not today", Encoding.UTF8.GetString(answer.Body.Span));
        Assert.Null(answer.Problem);
        Assert.False(answer.BodyWasCut);
    }

    [Fact]
    public async Task A_long_body_is_cut_at_the_limit()
    {
        var (url, _) = await ServeAsync(200, new string('a', 50_000));

        var answer = await Network.SendAsync(new HttpSpec("GET", url) { BodyLimit = 1000 }, Cancel);
        Assert.Equal(1000, answer.Body.Length);
        Assert.True(answer.BodyWasCut);
    }

    [Fact]
    public async Task A_body_of_just_the_limit_is_whole()
    {
        var (url, _) = await ServeAsync(200, new string('a', 1000));

        var answer = await Network.SendAsync(new HttpSpec("GET", url) { BodyLimit = 1000 }, Cancel);
        Assert.Equal(1000, answer.Body.Length);
        Assert.False(answer.BodyWasCut);
    }

    [Fact]
    public async Task Where_nobody_listens_the_service_is_down()
    {
        var answer = await Network.SendAsync(new HttpSpec("GET", Nobody().Url), Cancel);

        Assert.Null(answer.Status);
        Assert.Equal("connection refused", answer.Problem);
        Assert.True(answer.IsDown);
        Assert.True(answer.NeverSent);
    }

    [Fact]
    public async Task Silence_is_a_problem_after_the_timeout()
    {
        var (url, _) = await SilenceAsync();

        var answer = await Network.SendAsync(new HttpSpec("GET", url) { Timeout = TimeSpan.FromMilliseconds(100) }, Cancel);
        Assert.Equal("no answer within 100ms", answer.Problem);
        Assert.True(answer.IsDown);
        Assert.False(answer.NeverSent);
    }

    [Fact]
    public async Task Something_that_is_no_address_cannot_be_asked()
    {
        var answer = await Network.SendAsync(new HttpSpec("GET", "not an address"), Cancel);

        Assert.NotNull(answer.Problem);
        Assert.False(answer.IsDown);
    }

    [Fact]
    public async Task A_connection_opens_where_somebody_listens_and_is_refused_where_nobody_does()
    {
        var (_, port) = await ServeAsync(200, "");

        Assert.Equal(new ConnectAnswer(null, false), await Network.ConnectAsync("127.0.0.1", port, TimeSpan.FromSeconds(5), Cancel));
        Assert.Equal(new ConnectAnswer("connection refused", true), await Network.ConnectAsync("127.0.0.1", Nobody().Port, TimeSpan.FromSeconds(5), Cancel));
    }

    [Fact]
    public async Task Listeners_are_seen_without_connecting()
    {
        var (_, port) = await ServeAsync(200, "");

        var answer = Network.Listeners(port);
        Assert.Null(answer.Problem);
        Assert.Equal("127.0.0.1", Assert.Single(answer.Listeners).Address);
        Assert.Equal(ImmutableArray<Listener>.Empty, Network.Listeners(Nobody().Port).Listeners);
    }

    [Fact]
    public async Task A_cancelled_question_is_cancelled_and_not_answered()
    {
        var (url, port) = await SilenceAsync();
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Network.SendAsync(new HttpSpec("GET", url), cancelled.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Network.ConnectAsync("127.0.0.1", port, TimeSpan.FromSeconds(5), cancelled.Token));
    }
}
