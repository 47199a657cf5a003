using System.Net;
using System.Net.Sockets;
using Runbooks.Engine.Journal;
using Runbooks.Testing;

namespace Runbooks.Cli.Tests;

/// <summary>The playbooks that ship, run by the binary on a real engine: broken first, rolled back, validated.</summary>
public sealed class PlaybookTests
{
    [Fact]
    public async Task App_rollback_brings_the_service_back_and_pins_the_image_and_touches_nothing_else()
    {
        await using var shop = await Shop.OpenAsync();
        var (before, worker) = (shop.ComposeFile, await shop.ContainerAsync("worker"));
        Assert.Equal(HttpStatusCode.InternalServerError, await shop.HealthAsync());

        var run = (await shop.RunbookAsync("exec", "app-rollback.yml", "--var", "version=good", "--reason", "500 since the release")).Expect(0);

        Assert.Equal(HttpStatusCode.OK, await shop.HealthAsync());
        Assert.Contains("runbooks-test/app:good running", await shop.ContainerAsync("app"), StringComparison.Ordinal);
        Assert.Equal(worker, await shop.ContainerAsync("worker"));
        Assert.Equal(ReplaceFirst(before, "app:bad", "app:good"), shop.ComposeFile);
        var state = shop.Project.Record().State;
        Assert.True(state.IsSealed);
        Assert.Equal(Conclusion.Succeeded, state.Ended?.Conclusion);
        Assert.Equal("500 since the release", state.Started?.Reason);
        Assert.Contains("succeeded", run.Out, StringComparison.Ordinal);
        Assert.Contains("2 good samples in 1s: the same container, running", run.Out, StringComparison.Ordinal);
    }

    /// <summary>It answers well for some seconds, and then it crashes, again and again.</summary>
    [Fact]
    public async Task A_release_that_crashes_after_it_was_well_is_no_success()
    {
        await using var shop = await Shop.OpenAsync(place =>
        [
            ("docker-compose.yml", $$"""
                name: {{place.Name}}
                services:
                  app:
                    image: runbooks-test/app:bad
                    command: [sh, -c, 'trap "exit 0" TERM; sh /app/serve & sleep 8 & wait $$!; exit 1']
                    ports: ["127.0.0.1:{{place.Port}}:8080"]
                    restart: always
                """),
        ]);

        var run = (await shop.RunbookAsync("exec", "app-rollback.yml", "--var", "version=good", "--var", "watch=10s")).Expect(1);

        Assert.Contains("its container goes on as it is for 10s", run.Said, StringComparison.Ordinal);
        var state = shop.Project.Record().State;
        Assert.Equal(Conclusion.Failed, state.Ended?.Conclusion);
        Assert.Contains(state.Validations[2].Verdict, (string[])["does-not-hold", "unknown"]);
        Assert.Contains("runbooks-test/app:good", await shop.ContainerAsync("app"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task App_rollback_fast_brings_the_service_back_and_changes_no_file()
    {
        await using var shop = await Shop.OpenAsync();
        var (before, worker) = (shop.Project.Snapshot(), await shop.ContainerAsync("worker"));

        (await shop.RunbookAsync("exec", "app-rollback-fast.yml", "--var", "version=good")).Expect(0);

        Assert.Equal(HttpStatusCode.OK, await shop.HealthAsync());
        Assert.Contains("runbooks-test/app:good running", await shop.ContainerAsync("app"), StringComparison.Ordinal);
        Assert.Equal(worker, await shop.ContainerAsync("worker"));
        Assert.Equal(before, shop.Project.Snapshot());
    }

    [Fact]
    public async Task App_rollback_fast_takes_several_files_an_env_file_elsewhere_and_the_name_of_the_project()
    {
        await using var shop = await Shop.OpenAsync();
        var name = (await shop.ComposeAsync("ps", "--format", "{{.Project}}", "app")).Expect(0).Out.Trim();
        var files = shop.ComposeFile.Replace($"name: {name}\n", "", StringComparison.Ordinal);
        shop.Project.Write("docker-compose.yml", files);
        // For the test's own calls of Compose; what the operator has set there has no say.
        shop.Project.Set("COMPOSE_PROJECT_NAME", name);
        shop.Project.Write("deploy/more.yml", "services:\n  app:\n    labels: { where: \"${WHERE}\" }\n");
        shop.Project.Write("deploy/it.env", "WHERE=here\n");

        (await shop.RunbookAsync("exec", "app-rollback-fast.yml", "--var", "version=good", "--var", "compose=docker-compose.yml,deploy/more.yml", "--var", $"compose_project={name}", "--var", "env_file=deploy/it.env")).Expect(0);

        Assert.Equal(HttpStatusCode.OK, await shop.HealthAsync());
        Assert.Contains("runbooks-test/app:good running", await shop.ContainerAsync("app"), StringComparison.Ordinal);
        Assert.Contains("where=here", (await shop.ComposeAsync("ps", "--format", "{{.Labels}}", "app")).Expect(0).Out, StringComparison.Ordinal);
        Assert.Equal(files, shop.ComposeFile);
    }

    [Fact]
    public async Task App_rollback_fast_to_a_release_that_cannot_be_started_leaves_the_container_as_it_was()
    {
        await using var shop = await Shop.OpenAsync();
        var before = shop.Project.Snapshot();

        (await shop.RunbookAsync("exec", "app-rollback-fast.yml", "--var", "version=unstartable")).Expect(4);

        Assert.Contains("runbooks-test/app:bad running", await shop.ContainerAsync("app"), StringComparison.Ordinal);
        Assert.Equal(before, shop.Project.Snapshot());
        Assert.Equal(UndoStanding.Undone, shop.Project.Record().IsWhole().Step("recreate").Undo);
    }

    [Fact]
    public async Task A_rollback_that_was_killed_while_Compose_was_at_work_is_gone_on_with()
    {
        await using var shop = await Shop.OpenAsync();
        var live = shop.Project.Start("exec", Repository.PathOf("playbooks", "app-rollback.yml"), "--var", "image=runbooks-test/app", "--var", "version=good", "--var", $"port={shop.Port}", "--var", $"url=http://127.0.0.1:{shop.Port}/health", "--var", "settle=1s", "--var", "watch=1s");
        await live.SeesAsync("step   4/4 start");
        live.Send(NativeCalls.Kill);
        await live.Ended;
        while (MarkedProcesses.Alive(shop.Project.Record().Id).Count > 0)
        {
            await Task.Delay(20, shop.Project.Cancellation);
        }

        (await shop.Project.RunAsync("resume")).Expect(0);

        Assert.Equal(HttpStatusCode.OK, await shop.HealthAsync());
        Assert.Contains("runbooks-test/app:good running", await shop.ContainerAsync("app"), StringComparison.Ordinal);
        shop.Project.Record().IsWhole();
        (await shop.Project.RunAsync("audit", "verify")).Expect(0);
    }

    [Theory]
    [InlineData("app-rollback.yml")]
    [InlineData("app-rollback-fast.yml")]
    public async Task A_preview_and_an_image_that_is_not_there_change_nothing(string playbook)
    {
        await using var shop = await Shop.OpenAsync();
        var (files, app, worker) = (shop.Project.Snapshot(), await shop.ContainerAsync("app"), await shop.ContainerAsync("worker"));

        var plan = (await shop.RunbookAsync("plan", playbook, "--var", "version=good")).Expect(0);
        var refused = (await shop.RunbookAsync("exec", playbook, "--var", "version=v9.9.9")).Expect(3);

        Assert.Contains("runbooks-test/app:good", plan.Out, StringComparison.Ordinal);
        Assert.Contains("runbooks-test/app:v9.9.9", refused.Said, StringComparison.Ordinal);
        Assert.Contains("refused", refused.Said, StringComparison.Ordinal);
        Assert.Contains("nothing was changed", refused.Said, StringComparison.Ordinal);
        Assert.Equal(files, shop.Project.Snapshot());
        Assert.Equal((app, worker), (await shop.ContainerAsync("app"), await shop.ContainerAsync("worker")));
    }

    [Theory]
    [InlineData("app-rollback.yml")]
    [InlineData("app-rollback-fast.yml")]
    public async Task A_port_that_a_stranger_holds_refuses_the_rollback_and_names_the_stranger(string playbook)
    {
        await using var shop = await Shop.OpenAsync();
        using var stranger = new TcpListener(IPAddress.Loopback, 0);
        stranger.Start();
        var port = ((IPEndPoint)stranger.LocalEndpoint).Port;
        var app = await shop.ContainerAsync("app");

        var refused = (await shop.Project.RunAsync("exec", Repository.PathOf("playbooks", playbook), "--var", "image=runbooks-test/app", "--var", "version=good", "--var", $"port={port}")).Expect(3);

        Assert.Contains($"port {port}", refused.Said, StringComparison.Ordinal);
        Assert.Contains($"{Environment.ProcessId}", refused.Said, StringComparison.Ordinal);
        Assert.Equal(app, await shop.ContainerAsync("app"));
    }

    private static string ReplaceFirst(string text, string old, string replacement)
    {
        var at = text.IndexOf(old, StringComparison.Ordinal);
        return string.Concat(text.AsSpan(0, at), replacement, text.AsSpan(at + old.Length));
    }
}
