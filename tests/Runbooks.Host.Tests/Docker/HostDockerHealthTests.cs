using Runbooks.Engine.Ports;
using Runbooks.Testing.Contracts;

namespace Runbooks.Host.Tests.Docker;

/// <summary>What a real engine says of health checks.</summary>
public sealed class HostDockerHealthTests : DockerHealthContract, IAsyncLifetime
{
    private TestEngine? _engine;
    private (string Set, string Usual, string Without, string Off) _names;

    protected override (string Set, string Usual, string Without, string Off) Names => _names;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _engine?.DisposeAsync() ?? ValueTask.CompletedTask;

    protected override async Task<IDocker> OpenAsync()
    {
        _engine = await TestEngine.OpenAsync();
        _names = (
            await _engine.RunAsync("sleep 300", "--health-cmd", "true", "--health-start-period", "5s", "--health-interval", "2s", "--health-timeout", "3s", "--health-retries", "4"),
            await _engine.RunAsync("sleep 300", "--health-cmd", "true"),
            await _engine.RunAsync("sleep 300"),
            await _engine.RunAsync("sleep 300", "--no-healthcheck"));
        return _engine.Docker;
    }
}
