using Runbooks.Engine.Ports;
using Runbooks.Host.Docker;
using Runbooks.Host.Tests.Network;
using Runbooks.Testing.Contracts;

namespace Runbooks.Host.Tests.Docker;

/// <summary>What a real engine says of what containers use.</summary>
public sealed class HostDockerUsageTests : DockerUsageContract, IAsyncLifetime
{
    private TestEngine? _engine;
    private (string Running, string Ended) _names;

    protected override (string Running, string Ended) Names => _names;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _engine?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task An_engine_that_hangs_is_given_up_after_a_while()
    {
        using var server = new LoopbackServer(answer: null);
        using var docker = new HostDocker(TimeProvider.System, $"tcp://127.0.0.1:{server.Port}") { Patience = TimeSpan.FromMilliseconds(200) };

        Assert.Contains("does not answer within 200ms", (await docker.UsageAsync("x", TestContext.Current.CancellationToken)).Problem);
        Assert.Contains("does not answer within 200ms", (await docker.WrittenAsync("x", TestContext.Current.CancellationToken)).Problem);
    }

    protected override async Task<IDocker> OpenAsync()
    {
        _engine = await TestEngine.OpenAsync();
        var running = await _engine.RunAsync("head -c 100000 /dev/zero > /written; echo done; sleep 300", "--cpus", "0.5", "--memory", "64m");
        _names = (running, await _engine.RunAsync("exit 0"));
        await _engine.WaitAsync(_names.Ended);
        await Poll.UntilAsync(async () => await _engine.CommandAsync("logs", running) == "done", TestContext.Current.CancellationToken);
        return _engine.Docker;
    }
}
