using System.Text.Json;

namespace Runbooks.Cli.Tests;

/// <summary>Whether a project could be rolled back right now: a real project on the real engine, made unready item by item.</summary>
public sealed class ReadyTests
{
    private const string Items = "project previous images migrations backups config healthchecks tags playbooks rehearsal disk";

    private const string WayBack = """
        runbook: v1
        name: back
        strategy: application
        risk: low
        downtime: 1s
        steps:
          - run: [docker, compose, ps]
        validations:
          - container: { service: app, state: running }

        """;

    [Fact]
    public async Task A_project_that_could_be_rolled_back_is_ready_and_whatever_is_taken_from_it_is_named_with_its_fix()
    {
        await using var shop = await OpenAsync();
        var before = shop.Project.Snapshot();

        var ready = (await shop.Project.RunAsync("ready")).Expect(0);
        Assert.Contains($"is ready to be rolled back to release {shop.GoodId}\n", ready.Out, StringComparison.Ordinal);
        Assert.Equal(Items.Split(' '), Lines(ready.Out, "  [x] "));
        Assert.Equal("", ready.Error);
        Assert.Equal(before, shop.Project.Snapshot());

        var (compose, project) = (shop.Shop.ComposeFile, await File.ReadAllTextAsync(shop.Project.At("runbook.yml"), shop.Project.Cancellation));
        shop.Project.Write("docker-compose.yml", compose.Replace("healthcheck:", "x-healthcheck:", StringComparison.Ordinal).Replace("image: runbooks-test/app:good", "image: runbooks-test/app", StringComparison.Ordinal));
        shop.Project.Write("runbook.yml", project.Replace("  worker: worker\n", "  db: database\n", StringComparison.Ordinal));
        shop.Project.Write("playbooks/back.yml", WayBack + "stepps: []\n");
        shop.Project.Write("db/migrate/1_a.rb", "");
        var lacking = (await shop.Project.RunAsync("ready")).Expect(1).Out;
        Assert.Equal(["project", "migrations", "backups", "config", "healthchecks", "tags", "playbooks"], Lines(lacking, "  [ ] "));
        foreach (var (finding, fix) in (ReadOnlySpan<(string, string)>)
        [
            ("'db' is not a service of docker-compose.yml", "runbook lint runbook.yml"),
            ("db/migrate says that rails migrates a database", "  folder: db/migrate"),
            ("no run on record made a backup of the data", "runbook explain backup"),
            ("docker-compose.yml is not as it was committed", "git diff -- docker-compose.yml"),
            ("app has no health check", "give app a health check that asks http://127.0.0.1:8080/health with wget"),
            ("worker runs runbooks-test/app, which names another image at another time", "write runbooks-test/app:good, which is the image that worker runs now"),
            ("playbooks/back.yml has a mistake", "runbook lint playbooks/back.yml"),
        ])
        {
            Assert.Contains(finding, lacking, StringComparison.Ordinal);
            Assert.Contains(fix, lacking, StringComparison.Ordinal);
        }

        Directory.Delete(shop.Project.At("db"), recursive: true);
        shop.Project.Write("docker-compose.yml", compose);
        shop.Project.Write("runbook.yml", project);
        shop.Project.Write("playbooks/back.yml", WayBack + "# another\n");
        shop.Project.Set("DOCKER_HOST", "unix:///nowhere.sock");
        var blind = await shop.Project.RunAsync("ready", "--format", "json");
        Assert.Equal("unknown unknown unknown ready ready not-ready ready ready ready unknown ready", Answers(blind.Expect(1)));
        using var report = JsonDocument.Parse(blind.Out);
        Assert.All(report.RootElement.GetProperty("items").EnumerateArray().Where(i => i.GetProperty("answer").GetString() != "ready"), i => Assert.True(i.GetProperty("fixes").GetArrayLength() > 0, $"{i}"));
        Assert.StartsWith("back was changed since run", Item(blind, "rehearsal").GetProperty("summary").GetString(), StringComparison.Ordinal);
        shop.Project.Write("playbooks/back.yml", WayBack);
        (await shop.Project.RunAsync("ready", "--format", "json")).Expect(6);
    }

    [Fact]
    public async Task The_data_of_a_project_has_a_backup_that_is_on_record_and_still_whole()
    {
        await using var shop = await ReleaseShop.OpenAsync();
        shop.Project.Write("runbook.yml", File.ReadAllText(shop.Project.At("runbook.yml")).Replace("worker: worker", "worker: database", StringComparison.Ordinal));
        shop.Project.Write("playbooks/save.yml", $"runbook: v1\nname: save\nsteps:\n  - id: save\n    backup: {{ to: orders.tar, volume: {{ name: {shop.Shop.Name}_orders, image: runbooks-test/base, allow_running: true, allow_empty: true }} }}\n");
        var fix = Item(await shop.Project.RunAsync("ready", "-f", "json"), "backups").GetProperty("fixes")[0].GetProperty("command").GetString() ?? "";
        (await shop.Project.RunAsync(fix.Split(' ')[1..])).Expect(0);

        Assert.Equal("ready", Answer(await shop.Project.RunAsync("ready", "-f", "json"), "backups"));
        Assert.Equal("not-ready", Answer(await shop.Project.RunAsync("ready", "-f", "json", "--backup-age", "1ms"), "backups"));
        await File.AppendAllTextAsync(shop.Project.At("orders.tar"), "x", shop.Project.Cancellation);
        Assert.Contains("no backup on record is whole", Item(await shop.Project.RunAsync("ready", "-f", "json"), "backups").GetProperty("summary").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_patch_applies_changes_nothing_else_and_Compose_makes_of_it_what_was_wanted()
    {
        await using var shop = await ReleaseShop.OpenAsync();
        var (repository, project) = ($"rbtest-{shop.Shop.Name}", shop.Project);
        foreach (var tag in (string[])["latest", "v7"])
        {
            (await shop.Shop.DockerAsync("tag", "runbooks-test/app:good", $"{repository}:{tag}")).Expect(0);
            shop.Shop.AtTheEnd("rmi", $"{repository}:{tag}");
        }

        var compose = shop.Shop.ComposeFile.Replace("    image: ${IMAGE}\n", $"    # what runs\n    image: {repository}   # moves\n", StringComparison.Ordinal).Replace("      DB_PASSWORD: ${DB_PASSWORD}\n", "", StringComparison.Ordinal).Replace("\n", "\r\n", StringComparison.Ordinal);
        project.Write("docker-compose.yml", compose.TrimEnd());
        (await shop.Shop.ComposeAsync("up", "-d", "--timeout", "1")).Expect(0);
        var before = project.Snapshot();

        var fixing = (await project.RunAsync("ready", "--fix")).Expect(1);
        Assert.Equal(before, project.Snapshot());
        Assert.Contains("the patch is for 'git apply' in", fixing.Error, StringComparison.Ordinal);
        project.Write("../" + repository + ".patch", fixing.Out);
        await shop.GitAsync("apply", $"../{repository}.patch");
        File.Delete(project.At($"../{repository}.patch"));

        var block = "    healthcheck:\r\n      test: [\"CMD\", \"wget\", \"-q\", \"-O\", \"/dev/null\", \"http://127.0.0.1:8080/health\"]\r\n      interval: 10s\r\n      timeout: 5s\r\n      retries: 3\r\n      start_period: 30s\r\n";
        Assert.Equal(compose.TrimEnd().Replace($"{repository}   # moves\r\n", $"{repository}:v7   # moves\r\n{block}", StringComparison.Ordinal), shop.Shop.ComposeFile);
        using var model = JsonDocument.Parse((await shop.Shop.ComposeAsync("config", "--format", "json")).Expect(0).Out);
        var app = model.RootElement.GetProperty("services").GetProperty("app");
        Assert.Equal($"{repository}:v7", app.GetProperty("image").GetString());
        Assert.Equal("http://127.0.0.1:8080/health", app.GetProperty("healthcheck").GetProperty("test")[5].GetString());
        (await shop.Shop.ComposeAsync("up", "-d", "--wait", "--timeout", "1")).Expect(0);
        Assert.Equal("ready ready", $"{Answer(await project.RunAsync("ready", "-f", "json"), "healthchecks")} {Answer(await project.RunAsync("ready", "-f", "json"), "tags")}");
        Assert.Equal("", (await project.RunAsync("ready", "--fix")).Out);
    }

    [Fact]
    public async Task Without_a_project_file_the_rest_goes_by_what_is_in_the_folder_and_without_a_Compose_file_there_is_nothing_to_ask()
    {
        using var project = new Project();
        Assert.Contains("there is no runbook.yml in", (await project.RunAsync("ready")).Expect(2).Error, StringComparison.Ordinal);

        project.Write("compose.yaml", "services:\n  app:\n    image: app:latest\n");
        var ready = (await project.RunAsync("ready")).Expect(1).Out;
        Assert.Contains("  [ ] project       there is no runbook.yml", ready, StringComparison.Ordinal);
        Assert.Contains("runbook init\n", ready, StringComparison.Ordinal);
        Assert.Contains("  [ ] tags          app runs app:latest", ready, StringComparison.Ordinal);
        Assert.Contains("  [ ] config        the project is in no git repository", ready, StringComparison.Ordinal);

        project.Write("runbook.yml", "project: v1\nservices: { app: thing }\n");
        Assert.Contains("runbook.yml", (await project.RunAsync("ready")).Expect(2).Error, StringComparison.Ordinal);
        Assert.Equal("error: --deadline 'soon' is no time above zero: write 30s, 2m or 1d\n", (await project.RunAsync("ready", "--deadline", "soon")).Expect(2).Error);
        Assert.Equal("error: --backup-age '0s' is no time above zero: write 30s, 2m or 1d\n", (await project.RunAsync("ready", "--backup-age", "0s")).Expect(2).Error);
    }

    [Fact]
    public async Task An_engine_that_takes_questions_and_answers_none_leaves_them_unknown_and_is_not_waited_for()
    {
        using var silent = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        silent.Start();
        using var project = new Project();
        project.Write("compose.yaml", "services:\n  app:\n    image: app:1\n");
        project.Write("runbook.yml", "project: v1\nservices: { app: { kind: application, health: 'http://127.0.0.1:1/' } }\n");
        project.Set("DOCKER_HOST", $"tcp://{silent.LocalEndpoint}");

        // Docker itself waits three seconds before it resolves Compose files without the engine.
        var ready = (await project.RunAsync("ready", "-f", "json", "--deadline", "7s")).Expect(1);

        Assert.Equal(("unknown", "unknown", "ready"), (Answer(ready, "project"), Answer(ready, "healthchecks"), Answer(ready, "tags")));
        Assert.Equal("no answer within 7s", Item(ready, "healthchecks").GetProperty("summary").GetString());
    }

    /// <summary>A shop with a verified release behind the one that is deployed, a way back that was rehearsed, and everything in git.</summary>
    private static async Task<ReleaseShop> OpenAsync()
    {
        var shop = await ReleaseShop.OpenAsync();
        // A release is watched for as long as its health check needs to fail: the good one has none yet.
        await shop.GoodAsync();
        shop.Project.Write("docker-compose.yml", shop.Shop.ComposeFile.Replace("    ports:", "    healthcheck:\n      test: [\"CMD\", \"wget\", \"-q\", \"-O\", \"/dev/null\", \"http://127.0.0.1:8080/health\"]\n    ports:", StringComparison.Ordinal));
        shop.Project.Write("playbooks/back.yml", WayBack);
        await shop.CommitAsync("all of it");
        await shop.DeployAsync("bad2");
        await shop.RecordAsync();
        (await shop.Project.RunAsync("exec", "playbooks/back.yml")).Expect(0);
        return shop;
    }

    private static IEnumerable<string> Lines(string text, string begin) =>
        text.Split('\n').Where(l => l.StartsWith(begin, StringComparison.Ordinal)).Select(l => l[begin.Length..].Split(' ')[0]);

    private static JsonElement Item(Finished ready, string name)
    {
        using var json = JsonDocument.Parse(ready.Out);
        return json.RootElement.GetProperty("items").EnumerateArray().First(i => i.GetProperty("item").GetString() == name).Clone();
    }

    private static string Answer(Finished ready, string name) => Item(ready, name).GetProperty("answer").GetString() ?? "";

    private static string Answers(Finished ready)
    {
        using var json = JsonDocument.Parse(ready.Out);
        return string.Join(' ', json.RootElement.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("answer").GetString()));
    }
}
