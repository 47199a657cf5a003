using System.Text.Json;

namespace Runbooks.Cli.Tests;

/// <summary>What looks like a broken release and is something else, or closes the way back, on a real engine: what is seen of each, and that nothing is rolled back.</summary>
public sealed class BrokenHostTests
{
    [Fact]
    public async Task Nothing_was_deployed()
    {
        using var project = OpenProject();
        project.Write("docker-compose.yml", $"name: rbnone{Guid.NewGuid():N}\nservices: {{ app: {{ image: 'runbooks-test/app:good' }} }}\n");

        var (seen, advice) = await LookAsync(project);

        Seen.Is(seen, """{"deployed":false,"changes":null,"previous_release_available":null}""");
        Assert.Equal("none", Seen.Value(advice, "strategy"));
        Assert.Contains("nothing-deployed", Seen.Text(advice), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_disk_is_full()
    {
        using var project = OpenProject();
        await using var disk = await SmallDisk.MountAsync(project, "small", "size=4m");
        var name = $"rbdisk{Guid.NewGuid():N}"[..16];
        project.Write("small/docker-compose.yml", $"name: {name}\nservices: {{ app: {{ image: 'runbooks-test/app:bad', stop_grace_period: 0s }} }}\n");
        string[] compose = ["compose", "-f", "small/docker-compose.yml"];
        (await project.ProgramAsync("docker", [.. compose, "up", "-d"])).Expect(0);
        try
        {
            Assert.NotEqual(0, (await project.ProgramAsync("dd", "if=/dev/zero", "of=small/fills-it", "bs=64k")).Exit);

            var (seen, advice) = await LookAsync(project, "-C", "small");

            Seen.Is(seen, """{"disk_full":true,"deployed":true}""");
            Assert.Equal("none", Seen.Value(advice, "strategy"));
            Assert.Contains("never 'docker image prune -a', which deletes what you go back to", Seen.Text(advice), StringComparison.Ordinal);
        }
        finally
        {
            await project.ProgramAsync("docker", [.. compose, "down", "--timeout", "0"]);
        }
    }

    [Fact]
    public async Task A_newer_database_server_has_written_its_volume()
    {
        await using var shop = await Shop.OpenAsync(place =>
        [
            (".gitignore", ".runbook\n"),
            ("docker-compose.yml", $$"""
                name: {{place.Name}}
                services:
                  app: { image: "runbooks-test/app:good", ports: ["127.0.0.1:{{place.Port}}:8080"], stop_grace_period: 0s }
                  db: { image: "runbooks-test/app:good", environment: { PG_VERSION: 15.4-1 }, volumes: ["data:/data"], stop_grace_period: 0s }
                volumes: { data: {} }
                """),
            ("runbook.yml", $$"""
                project: v1
                services: { app: { kind: application, health: "http://127.0.0.1:{{place.Port}}/health" }, db: database }
                verify: { within: 5s, for: 200ms }
                """),
        ]);
        var release = await ReleaseShop.OfAsync(shop, "app", "db");
        await release.GoodAsync();
        shop.Project.Write("docker-compose.yml", shop.ComposeFile.Replace("db: { image: \"runbooks-test/app:good\", environment: { PG_VERSION: 15.4-1 }", "db: { image: \"runbooks-test/app:bad2\", environment: { PG_VERSION: 16.1-1 }", StringComparison.Ordinal).Replace("app:good", "app:bad", StringComparison.Ordinal));
        await release.CommitAsync("the failed release");
        (await shop.ComposeAsync("up", "-d")).Expect(0);

        var (seen, advice) = await LookAsync(shop.Project);

        Seen.Is(seen, """{"volume_newer_than_engine":true,"system_state":"degraded"}""");
        Assert.Contains("db: PG_VERSION 15.4-1 → PG_VERSION 16.1-1, on the same volume", Seen.Text(seen), StringComparison.Ordinal);
        Assert.Equal("none", Seen.Value(advice, "strategy"));
        Assert.Contains("volume-newer", Seen.Text(advice), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proxy_asks_where_the_application_was_before()
    {
        await using var release = await ProxiedAsync(Shop.FreePort());
        var shop = release.Shop;
        await StaleProxyTests.MoveAsync(shop);

        var (seen, advice) = await LookAsync(shop.Project);

        Seen.Is(seen, """{"cause_in_release":false,"changes":[]}""");
        Assert.Contains("app is well when it is asked by itself, and proxy answers 502 for it", Seen.Text(seen), StringComparison.Ordinal);
        Assert.Equal("none", Seen.Value(advice, "strategy"));
        Assert.Contains("nginx -s reload", Seen.Text(advice), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_release_that_is_broken_while_nobody_is_let_in()
    {
        var direct = Shop.FreePort();
        await using var release = await ProxiedAsync(direct);
        var shop = release.Shop;
        (await StaleProxyTests.ExecAsync(shop, "maintenance-on.yml")).Expect(0);
        shop.Project.Write("docker-compose.yml", shop.ComposeFile.Replace("app:good", "app:bad", StringComparison.Ordinal));
        await release.CommitAsync("the failed release");
        (await shop.ComposeAsync("up", "-d")).Expect(0);
        while (await StatusAsync(direct) != 500)
        {
            await Task.Delay(50, shop.Project.Cancellation);
        }

        var (seen, advice) = await LookAsync(shop.Project);

        Seen.Is(seen, """{"changes":["application"],"traffic":"maintenance","system_state":"degraded"}""");
        Assert.Contains("proxy/maintenance/on.conf is still there", Seen.Text(seen), StringComparison.Ordinal);
        var order = advice.GetProperty("order").EnumerateArray().Select(o => o.GetString() ?? "").ToList();
        Assert.DoesNotContain(order, o => o.Contains("maintenance-on", StringComparison.Ordinal));
        Assert.Equal("let traffic in again: runbook exec playbooks/maintenance-off.yml", order[^1]);
        var line = Seen.Value(advice, "command").Replace("runbook exec playbooks/", $"'{Project.Binary}' exec {Runbooks.Testing.Repository.PathOf("playbooks")}/", StringComparison.Ordinal);
        (await shop.Project.ProgramAsync("bash", "-c", $"{line} --var settle=500ms --var watch=1s")).Expect(0);

        (await StaleProxyTests.ExecAsync(shop, "maintenance-off.yml")).Expect(0);
        (seen, _) = await LookAsync(shop.Project);
        Seen.Is(seen, """{"changes":[],"traffic":"production","system_state":"fully-deployed"}""");
    }

    [Fact]
    public async Task Another_folder_than_the_one_of_the_project_says_so()
    {
        await using var shop = await Shop.OpenAsync();
        using var project = OpenProject();
        project.Write("docker-compose.yml", shop.ComposeFile.Replace(shop.Name, "rbclone", StringComparison.Ordinal));

        var (seen, advice) = await LookAsync(project);

        // A clone of the repository is no deployment, whatever runs beside it.
        Seen.Is(seen, """{"deployed":false}""");
        Assert.Equal("none", Seen.Value(advice, "strategy"));
    }

    private static async Task<int?> StatusAsync(int port)
    {
        try
        {
            using var client = new HttpClient();
            using var answer = await client.GetAsync(new Uri($"http://127.0.0.1:{port}/health"), TestContext.Current.CancellationToken);
            return (int)answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>A clone in a folder of the same name is the same project for Compose: what is done there reaches the containers, with the files of the clone.</summary>
    [Fact]
    public async Task A_clone_of_the_project_in_another_folder_of_the_same_name()
    {
        using var project = OpenProject();
        var (name, port) = ($"rbclone{Guid.NewGuid():N}"[..16], Shop.FreePort());
        foreach (var folder in (string[])["here", "clone"])
        {
            project.Write($"{folder}/{name}/docker-compose.yml", $"services: {{ app: {{ image: 'runbooks-test/app:bad', ports: ['127.0.0.1:{port}:8080'], volumes: ['./data:/data'], stop_grace_period: 0s }} }}\n");
            Directory.CreateDirectory(project.At($"{folder}/{name}/data"));
        }

        string[] compose = ["compose", "--project-directory", $"here/{name}", "-f", $"here/{name}/docker-compose.yml"];
        (await project.ProgramAsync("docker", [.. compose, "up", "-d"])).Expect(0);
        try
        {
            var (seen, advice) = await LookAsync(project, "-C", $"clone/{name}");

            Seen.Is(seen, """{"other_folder":true,"deployed":true}""");
            Assert.Contains($"runbook -C {project.At($"here/{name}")} assess", Seen.Text(seen), StringComparison.Ordinal);
            Assert.Equal("none", Seen.Value(advice, "strategy"));
            Assert.Contains("other-folder", Seen.Text(advice), StringComparison.Ordinal);

            // Who knows better is refused before anything is stopped, and may do it where it was deployed.
            var before = await ContainerAsync();
            var refused = (await RollbackAsync("clone")).Expect(3);
            Assert.Contains($"its containers were made in {project.At($"here/{name}")}", refused.Said, StringComparison.Ordinal);
            Assert.Equal(before, await ContainerAsync());
            (await RollbackAsync("here")).Expect(0);

            // Nobody can go to a folder that is gone.
            Seen.Is(await AssessAsync(project, "-C", $"here/{name}"), """{"other_folder":false}""");
            Directory.Move(project.At($"here/{name}"), project.At("gone"));
            Seen.Is(await AssessAsync(project, "-C", $"clone/{name}"), """{"other_folder":null}""");
        }
        finally
        {
            await project.ProgramAsync("docker", "rm", "--force", $"{name}-app-1");
            await project.ProgramAsync("docker", "network", "rm", $"{name}_default");
        }

        async Task<string> ContainerAsync() => (await project.ProgramAsync("docker", "inspect", "--format", "{{.Id}} {{.State.StartedAt}}", $"{name}-app-1")).Expect(0).Out;

        Task<Finished> RollbackAsync(string folder) => project.RunAsync("exec", Runbooks.Testing.Repository.PathOf("playbooks", "app-rollback.yml"), "-C", $"{folder}/{name}", "--var", "image=runbooks-test/app", "--var", "version=good",
            "--var", $"port={port}", "--var", $"url=http://127.0.0.1:{port}/health", "--var", "settle=500ms", "--var", "watch=1s");
    }

    /// <summary>An application behind nginx, verified.</summary>
    /// <param name="direct">The port of the application itself.</param>
    private static async Task<ReleaseShop> ProxiedAsync(int direct)
    {
        Proxy.SkipWithoutNginx();
        var shop = await StaleProxyTests.OpenAsync(direct);
        shop.Project.Write(".gitignore", ".runbook\nproxy/maintenance/on.conf*\n");
        shop.Project.Write("runbook.yml", $$"""
            project: v1
            services:
              app: { kind: application, health: "http://127.0.0.1:{{direct}}/health" }
              proxy: { kind: proxy, health: "http://127.0.0.1:{{shop.Port}}/health" }
            verify: { within: 5s, for: 200ms }
            """);
        var release = await ReleaseShop.OfAsync(shop, "app", "proxy");
        await release.GoodAsync();
        return release;
    }

    private static Project OpenProject()
    {
        const string Variable = "RUNBOOKS_TEST_DOCKER_HOST";
        Assert.SkipWhen(string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Variable)), $"needs a Docker Engine: ./test.sh starts one and names it in {Variable}");
        return new Project().Set("DOCKER_HOST", Environment.GetEnvironmentVariable(Variable));
    }

    private static async Task<(JsonElement Seen, JsonElement Advice)> LookAsync(Project project, params string[] where)
    {
        var seen = await AssessAsync(project, where);
        project.Write("facts.json", seen.GetRawText());
        using var advice = JsonDocument.Parse((await project.RunAsync("advise", "--facts", "facts.json", "--format", "json")).Expect(0).Out);
        return (seen, advice.RootElement.Clone());
    }

    private static async Task<JsonElement> AssessAsync(Project project, params string[] where)
    {
        using var seen = JsonDocument.Parse((await project.RunAsync([.. where, "assess", "--format", "json"])).Expect(0).Out);
        return seen.RootElement.Clone();
    }
}
