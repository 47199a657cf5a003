using Runbooks.Engine.Ports;
using Runbooks.Host.Docker;
using Runbooks.Testing.Contracts;

namespace Runbooks.Cli.Tests;

/// <summary>What a real engine says after it has asked a real registry. It is asked here, where one is started anyway.</summary>
public sealed class HostDockerRegistryTests : DockerRegistryContract, IAsyncDisposable
{
    private readonly HostDocker _docker = new(TimeProvider.System, Environment.GetEnvironmentVariable("RUNBOOKS_TEST_DOCKER_HOST"));
    private Shop? _shop;
    private Registry? _registry;

    protected override async Task<(IDocker Docker, string Has, string HasNot, string Gone)> OpenAsync()
    {
        _shop = await Shop.OpenAsync();
        _registry = Registry.Open(_shop);
        var digest = await _registry.PushAsync("runbooks-test/app:good", "good");
        return (_docker, $"{_registry.Repository}@{digest}", $"{_registry.Repository}@sha256:{new string('0', 64)}", $"127.0.0.1:{Shop.FreePort()}/app@{digest}");
    }

    public async ValueTask DisposeAsync()
    {
        _docker.Dispose();
        if (_registry is not null)
        {
            await _registry.DisposeAsync();
        }

        if (_shop is not null)
        {
            await _shop.DisposeAsync();
        }
    }
}
