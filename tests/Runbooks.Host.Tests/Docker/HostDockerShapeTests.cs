using Runbooks.Engine.Ports;
using Runbooks.Host.Tests.Files;
using Runbooks.Testing.Contracts;

namespace Runbooks.Host.Tests.Docker;

/// <summary>What a real engine says of how a container is made up.</summary>
public sealed class HostDockerShapeTests : DockerShapeContract, IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private TestEngine? _engine;
    private (string Full, string Bare, string Image, string Volume, string Folder) _names;

    protected override (string Full, string Bare, string Image, string Volume, string Folder) Names => _names;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_engine is { } engine)
        {
            await engine.DisposeAsync();
            await engine.TryCommandAsync("rmi", _names.Image);
            await engine.TryCommandAsync("volume", "rm", _names.Volume);
        }

        _folder.Dispose();
    }

    protected override async Task<IDocker> OpenAsync()
    {
        var engine = _engine = await TestEngine.OpenAsync();
        var volume = $"{engine.Unique}-data";
        var full = await engine.RunAsync(
            "sleep 300",
            "--env", "COLOUR=blue=green", "--env", "EMPTY=", "--volume", $"{volume}:/data", "--volume", $"{_folder.Path}:/etc/conf:ro", "--tmpfs", "/scratch",
            "--health-cmd", "true", "--health-interval", "1s");
        var bare = await engine.RunAsync("sleep 300");
        await engine.CommandAsync("commit", "--change", "VOLUME /own", bare, $"{engine.Unique}/own:v1");
        _names = (full, bare, $"{engine.Unique}/own:v1", volume, _folder.Path);
        await Poll.UntilAsync(async () => await engine.CommandAsync("inspect", "--format", "{{.State.Health.Status}}", full) == "healthy", TestContext.Current.CancellationToken);
        return engine.Docker;
    }
}
