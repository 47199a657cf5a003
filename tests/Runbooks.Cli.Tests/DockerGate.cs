namespace Runbooks.Cli.Tests;

/// <summary>Docker stands still the first time that it is started with certain words, so that a run is where a test wants it.</summary>
internal sealed class DockerGate
{
    private readonly Shop _shop;

    private DockerGate(Shop shop) => _shop = shop;

    /// <param name="words">A part of its command line.</param>
    /// <param name="isDone">It stands still when it has done what it was told; else before.</param>
    /// <param name="after">What it does when the gate is opened, as a line of bash; when it is empty, what it was told.</param>
    internal static DockerGate Close(Shop shop, string words, bool isDone, string after = "")
    {
        File.Delete(shop.Project.At("go"));
        File.Delete(shop.Project.At("held"));
        shop.InsteadOfDocker($$"""
            if [[ " $* " == *"{{words}}"* ]] && [ ! -e {{shop.Project.At("held")}} ]; then
              touch {{shop.Project.At("held")}}
              {{(isDone ? "real \"$@\"" : ":")}}
              touch {{shop.Project.At("reached")}}
              while test ! -e {{shop.Project.At("go")}}; do sleep 0.02; done
              {{after}}
            fi
            """);
        return new DockerGate(shop);
    }

    /// <summary>Until the run stands before it.</summary>
    internal async Task ReachedAsync(LiveRun run)
    {
        while (!_shop.Project.Has("reached"))
        {
            Assert.False(run.Ended.IsCompleted, run.Ended.IsCompleted ? (await run.Ended).ToString() : "");
            await Task.Delay(20, _shop.Project.Cancellation);
        }

        File.Delete(_shop.Project.At("reached"));
    }

    internal void Open() => _shop.Project.Write("go", "");

    /// <summary>kill -9 of a run that stands before it; when this returns, nothing is left of the run.</summary>
    internal async Task KillAsync(LiveRun run)
    {
        await ReachedAsync(run);
        run.Send(NativeCalls.Kill);
        await run.Ended;
        Open();
        while (MarkedProcesses.Alive(_shop.Project.Records()[^1].Id).Count > 0)
        {
            await Task.Delay(20, _shop.Project.Cancellation);
        }
    }
}
