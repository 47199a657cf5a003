using System.Net;
using System.Net.Sockets;
using Runbooks.Engine.Journal;

namespace Runbooks.Cli.Tests;

/// <summary>The way back from <c>compose</c> steps, on a real engine: the service is what it was, byte for byte of the file and image for image, or the run says that it is not.</summary>
public sealed class ComposeUndoTests
{
    [Fact]
    public async Task A_rollback_to_a_release_that_is_broken_too_is_undone_and_everything_is_as_it_was()
    {
        await using var shop = await Shop.OpenAsync();
        var (files, app, worker) = (shop.Project.Snapshot(), await shop.FactsAsync("app"), await shop.ContainerAsync("worker"));

        var run = (await shop.RunbookAsync("exec", "app-rollback.yml", "--var", "version=bad2", "--var", "patience=5s")).Expect(4);

        Assert.Contains("status 500", run.Said, StringComparison.Ordinal);
        Assert.Equal(files, shop.Project.Snapshot());
        Assert.Equal(app, await shop.FactsAsync("app"));
        Assert.Equal(worker, await shop.ContainerAsync("worker"));
        Assert.Equal(HttpStatusCode.InternalServerError, await shop.HealthAsync());
        var state = shop.Project.Record().State;
        Assert.Equal(Conclusion.Undone, state.Ended?.Conclusion);
        // The first of them fetches an image where one is to be fetched.
        Assert.Equal([UndoStanding.None, UndoStanding.Undone, UndoStanding.Undone, UndoStanding.Undone], state.Steps.Select(s => s.Undo));
    }

    [Fact]
    public async Task An_up_that_fails_after_it_has_replaced_the_container_is_undone()
    {
        await using var shop = await Shop.OpenAsync();
        var (files, app) = (shop.Project.Snapshot(), await shop.FactsAsync("app"));

        var run = (await shop.RunbookAsync("exec", "app-rollback.yml", "--var", "version=unstartable")).Expect(4);

        Assert.Contains("step 'start'", run.Said, StringComparison.Ordinal);
        Assert.Equal(files, shop.Project.Snapshot());
        Assert.Equal(app, await shop.FactsAsync("app"));
    }

    [Fact]
    public async Task A_port_that_is_taken_in_the_middle_is_undo_failed_and_says_what_is_there_and_the_undo_works_once_it_is_free()
    {
        await using var shop = await Shop.OpenAsync();
        var (files, app) = (shop.Project.Snapshot(), await shop.FactsAsync("app"));
        shop.Project.Playbook($$"""
            on_failure: undo
            steps:
              - id: stop
                compose: { command: stop, services: app, timeout: 1s }
              - id: meanwhile
                run: [touch, stopped]
                effect: read
              - id: pin
                edit: { file: docker-compose.yml, set: { services.app.image: "runbooks-test/app:good" } }
              - id: proceed
                run: [sh, -c, 'until test -e go; do sleep 0.05; done']
                effect: read
              - id: start
                compose: { command: up, services: app, no_deps: true }
            """);
        var live = shop.Project.Start("exec", "pb.yml");
        while (!shop.Project.Has("stopped"))
        {
            await Task.Delay(20, shop.Project.Cancellation);
        }

        Finished run;
        using (var stranger = new TcpListener(IPAddress.Loopback, shop.Port))
        {
            stranger.Start();
            shop.Project.Write("go", "");
            run = (await live.Ended).Expect(5);
        }

        Assert.Contains("service app had 1 container running from runbooks-test/app:bad", run.Said, StringComparison.Ordinal);
        var state = shop.Project.Record().State;
        Assert.Equal([UndoStanding.Failed, UndoStanding.Undone, UndoStanding.Undone], new[] { "stop", "pin", "start" }.Select(id => state.Steps.Single(s => s.Head.Id == id).Undo));

        (await shop.Project.RunAsync("undo", state.Started?.RunId ?? "")).Expect(0);

        File.Delete(shop.Project.At("go"));
        File.Delete(shop.Project.At("stopped"));
        File.Delete(shop.Project.At("pb.yml"));
        Assert.Equal(files, shop.Project.Snapshot());
        Assert.Equal(app, await shop.FactsAsync("app"));
    }

    [Fact]
    public async Task A_rollback_that_succeeded_can_be_taken_back_later_and_its_plan_shows_how()
    {
        await using var shop = await Shop.OpenAsync();
        var (files, app) = (shop.Project.Snapshot(), await shop.FactsAsync("app"));
        (await shop.RunbookAsync("exec", "app-rollback.yml", "--var", "version=good")).Expect(0);
        var id = shop.Project.Record().Id;
        var good = await shop.ContainerAsync("app");

        var plan = (await shop.Project.RunAsync("undo", id, "--dry-run")).Expect(0);
        Assert.Equal(good, await shop.ContainerAsync("app"));
        (await shop.Project.RunAsync("undo", id, "--reason", "it was the network")).Expect(0);

        Assert.Contains("docker start ", plan.Out, StringComparison.Ordinal);
        Assert.Contains("up --no-start --no-deps --no-build --pull never --force-recreate --scale app=1 app", plan.Out, StringComparison.Ordinal);
        Assert.Equal(files, shop.Project.Snapshot());
        Assert.Equal(app, await shop.FactsAsync("app"));
    }

    [Fact]
    public async Task A_service_that_a_later_step_alone_has_changed_has_what_its_files_said_although_an_earlier_step_was_about_another()
    {
        await using var shop = await Shop.OpenAsync();
        var (app, worker) = (await shop.FactsAsync("app"), await shop.ContainerAsync("worker"));
        shop.Project.Playbook("""
            on_failure: undo
            steps:
              - id: stop
                compose: { command: stop, services: worker, timeout: 1s }
              - id: change
                run: [sed, -i, 's/    restart: always/    restart: always\n    environment: { MORE: "1" }/', docker-compose.yml]
                undo: { run: [sed, -i, '/MORE/d', docker-compose.yml] }
              - id: start
                compose: { command: up }
              - id: fail
                run: ["false"]
                effect: read
            """);

        (await shop.Project.ExecAsync()).Expect(4);

        Assert.Equal(app, await shop.FactsAsync("app"));
        Assert.Equal(worker, await shop.ContainerAsync("worker"));
    }

    [Fact]
    public async Task The_undo_of_one_step_leaves_a_stopped_container_of_the_old_image()
    {
        await using var shop = await Shop.OpenAsync();
        (await shop.RunbookAsync("exec", "app-rollback.yml", "--var", "version=good")).Expect(0);

        (await shop.Project.RunAsync("undo", shop.Project.Record().Id, "--from", "start")).Expect(0);

        Assert.Contains("runbooks-test/app:bad created", await shop.ContainerAsync("app"), StringComparison.Ordinal);
        Assert.Contains("app:good", shop.ComposeFile, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_very_same_containers_are_started_again_and_what_did_not_run_is_stopped_again()
    {
        await using var shop = await Shop.OpenAsync();
        (await shop.ComposeAsync("stop", "--timeout", "1", "worker")).Expect(0);
        var (app, worker) = (await shop.ContainerAsync("app"), await shop.ContainerAsync("worker"));
        shop.Project.Playbook("""
            on_failure: undo
            steps:
              - id: stop
                compose: { command: stop, services: app, timeout: 1s }
              - id: start
                compose: { command: start, services: worker }
              - id: fail
                run: ["false"]
                effect: read
            """);

        (await shop.Project.ExecAsync()).Expect(4);

        Assert.Equal((app, worker), (await shop.ContainerAsync("app"), await shop.ContainerAsync("worker")));
    }

    [Fact]
    public async Task A_service_that_had_no_container_has_none_afterwards_and_so_have_those_that_it_depends_on()
    {
        await using var shop = await Shop.OpenAsync();
        shop.Project.Write("docker-compose.yml", shop.ComposeFile + """

              front:
                image: runbooks-test/app:good
                depends_on: [back]
              back:
                image: runbooks-test/app:good
            """);
        var (app, worker) = (await shop.ContainerAsync("app"), await shop.ContainerAsync("worker"));
        shop.Project.Playbook("""
            on_failure: undo
            steps:
              - id: start
                compose: { command: up, services: front }
              - id: fail
                run: ["false"]
                effect: read
            """);

        (await shop.Project.ExecAsync()).Expect(4);

        Assert.Equal("", (await shop.ComposeAsync("ps", "--all", "--quiet", "front", "back")).Expect(0).Out.Trim());
        Assert.Equal((app, worker), (await shop.ContainerAsync("app"), await shop.ContainerAsync("worker")));
    }

    [Fact]
    public async Task What_was_deployed_anew_since_the_step_is_left_as_it_is()
    {
        await using var shop = await Shop.OpenAsync();
        (await shop.RunbookAsync("exec", "app-rollback.yml", "--var", "version=good")).Expect(0);
        shop.Project.Write("docker-compose.yml", shop.ComposeFile.Replace("app:good", "app:bad2", StringComparison.Ordinal));
        (await shop.ComposeAsync("up", "-d", "app")).Expect(0);
        var deployed = await shop.ContainerAsync("app");

        var undo = (await shop.Project.RunAsync("undo", shop.Project.Record().Id)).Expect(1);

        Assert.Contains("service app was deployed anew since the step", undo.Said, StringComparison.Ordinal);
        Assert.Equal(deployed, await shop.ContainerAsync("app"));
    }

    [Fact]
    public async Task A_tag_that_names_another_image_by_now_is_said_with_the_command_that_mends_it()
    {
        await using var shop = await Shop.OpenAsync();
        var tag = $"runbooks-test/app:moved-{Guid.NewGuid():N}";
        (await shop.DockerAsync("tag", "runbooks-test/app:bad", tag)).Expect(0);
        try
        {
            shop.Project.Write("docker-compose.yml", shop.ComposeFile.Replace("app:bad ", $"{tag["runbooks-test/".Length..]} ", StringComparison.Ordinal));
            (await shop.ComposeAsync("up", "-d", "app")).Expect(0);
            var app = await shop.FactsAsync("app");
            (await shop.RunbookAsync("exec", "app-rollback.yml", "--var", "version=good")).Expect(0);
            (await shop.DockerAsync("tag", "runbooks-test/app:good", tag)).Expect(0);
            var id = shop.Project.Record().Id;

            var undo = (await shop.Project.RunAsync("undo", id)).Expect(1);
            (await shop.DockerAsync("tag", "runbooks-test/app:bad", tag)).Expect(0);
            (await shop.Project.RunAsync("undo", id)).Expect(0);

            Assert.Contains($"{tag} names another image by now", undo.Said, StringComparison.Ordinal);
            Assert.Equal(app, await shop.FactsAsync("app"));
        }
        finally
        {
            await shop.DockerAsync("image", "rm", "--force", tag);
        }
    }

    [Fact]
    public async Task A_run_that_is_killed_in_the_middle_of_an_up_is_taken_back_too()
    {
        await using var shop = await Shop.OpenAsync();
        shop.Project.Write("docker-compose.yml", shop.ComposeFile.Replace("    restart: always\n", "    restart: always\n    healthcheck: { test: [CMD, \"false\"], interval: 1h, start_period: 2h }\n", StringComparison.Ordinal));
        (await shop.ComposeAsync("up", "-d")).Expect(0);
        shop.Project.Playbook("""
            steps:
              - id: pin
                edit: { file: docker-compose.yml, set: { services.app.image: "runbooks-test/app:good" } }
              - id: start
                compose: { command: up, services: app, no_deps: true, wait: true, timeout: 1s }
            """);
        var (files, app) = (shop.Project.Snapshot(), await shop.FactsAsync("app"));
        var live = shop.Project.Start("exec", "pb.yml");
        while (!(await shop.ComposeAsync("ps", "--all", "--format", "{{.Image}} {{.State}}", "app")).Out.Contains("app:good running", StringComparison.Ordinal))
        {
            Assert.False(live.Ended.IsCompleted);
        }

        live.Send(NativeCalls.Kill);
        await live.Ended;
        var record = shop.Project.Record();
        Assert.Equal(StepStanding.InDoubt, record.State.Steps[1].Standing);
        foreach (var left in MarkedProcesses.Alive(record.Id))
        {
            _ = NativeCalls.Send(left.Pid, NativeCalls.Kill);
        }

        (await shop.Project.RunAsync("undo", record.Id)).Expect(0);

        Assert.Equal(files, shop.Project.Snapshot());
        // Only the label differs that names the Compose files: when the container was made, the file still named the new image, which was laid over.
        Assert.Equal(app.Replace(".yml", ".yml,-", StringComparison.Ordinal), await shop.FactsAsync("app"));
    }
}
