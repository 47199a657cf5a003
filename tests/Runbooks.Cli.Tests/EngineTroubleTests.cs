using System.Net;
using Runbooks.Engine.Journal;
using Runbooks.Testing;

namespace Runbooks.Cli.Tests;

/// <summary>The engine is gone, or answers nothing any more, in the middle of a rollback.</summary>
public sealed class EngineTroubleTests
{
    [Fact]
    public async Task Gone_in_the_middle_the_run_says_what_is_where_and_is_taken_back_when_the_engine_is_there_again()
    {
        await using var shop = await Shop.OpenAsync();
        var (engine, files) = (shop.Project.Environment["DOCKER_HOST"], shop.ComposeFile);
        using var relay = new EngineRelay(engine ?? "");
        var run = await AtTheStartAsync(shop, relay);

        relay.Leave();
        shop.Project.Write("go", "");
        var ended = (await run.Ended).Expect(5);

        Assert.Contains("undo-failed: step 'start'", ended.Out, StringComparison.Ordinal);
        Assert.Contains("pin: done; NOT undone: the undo of 'start' failed before", ended.Out, StringComparison.Ordinal);
        Assert.Contains("stop: done; NOT undone", ended.Out, StringComparison.Ordinal);
        shop.Project.Record().IsWhole();
        Assert.Contains("app:good", shop.ComposeFile, StringComparison.Ordinal);

        shop.Project.Set("DOCKER_HOST", engine);
        (await shop.Project.RunAsync("undo")).Expect(0);

        Assert.Equal(files, shop.ComposeFile);
        Assert.Contains("runbooks-test/app:bad running", await shop.ContainerAsync("app"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.InternalServerError, await shop.HealthAsync());
    }

    [Fact]
    public async Task Answering_nothing_any_more_it_holds_nobody_who_wants_to_stop()
    {
        await using var shop = await Shop.OpenAsync();
        var engine = shop.Project.Environment["DOCKER_HOST"];
        using var relay = new EngineRelay(engine ?? "");
        var run = await AtTheStartAsync(shop, relay);

        relay.Pause();
        shop.Project.Write("go", "");
        run.Send(NativeCalls.Interrupt);
        await run.SeesAsync("undo   taking back what was changed");
        run.Send(NativeCalls.Interrupt);
        var ended = await run.Ended;

        Assert.Equal(Conclusion.UndoFailed, shop.Project.Record().IsWhole().Ended.Conclusion);
        Assert.Contains("pin: done; NOT undone", ended.Out, StringComparison.Ordinal);
        Assert.Empty(MarkedProcesses.Alive(shop.Project.Record().Id));

        shop.Project.Set("DOCKER_HOST", engine);
        (await shop.Project.RunAsync("undo")).Expect(0);
        Assert.Contains("runbooks-test/app:bad running", await shop.ContainerAsync("app"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answering_nothing_from_the_beginning_it_refuses_the_run_with_nothing_changed()
    {
        await using var shop = await Shop.OpenAsync();
        var (engine, before) = (shop.Project.Environment["DOCKER_HOST"], await shop.ContainerAsync("app"));
        using var relay = new EngineRelay(engine ?? "");
        relay.Pause();
        shop.Project.Set("DOCKER_HOST", relay.Address);

        shop.Project.Playbook("guards: [{ container: { service: app } }]\nsteps: [{ run: [touch, done] }]\n");

        var refused = (await shop.Project.ExecAsync()).Expect(3);

        Assert.Contains("nothing was changed", refused.Out, StringComparison.Ordinal);
        Assert.Contains("a guard is unknown", refused.Out, StringComparison.Ordinal);
        Assert.False(shop.Project.Has("done"));
        shop.Project.Set("DOCKER_HOST", engine);
        Assert.Equal(before, await shop.ContainerAsync("app"));
    }

    /// <summary>A rollback that has stopped the service and named the previous image, and waits before Compose is started for the new container.</summary>
    private static async Task<LiveRun> AtTheStartAsync(Shop shop, EngineRelay relay)
    {
        shop.Project.Set("DOCKER_HOST", relay.Address);
        shop.Project.Write("bin/docker", $$"""
            #!/bin/bash
            case "$*" in *" up -d "*) echo waiting; while ! test -e go; do sleep 0.02; done;; esac
            exec {{Project.Find("docker")}} "$@"
            """, executable: true);
        shop.Project.Set("PATH", $"{shop.Project.At("bin")}:{Environment.GetEnvironmentVariable("PATH")}");
        var run = shop.Project.Start("exec", Repository.PathOf("playbooks", "app-rollback.yml"), "--var", "image=runbooks-test/app", "--var", "version=good", "--var", $"port={shop.Port}", "--var", $"url=http://127.0.0.1:{shop.Port}/health", "--var", "settle=1s", "--var", "watch=1s");
        await run.SeesAsync("│ waiting");
        return run;
    }
}
