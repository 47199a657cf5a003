using System.Net;
using Runbooks.Engine.Journal;
using Runbooks.Testing;

namespace Runbooks.Cli.Tests;

/// <summary>A whole Compose file goes back to what git has, on a real engine: services added, removed and renamed, networks, ports, limits; volumes stay.</summary>
public sealed class ComposeRollbackTests
{
    [Fact]
    public async Task Services_networks_ports_and_limits_are_those_of_the_revision_and_what_it_does_not_have_is_stopped_and_stays()
    {
        await using var shop = await OpenAsync();
        var (volumes, networks) = (await VolumesAsync(shop), await NetworksAsync(shop));

        (await ExecAsync(shop, "gone=web,cache")).Expect(0);

        Assert.Equal(Good(shop, 200), shop.ComposeFile);
        Assert.Equal(HttpStatusCode.OK, await shop.HealthAsync());
        Assert.Equal(
            "app good running 67108864 front\ncache bad exited 0 edge\nweb bad exited 33554432 edge\nworker good running 0 back,front",
            await ContainersAsync(shop));
        Assert.Equal("what was sold\n", (await shop.ComposeAsync("exec", "-T", "app", "cat", "/data/sales")).Expect(0).Out);
        Assert.Equal(volumes, await VolumesAsync(shop));
        Assert.Equal(networks, await NetworksAsync(shop));
        shop.Project.Record().IsWhole();
    }

    [Fact]
    public async Task Containers_that_would_be_left_over_are_named_and_nothing_is_done_until_the_operator_says_what_becomes_of_them()
    {
        await using var shop = await OpenAsync();
        var (files, containers) = (shop.ComposeFile, await ContainersAsync(shop));

        var run = (await ExecAsync(shop, "gone=web")).Expect(3);

        Assert.Contains("service cache has containers and is not in the files of HEAD~1: name it in 'gone'", run.Said, StringComparison.Ordinal);
        Assert.DoesNotContain("service web", run.Said, StringComparison.Ordinal);
        Assert.Contains("'gone' names worker, which the files of HEAD~1 have", (await ExecAsync(shop, "gone=web,cache,worker")).Expect(3).Said, StringComparison.Ordinal);
        Assert.Equal((files, containers), (shop.ComposeFile, await ContainersAsync(shop)));
    }

    [Theory]
    [InlineData("after")]
    [InlineData("before")]
    public async Task They_are_removed_when_that_is_said_and_an_undo_makes_them_anew(string when)
    {
        await using var shop = await OpenAsync();
        var (compose, containers, volumes) = (shop.ComposeFile, await ContainersAsync(shop), await VolumesAsync(shop));

        await using var watch = await EngineWatch.BeginAsync(shop);
        (await ExecAsync(shop, "gone=web,cache", $"remove_gone={when}")).Expect(0);

        Assert.Equal("app good running 67108864 front\nworker good running 0 back,front", await ContainersAsync(shop));
        Assert.Equal(HttpStatusCode.OK, await shop.HealthAsync());

        (await shop.Project.RunAsync("undo")).Expect(0);

        Assert.Equal(compose, shop.ComposeFile);
        Assert.Equal(containers, await ContainersAsync(shop));
        Assert.Equal(volumes, await VolumesAsync(shop));
        Assert.Empty(await watch.RemovedAsync());
        await AnswersAsync(shop, HttpStatusCode.InternalServerError);
    }

    [Theory]
    [InlineData("ill", "answers 200, and keeps doing so")]
    [InlineData("unstartable", "step 'start'")]
    public async Task A_revision_with_which_the_application_is_not_well_either_is_taken_back(string revision, string said)
    {
        await using var shop = await OpenAsync();
        var (files, containers, ids) = (shop.ComposeFile, await ContainersAsync(shop), await IdsAsync(shop, "web", "cache"));

        var run = (await ExecAsync(shop, "gone=web,cache", $"revision={revision}", "patience=10s")).Expect(4);

        Assert.Contains(said, run.Said, StringComparison.Ordinal);
        Assert.Equal(files, shop.ComposeFile);
        Assert.Equal(containers, await ContainersAsync(shop));
        Assert.Equal(ids, await IdsAsync(shop, "web", "cache"));
        await AnswersAsync(shop, HttpStatusCode.InternalServerError);
        Assert.Equal(Conclusion.Undone, shop.Project.Record().State.Ended?.Conclusion);
    }

    [Fact]
    public async Task A_volume_that_would_be_made_anew_with_nothing_in_it_is_named_before_anything_is_done()
    {
        await using var shop = await OpenAsync();
        var containers = await ContainersAsync(shop);

        var run = (await ExecAsync(shop, "gone=web,cache", "revision=other-volume")).Expect(3);

        Assert.Contains("_sales is not there and would be made anew", run.Said, StringComparison.Ordinal);
        Assert.Equal(containers, await ContainersAsync(shop));
        (await ExecAsync(shop, "gone=web,cache", "revision=other-volume", $"new_volumes={shop.Name}_sales")).Expect(0);
        Assert.Contains($"{shop.Name}_data", await VolumesAsync(shop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_another_project_would_start_a_second_one_beside_this_and_is_found_out()
    {
        await using var shop = await OpenAsync();

        var run = (await ExecAsync(shop, "gone=web,cache", "revision=other-name")).Expect(3);

        Assert.Contains($"they are of project other{shop.Name}, and this one is {shop.Name}: give compose_project={shop.Name}", run.Said, StringComparison.Ordinal);
        (await ExecAsync(shop, "gone=web,cache", "revision=other-name", $"compose_project={shop.Name}")).Expect(0);
        Assert.Contains("app good running", await ContainersAsync(shop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Changes_that_are_not_in_git_are_not_overwritten_and_an_image_that_is_missing_is_found_before()
    {
        await using var shop = await OpenAsync();
        Assert.Contains("image runbooks-test/app:nowhere is not on this machine", (await ExecAsync(shop, "gone=web,cache", "revision=no-image")).Expect(3).Said, StringComparison.Ordinal);
        var byHand = shop.ComposeFile + "# by hand\n";
        shop.Project.Write("docker-compose.yml", byHand);

        var run = (await ExecAsync(shop, "gone=web,cache")).Expect(3);

        Assert.Contains("docker-compose.yml has changes that are not committed", run.Said, StringComparison.Ordinal);
        Assert.Equal(byHand, shop.ComposeFile);
    }

    [Fact]
    public async Task Containers_that_are_not_what_the_files_say_are_found_out()
    {
        await using var shop = await OpenAsync();
        // Compose, but it changes no limit: what an 'up' of the good files would have to set is not set.
        shop.Project.Write("bin/docker", $$"""
            #!/bin/bash
            case " $* " in
            *" up "*) cd {{shop.Project.Folder}} && sed 's/mem_limit: 64m/mem_limit: 65m/' docker-compose.yml >else.yml && exec {{Project.Find("docker")}} compose -f else.yml up -d;;
            *) exec {{Project.Find("docker")}} "$@";;
            esac
            """, executable: true);
        shop.Project.Set("PATH", $"{shop.Project.At("bin")}:{Environment.GetEnvironmentVariable("PATH")}");

        var run = (await ExecAsync(shop, "gone=web,cache", "patience=2s")).Expect(4);

        Assert.Contains("app is not what the files say", run.Said, StringComparison.Ordinal);
        Assert.Equal(Bad(shop), shop.ComposeFile);
    }

    [Fact]
    public async Task Two_files_and_an_env_file_elsewhere_that_names_the_project_go_back_together()
    {
        var project = $"rbtwo{Guid.NewGuid():N}"[..16];
        await using var shop = await Shop.OpenAsync(
            place =>
            [
                ("deploy/base.yml", """
                    services:
                      app:
                        image: runbooks-test/app:${RELEASE}
                    """),
                ("deploy/prod.yml", """
                    services:
                      app:
                        ports: ["127.0.0.1:${PORT}:8080"]
                        environment: { APP_HEALTH: "${HEALTH}" }
                    """),
                ("settings/prod.env", $"COMPOSE_PROJECT_NAME={project}\nRELEASE=good\nPORT={place.Port}\nHEALTH=200\n"),
            ],
            "-f", "deploy/base.yml", "-f", "deploy/prod.yml", "--env-file", "settings/prod.env");
        await GitAsync(shop, "init", "-q");
        await CommitAsync(shop, "good");
        shop.Project.Write("deploy/prod.yml", (await File.ReadAllTextAsync(shop.Project.At("deploy/prod.yml"), shop.Project.Cancellation)) + "\n    mem_limit: 32m\n");
        shop.Project.Write("settings/prod.env", $"COMPOSE_PROJECT_NAME={project}\nRELEASE=good\nPORT={shop.Port}\nHEALTH=500\n");
        await CommitAsync(shop, "bad");
        (await shop.ComposeAsync("up", "-d")).Expect(0);
        await AnswersAsync(shop, HttpStatusCode.InternalServerError);

        (await ExecAsync(shop, "files=deploy/prod.yml,settings/prod.env", "compose=deploy/base.yml,deploy/prod.yml", "env_file=settings/prod.env")).Expect(0);

        Assert.Equal(HttpStatusCode.OK, await shop.HealthAsync());
        Assert.Equal(2, (await shop.DockerAsync("ps", "--quiet", "--filter", $"label=com.docker.compose.project={project}", "--filter", "label=com.docker.compose.service=app")).Expect(0).Out.Split('\n').Length);
        Assert.Equal(" M deploy/prod.yml\n M settings/prod.env\n", await GitAsync(shop, "status", "--porcelain", "--", "deploy", "settings"));
    }

    /// <summary>The good file was deployed, then the bad one: 'app' was renamed to 'web' and lost its volume and half of its memory, 'cache' is new, networks are others.</summary>
    internal static async Task<Shop> OpenAsync(Func<Func<ShopPlace, IEnumerable<(string Path, string Text)>>, Task<Shop>>? open = null)
    {
        var shop = await (open ?? (files => Shop.OpenAsync(files)))(place => [("docker-compose.yml", Good(place.Name, place.Port, 200))]);
        (await shop.ComposeAsync("exec", "-T", "app", "sh", "-c", "echo what was sold >/data/sales")).Expect(0);
        await GitAsync(shop, "init", "-q");
        foreach (var (tag, text) in ((string, string)[])
            [
                ("ill", Good(shop, 503)),
                ("unstartable", Good(shop, 200).Replace("app:good", "app:unstartable", StringComparison.Ordinal)),
                ("no-image", Good(shop, 200).Replace("app:good", "app:nowhere", StringComparison.Ordinal)),
                ("other-volume", Good(shop, 200).Replace("data:/data", "sales:/data", StringComparison.Ordinal).Replace("  data: {}", "  sales: {}", StringComparison.Ordinal)),
                ("other-name", Good($"other{shop.Name}", shop.Port, 200)),
                ("good", Good(shop, 200)),
                ("bad", Bad(shop)),
            ])
        {
            shop.Project.Write("docker-compose.yml", text);
            await CommitAsync(shop, tag);
        }

        (await shop.ComposeAsync("up", "-d", "--remove-orphans")).Expect(0);
        await AnswersAsync(shop, HttpStatusCode.InternalServerError);
        return shop;
    }

    internal static string Good(Shop shop, int health) => shop.Taken(Good(shop.Name, shop.Port, health));

    private static string Good(string name, int port, int health) => $$"""
        name: {{name}}
        services:
          app:
            image: runbooks-test/app:good
            environment: { APP_HEALTH: "{{health}}" }
            ports: ["127.0.0.1:{{port}}:8080"]
            mem_limit: 64m
            networks: [front]
            volumes: ["data:/data"]
          worker:
            image: runbooks-test/app:good
            networks: [front, back]
        networks: { front: {}, back: {} }
        volumes:
          data: {}

        """;

    private static string Bad(Shop shop) => shop.Taken($$"""
        name: {{shop.Name}}
        services:
          web:
            image: runbooks-test/app:bad
            ports: ["127.0.0.1:{{shop.Port}}:8080"]
            mem_limit: 32m
            networks: [edge]
          worker:
            image: runbooks-test/app:good
            networks: [front]
          cache:
            image: runbooks-test/app:bad
            networks: [edge]
        networks: { front: {}, edge: {} }

        """);

    private static async Task AnswersAsync(Shop shop, HttpStatusCode wanted)
    {
        for (HttpStatusCode? status = null; status is null;)
        {
            try
            {
                status = await shop.HealthAsync();
                Assert.Equal(wanted, status);
            }
            catch (HttpRequestException)
            {
                await Task.Delay(50, shop.Project.Cancellation);
            }
        }
    }

    /// <summary>A line for each container: service, tag, state, limit of memory, networks.</summary>
    internal static async Task<string> ContainersAsync(Shop shop)
    {
        var ids = (await shop.DockerAsync("ps", "--all", "--quiet", "--filter", $"label=com.docker.compose.project={shop.Name}")).Expect(0).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var format = """{{index .Config.Labels "com.docker.compose.service"}} {{.Config.Image}} {{.State.Status}} {{.HostConfig.Memory}}{{range $name, $n := .NetworkSettings.Networks}} {{$name}}{{end}}""";
        var lines = (await shop.DockerAsync(["inspect", "--format", format, .. ids])).Expect(0).Out.Replace("runbooks-test/app:", "", StringComparison.Ordinal).Replace($"{shop.Name}_", "", StringComparison.Ordinal);
        return string.Join('\n', lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Line).Order(StringComparer.Ordinal));

        static string Line(string line)
        {
            var words = line.Split(' ');
            return $"{string.Join(' ', words[..4])} {string.Join(',', words[4..].Order(StringComparer.Ordinal))}";
        }
    }

    private static async Task<string> IdsAsync(Shop shop, params string[] services) =>
        string.Join('\n', (await Task.WhenAll(services.Select(s => shop.DockerAsync("ps", "--all", "--quiet", "--filter", $"label=com.docker.compose.project={shop.Name}", "--filter", $"label=com.docker.compose.service={s}")))).Select(f => f.Expect(0).Out));

    internal static async Task<string> VolumesAsync(Shop shop) => (await shop.DockerAsync("volume", "ls", "--quiet", "--filter", $"label=com.docker.compose.project={shop.Name}")).Expect(0).Out;

    private static async Task<string> NetworksAsync(Shop shop) => (await shop.DockerAsync("network", "ls", "--filter", $"label=com.docker.compose.project={shop.Name}", "--format", "{{.Name}}")).Expect(0).Out;

    internal static Task<Finished> ExecAsync(Shop shop, params string[] values) => shop.Project.RunAsync(
    [
        "exec", Repository.PathOf("playbooks", "compose-rollback.yml"), "--var", $"url=http://127.0.0.1:{shop.Port}/health", "--var", "settle=1s", .. values.SelectMany(v => (string[])["--var", v]),
    ]);

    private static async Task CommitAsync(Shop shop, string tag)
    {
        await GitAsync(shop, "add", "--all", "--", ":!.runbook");
        await GitAsync(shop, "-c", "user.name=o", "-c", "user.email=o@example.org", "commit", "-q", "--allow-empty", "-m", tag);
        await GitAsync(shop, "tag", tag);
    }

    private static async Task<string> GitAsync(Shop shop, params string[] words) => (await shop.Project.ProgramAsync("git", words)).Expect(0).Out;
}
