using System.Collections.Concurrent;
using System.Diagnostics;

namespace Runbooks.Cli.Tests;

/// <summary>What the engine itself says was removed while it is watched: volumes of a shop, those without a name too, and its images.</summary>
internal sealed class EngineWatch : IAsyncDisposable
{
    private readonly Shop _shop;
    private readonly Process _events;
    private readonly Task _reading;
    private readonly ConcurrentQueue<string> _removed = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _fences = new(StringComparer.Ordinal);
    private HashSet<string> _volumes = [];
    private string _images = "";

    private EngineWatch(Shop shop, Process events)
    {
        (_shop, _events) = (shop, events);
        _reading = ReadAsync();
    }

    internal static async Task<EngineWatch> BeginAsync(Shop shop)
    {
        var start = new ProcessStartInfo(Project.Find("docker"), ["events", "--filter", "event=destroy", "--filter", "event=delete", "--format", "{{.Type}} {{.Action}} {{.Actor.ID}}"]) { RedirectStandardOutput = true, UseShellExecute = false };
        start.Environment["DOCKER_HOST"] = shop.Project.Environment["DOCKER_HOST"];
        var watch = new EngineWatch(shop, Process.Start(start) ?? throw new InvalidOperationException("docker could not be started"));
        watch._volumes = [.. await watch.MountedAsync()];
        watch._images = await watch.ImagesAsync();
        await watch.CatchUpAsync();
        return watch;
    }

    /// <summary>The volumes of the shop that were removed since, and whether its images are others.</summary>
    internal async Task<IReadOnlyList<string>> RemovedAsync()
    {
        await CatchUpAsync();
        var images = await ImagesAsync();
        return [.. _removed.Where(IsOfTheShop), .. images == _images ? (string[])[] : [$"images were:\n{_images}\nand are:\n{images}"]];
    }

    /// <summary>Until everything is read that the engine has told before this. It is made to tell something again and again, because nobody knows when it begins to.</summary>
    private async Task CatchUpAsync()
    {
        var fence = $"rbfence{Guid.NewGuid():N}";
        var seen = _fences.GetOrAdd(fence, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        while (!seen.Task.IsCompleted)
        {
            (await _shop.DockerAsync("volume", "create", fence)).Expect(0);
            (await _shop.DockerAsync("volume", "rm", fence)).Expect(0);
            await Task.WhenAny(seen.Task, Task.Delay(100, _shop.Project.Cancellation));
        }
    }

    private bool IsOfTheShop(string removed) => removed.Split(' ') is ["volume", _, var name] && (_volumes.Contains(name) || name.StartsWith($"{_shop.Name}_", StringComparison.Ordinal));

    private async Task<string[]> MountedAsync() => Lines(await _shop.DockerAsync(["inspect", "--format", """{{range .Mounts}}{{println .Name}}{{end}}""", .. await ContainersAsync()]));

    /// <summary>What the names mean of the images to which the shop may go back.</summary>
    private async Task<string> ImagesAsync() => (await _shop.DockerAsync("image", "inspect", "--format", "{{.Id}}", "runbooks-test/app:good", "runbooks-test/app:bad")).Expect(0).Out;

    private async Task<string[]> ContainersAsync() => Lines(await _shop.DockerAsync("ps", "--all", "--quiet", "--filter", $"label=com.docker.compose.project={_shop.Name}"));

    private static string[] Lines(Finished finished) => finished.Expect(0).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private async Task ReadAsync()
    {
        while (await _events.StandardOutput.ReadLineAsync() is { } line)
        {
            _removed.Enqueue(line);
            if (_fences.TryGetValue(line.Split(' ')[^1], out var seen))
            {
                seen.TrySetResult();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _events.Kill();
        await _events.WaitForExitAsync();
        await _reading;
        _events.Dispose();
    }
}
