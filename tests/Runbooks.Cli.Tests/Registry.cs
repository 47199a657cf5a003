using System.Text;
using CliWrap;

namespace Runbooks.Cli.Tests;

/// <summary>A real registry of images of its own, on a free port of 127.0.0.1: only what came from one has a digest by which it can be named. Ended with the test.</summary>
internal sealed class Registry : IAsyncDisposable
{
    private const string Program = "/usr/bin/docker-registry";

    private readonly Shop _shop;
    private readonly CancellationTokenSource _stop = new();
    private readonly StringBuilder _said = new();
    private readonly Task _server;

    private Registry(Shop shop)
    {
        _shop = shop;
        shop.Project.Write("registry.yml", $$"""
            version: 0.1
            log: { level: error }
            storage: { filesystem: { rootdirectory: "{{shop.Project.At("images")}}" } }
            http: { addr: "127.0.0.1:{{Port}}" }
            """);
        _server = CliWrap.Cli.Wrap(Program).WithArguments(["serve", shop.Project.At("registry.yml")])
            // Read, so that it can write: it ends when nobody does.
            .WithStandardOutputPipe(PipeTarget.ToStringBuilder(_said)).WithStandardErrorPipe(PipeTarget.ToStringBuilder(_said))
            .WithValidation(CommandResultValidation.None).ExecuteAsync(CancellationToken.None, _stop.Token);
    }

    /// <summary>The repository in it.</summary>
    internal string Repository => $"127.0.0.1:{Port}/{_shop.Name}";

    private int Port { get; } = Shop.FreePort();

    internal static Registry Open(Shop shop)
    {
        Assert.SkipWhen(!File.Exists(Program), "needs the Debian package docker-registry");
        return new Registry(shop);
    }

    /// <summary>Pushes an image of the engine.</summary>
    /// <returns>Its digest.</returns>
    internal async Task<string> PushAsync(string image, string tag)
    {
        var name = $"{Repository}:{tag}";
        (await _shop.DockerAsync("tag", image, name)).Expect(0);
        _shop.AtTheEnd("image", "rm", "--force", name);
        while (true)
        {
            // It needs a moment until it listens.
            var pushed = await _shop.DockerAsync("push", name);
            if (pushed.Exit == 0)
            {
                return pushed.Out.Split("digest: ")[1].Split(' ')[0];
            }

            Assert.False(_server.IsCompleted, $"the registry has ended: {_said}");
            Assert.Contains("connection refused", pushed.Said, StringComparison.Ordinal);
        }
    }

    /// <summary>It has nothing any more, as after a clean-up that keeps the newest only.</summary>
    internal void Forget() => Directory.Delete(_shop.Project.At("images"), recursive: true);

    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        await _stop.CancelAsync();
        try
        {
            await _server;
        }
        catch (OperationCanceledException)
        {
            // What CliWrap makes of an end that was asked for.
        }

        _stop.Dispose();
    }
}
