using System.Net;
using Runbooks.Testing;

namespace Runbooks.Cli.Tests;

/// <summary>Broken deployments on a real engine: what <c>runbook assess</c> says of them, and what is advised.</summary>
public sealed class AssessTests(AssessedShop shop) : IClassFixture<AssessedShop>
{
    [Fact]
    public async Task A_release_that_answers_500_is_gone_back_from_by_the_command_that_is_advised()
    {
        await shop.AsItWasAsync();
        await shop.Release.DeployAsync("bad");
        var before = shop.Project.Snapshot();

        var seen = await shop.AssessAsync();

        Seen.Is(seen, """{"changes":["application"],"migrations":[],"system_state":"degraded","traffic":"production","previous_release_available":true,"target_image_present":true,"deployed":true,"cause_in_release":true,"disk_full":false,"swarm":false}""");
        Assert.Contains("app is ill; application changed", Seen.Answer(seen, "component"), StringComparison.Ordinal);
        Assert.Contains("image app: runbooks-test/app:good → runbooks-test/app:bad", Seen.Text(seen), StringComparison.Ordinal);
        Assert.DoesNotContain(ReleaseShop.Password, Seen.Text(seen), StringComparison.Ordinal);
        Assert.Equal(before, shop.Project.Snapshot());

        var advice = await shop.AdviseAsync();
        Assert.Equal("application", Seen.Value(advice, "strategy"));
        (await shop.ExecAsync(advice)).Expect(0);
        Assert.Equal(HttpStatusCode.OK, await shop.Shop.HealthAsync());
    }

    [Fact]
    public async Task Advice_is_given_of_what_is_seen_when_no_facts_are()
    {
        await shop.AsItWasAsync();
        await shop.Release.DeployAsync("bad");

        var ended = (await shop.Project.RunAsync("advise")).Expect(0);

        Assert.StartsWith("application: deploy the previous image again", ended.Out, StringComparison.Ordinal);
        Assert.Contains("--var version=good --var service=app --var image=runbooks-test/app", ended.Out, StringComparison.Ordinal);
        Assert.Contains("GET http://127.0.0.1", (await shop.Project.RunAsync("assess")).Expect(0).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_container_that_ends_again_and_again_is_crashed_and_what_it_said_is_there()
    {
        await shop.AsItWasAsync();
        shop.Edit("docker-compose.yml", "    volumes: [\"./config", "    command: [sh, -c, 'echo \"FATAL: no such option\" >&2; exit 3']\n    restart: always\n    volumes: [\"./config");
        await shop.DeployAsync();
        await shop.RestartsAsync("app");

        var seen = await shop.AssessAsync();

        Seen.Is(seen, """{"system_state":"crashed","traffic":"offline","failure_time":"post-deployment","cause_in_release":true}""");
        Assert.Contains("FATAL: no such option", Seen.Text(seen), StringComparison.Ordinal);
        Assert.Contains("ended with exit code 3", Seen.Text(seen), StringComparison.Ordinal);
        Assert.Contains("command app: command added", Seen.Text(seen), StringComparison.Ordinal);
        await shop.TakenBackAsync("sequential", "compose-rollback");
        await shop.IsWellAsync();
    }

    [Fact]
    public async Task A_configuration_file_is_gone_back_to_by_the_command_that_is_advised()
    {
        await shop.AsItWasAsync();
        shop.Edit("config/app.conf", "blue", "red");
        await shop.Release.CommitAsync("red");
        (await shop.UpAsync("--force-recreate")).Expect(0);

        var seen = await shop.AssessAsync();

        Seen.Is(seen, """{"changes":["configuration"],"system_state":"fully-deployed","git_dirty":false,"target_image_present":true}""");
        var advice = await shop.AdviseAsync();
        Assert.Equal("configuration", Seen.Value(advice, "strategy"));
        (await shop.ExecAsync(advice)).Expect(0);
        Assert.Equal("colour = blue\n", File.ReadAllText(shop.Project.At("config/app.conf")));
    }

    [Fact]
    public async Task A_variable_goes_back_to_what_it_was_and_what_it_is_is_not_shown()
    {
        await shop.AsItWasAsync();
        shop.Project.Write(".env", ReleaseShop.EnvOf("good", "COLOUR=Kanari-violett\n"));
        (await shop.UpAsync()).Expect(0);

        var seen = await shop.AssessAsync();

        Seen.Is(seen, """{"changes":["configuration"],"configuration":[{"variable":"COLOUR","previous":"blue","file":".env","inside":"","set_as":""}]}""");
        Assert.DoesNotContain("Kanari-violett", Seen.Text(seen), StringComparison.Ordinal);
        var advice = await shop.AdviseAsync();
        Assert.Contains("env-rollback.yml --var name=COLOUR --var value=blue --var file=.env", Seen.Value(advice, "command"), StringComparison.Ordinal);
        (await shop.ExecAsync(advice)).Expect(0);
        Assert.Contains("COLOUR=blue\n", File.ReadAllText(shop.Project.At(".env")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_others_hold_leaves_the_release_half_deployed()
    {
        await shop.AsItWasAsync();
        using var other = new Listener(_ => (200, "other"));
        shop.Edit("docker-compose.yml", $"{shop.Shop.Port}:8080", $"{other.Port}:8080");
        Assert.NotEqual(0, (await shop.UpAsync()).Exit);

        var seen = await shop.AssessAsync();

        Seen.Is(seen, """{"changes":["infrastructure"],"system_state":"partially-deployed","failure_time":"during-deployment","traffic":"offline","infrastructure":["compose"],"git_dirty":true}""");
        Assert.Contains("address already in use", Seen.Text(seen), StringComparison.Ordinal);
        Assert.Contains("compose-rollback.yml", Seen.Value(await shop.AdviseAsync(), "command"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_and_a_network_that_came_are_infrastructure()
    {
        await shop.AsItWasAsync();
        shop.Edit("docker-compose.yml", "volumes:\n  orders:", "  cache:\n    image: runbooks-test/app:good\n    networks: [back]\nnetworks:\n  back:\nvolumes:\n  orders:");
        await shop.Release.CommitAsync("cache");
        (await shop.UpAsync()).Expect(0);

        var seen = await shop.AssessAsync();

        Seen.Is(seen, """{"changes":["infrastructure"],"infrastructure":["network","compose"]}""");
        Assert.Equal("cache", seen.GetProperty("vars").GetProperty("gone")[0].GetString());
        var advice = await shop.TakenBackAsync("infrastructure", "compose-rollback");
        Assert.Contains("--var gone=cache", Seen.Value(advice, "command"), StringComparison.Ordinal);
        Assert.Equal("exited", await shop.InspectAsync("cache", "{{.State.Status}}"));
    }

    [Fact]
    public async Task A_dependency_that_was_down_before_the_deployment_is_no_reason_to_go_back()
    {
        await shop.AsItWasAsync();
        (await shop.Shop.ComposeAsync("kill", "worker")).Expect(0);
        await shop.IsAsync("worker", "{{.State.Status}}", "exited");
        shop.Project.Write(".env", ReleaseShop.EnvOf("bad"));
        (await shop.UpAsync("--no-deps", "app")).Expect(0);

        var seen = await shop.AssessAsync();

        Seen.Is(seen, """{"changes":["application"],"cause_in_release":false,"system_state":"degraded"}""");
        Assert.Contains("worker, which the release did not change, has been down since", Seen.Text(seen), StringComparison.Ordinal);
        var advice = await shop.AdviseAsync();
        Assert.Equal("none", Seen.Value(advice, "strategy"));
        Assert.Contains("cause-outside", Seen.Text(advice), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_health_check_whose_program_is_missing_is_not_the_application()
    {
        await shop.AsItWasAsync();
        shop.Edit("docker-compose.yml", "    volumes: [\"./config", "    healthcheck: { test: [CMD, curl, -f, 'http://localhost:8080/health'], interval: 200ms, retries: 1, timeout: 5s }\n    volumes: [\"./config");
        (await shop.UpAsync()).Expect(0);
        await shop.IsAsync("app", "{{.State.Health.Status}}", "unhealthy");

        var seen = await shop.AssessAsync();

        Seen.Is(seen, """{"probe_broken":true,"traffic":"production","system_state":"degraded"}""");
        Assert.Contains("and the address answers as it should: the check cannot run", seen.GetProperty("assessment").GetProperty("contradictions")[0].GetString(), StringComparison.Ordinal);
        var advice = await shop.AdviseAsync();
        Assert.Equal("none", Seen.Value(advice, "strategy"));
        Assert.Contains("probe-broken", Seen.Text(advice), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_updates_containers_by_themselves_is_named()
    {
        await shop.AsItWasAsync();
        var image = $"{shop.Shop.Name}/watchtower:latest";
        (await shop.Shop.DockerAsync("tag", "runbooks-test/app:good", image)).Expect(0);
        (await shop.Shop.DockerAsync("run", "-d", "--name", $"{shop.Shop.Name}-watchtower", image)).Expect(0);
        try
        {
            var seen = await shop.AssessAsync();

            Seen.Is(seen, """{"other_actors":true,"changes":[]}""");
            Assert.Contains($"container {shop.Shop.Name}-watchtower runs {image}", Seen.Text(seen), StringComparison.Ordinal);
            Assert.Contains("nothing-changed", Seen.Text(await shop.AdviseAsync()), StringComparison.Ordinal);
        }
        finally
        {
            await shop.Shop.DockerAsync("rm", "--force", $"{shop.Shop.Name}-watchtower");
            await shop.Shop.DockerAsync("rmi", image);
        }
    }

    [Fact]
    public async Task What_was_deployed_to_one_service_only_is_deployed_in_part()
    {
        await shop.AsItWasAsync();
        shop.Edit("docker-compose.yml", "image: runbooks-test/app:good", "image: ${IMAGE}");
        shop.Project.Write(".env", ReleaseShop.EnvOf("bad"));
        (await shop.UpAsync("--no-deps", "app")).Expect(0);

        var seen = await shop.AssessAsync();

        Seen.Is(seen, """{"changes":["application"],"system_state":"partially-deployed"}""");
        Assert.Contains("worker: it still runs runbooks-test/app:good, and the files say runbooks-test/app:bad", Seen.Text(seen), StringComparison.Ordinal);
        await shop.TakenBackAsync("sequential", "sequential-rollback");
    }

    [Fact]
    public async Task A_previous_release_whose_image_is_gone_is_not_gone_back_to()
    {
        await shop.AsItWasAsync();
        var image = $"{shop.Shop.Name}/app:v1";
        (await shop.Shop.DockerAsync("commit", "--change", "ENV MADE_BY=test", $"{shop.Shop.Name}-app-1", image)).Expect(0);
        shop.Project.Write(".env", ReleaseShop.EnvOf("good").Replace("runbooks-test/app:good", image, StringComparison.Ordinal));
        (await shop.UpAsync()).Expect(0);
        var id = await shop.Release.RecordAsync();
        (await shop.Release.RunAsync("verify")).Expect(0);
        await shop.Release.DeployAsync("bad");
        (await shop.Shop.DockerAsync("rm", "--force", $"runbook-anchor.{shop.Shop.Name}.app.{id}", $"runbook-anchor.{shop.Shop.Name}.worker.{id}")).Expect(0);
        (await shop.Shop.DockerAsync("rmi", image, $"runbook.local/{shop.Shop.Name}/app:{id}", $"runbook.local/{shop.Shop.Name}/worker:{id}")).Expect(0);

        var seen = await shop.AssessAsync();

        Seen.Is(seen, """{"changes":["application"],"previous_release_available":true,"target_image_present":false}""");
        Assert.Contains($"{image}, is not on this machine any more", Seen.Text(seen), StringComparison.Ordinal);
        Assert.Contains("target-missing", Seen.Text(await shop.AdviseAsync()), StringComparison.Ordinal);

        // The one before is still there.
        (await shop.Release.RunAsync("bad", id, "--reason", "its image is gone")).Expect(0);
        Seen.Is(await shop.AssessAsync(), """{"target_image_present":true}""");
        await shop.TakenBackAsync("application", "app-rollback");
    }

    [Fact]
    public async Task Out_of_memory_is_seen_where_a_limit_was_lowered()
    {
        await shop.AsItWasAsync();
        shop.Edit("docker-compose.yml", "    volumes: [\"./config", $"    mem_limit: 8m\n    command: {BrokenShop.Hungry}\n    volumes: [\"./config");
        await shop.DeployAsync();
        await shop.RunOutOfMemoryAsync("app");

        var seen = await shop.AssessAsync();

        Seen.Is(seen, """{"system_state":"crashed","failure_time":"post-deployment","traffic":"offline"}""");
        Assert.Contains("killed because it was out of memory", Seen.Text(seen), StringComparison.Ordinal);
        Assert.Contains("limit app: mem_limit added", Seen.Text(seen), StringComparison.Ordinal);
        await shop.TakenBackAsync("sequential", "compose-rollback");
    }

    [Fact]
    public async Task Nothing_is_changed_while_it_looks()
    {
        await shop.AsItWasAsync();
        await shop.Release.DeployAsync("bad");
        var (since, store) = ((await shop.Shop.DockerAsync("info", "--format", "{{.SystemTime}}")).Out.Trim(), Store());

        (await shop.Project.RunAsync("assess")).Expect(0);

        var until = (await shop.Shop.DockerAsync("info", "--format", "{{.SystemTime}}")).Out.Trim();
        var events = (await shop.Shop.DockerAsync("events", "--since", since, "--until", until, "--filter", $"label=com.docker.compose.project={shop.Shop.Name}", "--format", "{{.Type}} {{.Action}}")).Expect(0).Out;
        Assert.Empty(events);
        Assert.Equal(store, Store());

        List<string> Store() => [.. Directory.EnumerateFileSystemEntries(shop.Project.At(".runbook"), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(p => $"{p} {File.GetLastWriteTimeUtc(p):O}")];
    }

    [Fact]
    public async Task A_file_that_is_newer_than_its_container_is_read_inside_and_that_is_the_only_trace()
    {
        await shop.AsItWasAsync();
        File.SetLastWriteTimeUtc(shop.Project.At("config/app.conf"), DateTime.UtcNow);
        var since = (await shop.Shop.DockerAsync("info", "--format", "{{.SystemTime}}")).Out.Trim();

        (await shop.Project.RunAsync("assess")).Expect(0);

        var until = (await shop.Shop.DockerAsync("info", "--format", "{{.SystemTime}}")).Out.Trim();
        var events = (await shop.Shop.DockerAsync("events", "--since", since, "--until", until, "--filter", $"label=com.docker.compose.project={shop.Shop.Name}", "--format", "{{.Action}}")).Expect(0).Out;
        Assert.Equal(["exec_create: cat /etc/app.conf", "exec_start: cat /etc/app.conf", "exec_die"], events.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(e => e.Trim()));
    }

    [Fact]
    public async Task Neither_it_nor_what_it_starts_writes_anything()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/strace"), "strace is not on this machine");
        await shop.AsItWasAsync();
        shop.Project.Set("DOTNET_EnableDiagnostics", "0");

        var ended = await shop.Project.ProgramAsync("strace", "-f", "-qq", "-o", "/dev/stderr", "-e", "signal=none", "-e", "trace=open,openat,creat,rename,renameat,renameat2,unlink,unlinkat,mkdir,mkdirat,rmdir,link,linkat,symlink,symlinkat,truncate,chmod,fchmodat,chown,fchownat,mknod,mknodat,utimensat", Project.Binary, "assess");

        // "???(" is a thread that ended with its process before strace could see its call: none was made.
        var calls = ended.Expect(0).Error.Split('\n').Where(l => !l.Contains(" = -1 E", StringComparison.Ordinal) && !l.Contains(" ???(", StringComparison.Ordinal)).ToList();
        Assert.Contains(calls, c => c.Contains("runbook.yml", StringComparison.Ordinal));
        Assert.DoesNotContain(calls, c => c.Contains('(', StringComparison.Ordinal) && IsWrite(c) && !c.Contains("\"/dev/", StringComparison.Ordinal) && !c.Contains("\"/proc/self/", StringComparison.Ordinal));

        static bool IsWrite(string call) => !call.Contains("open", StringComparison.Ordinal) || ((string[])["O_WRONLY", "O_RDWR", "O_CREAT"]).Any(flag => call.Contains(flag, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_engine_that_hangs_holds_it_up_no_longer_than_its_deadline_and_the_rest_is_known()
    {
        await shop.AsItWasAsync();
        var engine = shop.Project.Environment["DOCKER_HOST"];
        using var relay = new EngineRelay(engine ?? "");
        relay.Pause();
        shop.Project.Set("DOCKER_HOST", relay.Address);
        try
        {
            var ended = (await shop.Project.RunAsync("assess", "--deadline", "4s")).Expect(0);

            Assert.Contains("system state   unknown", ended.Out, StringComparison.Ordinal);
            Assert.Contains("there was no answer within", ended.Out, StringComparison.Ordinal);
            Assert.Contains("status 200", ended.Out, StringComparison.Ordinal);
            Assert.Contains("everything is in a commit", ended.Out, StringComparison.Ordinal);
            Assert.StartsWith("inconclusive: ", (await shop.Project.RunAsync("advise", "--deadline", "2s")).Expect(6).Out, StringComparison.Ordinal);
        }
        finally
        {
            shop.Project.Set("DOCKER_HOST", engine);
        }
    }

    [Fact]
    public async Task Without_a_project_file_the_compose_files_say_what_there_is_and_nothing_is_called_previous()
    {
        await shop.AsItWasAsync();
        await shop.Release.DeployAsync("bad");
        shop.Project.Write("notes.txt", "soon\n");
        await shop.Release.CommitAsync("notes");
        File.Delete(shop.Project.At("runbook.yml"));
        Directory.Move(shop.Project.At(".runbook"), shop.Project.At(".git/records"));
        try
        {
            var seen = await shop.AssessAsync();

            Seen.Is(seen, """{"changes":null,"previous_release_available":null,"target_image_present":null,"traffic":"production","deployed":true}""");
            Assert.Contains("there is no runbook.yml", Seen.Text(seen), StringComparison.Ordinal);
            Assert.Contains("nobody recorded that the commit before was deployed, or well", Seen.Text(seen), StringComparison.Ordinal);
            Assert.Equal("inconclusive", Seen.Value(await shop.AdviseAsync(), "strategy"));
        }
        finally
        {
            Directory.Delete(shop.Project.At(".runbook"), recursive: true);
            Directory.Move(shop.Project.At(".git/records"), shop.Project.At(".runbook"));
        }
    }
}
