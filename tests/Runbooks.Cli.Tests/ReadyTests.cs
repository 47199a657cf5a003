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

        await LacksAsync(shop, "config", "docker-compose.yml", c => c + "# another\n", "docker-compose.yml is not as it was committed", "git diff -- docker-compose.yml");
        await LacksAsync(shop, "healthchecks", "docker-compose.yml", c => c.Replace("healthcheck:", "x-healthcheck:", StringComparison.Ordinal), "app has no health check", "");
        await LacksAsync(shop, "tags", "docker-compose.yml", c => c.Replace("image: runbooks-test/app:good", "image: runbooks-test/app", StringComparison.Ordinal), "worker runs runbooks-test/app, which names another image at another time", "");
        await LacksAsync(shop, "playbooks", "playbooks/back.yml", p => p + "stepps: []\n", "playbooks/back.yml has a mistake", "runbook lint playbooks/back.yml");
        await LacksAsync(shop, "project", "runbook.yml", p => p.Replace("  worker: worker\n", "", StringComparison.Ordinal), "worker runs, and runbook.yml does not name it", "");
        await LacksAsync(shop, "migrations", "db/migrate/1_a.rb", _ => "", "db/migrate says that rails migrates a database", "");
        await LacksAsync(shop, "backups", "runbook.yml", p => p.Replace("worker: worker", "worker: database", StringComparison.Ordinal), "no run on record made a backup of the data", "runbook explain backup");

        shop.Project.Write("playbooks/back.yml", WayBack + "# another\n");
        var changed = await shop.Project.RunAsync("ready", "--format", "json");
        Assert.Equal(("unknown", "back was changed since run"), (Answer(changed, "rehearsal"), Item(changed, "rehearsal").GetProperty("summary").GetString()?[..26]));
        shop.Project.Write("playbooks/back.yml", WayBack);

        shop.Project.Set("DOCKER_HOST", "unix:///nowhere.sock");
        var blind = (await shop.Project.RunAsync("ready", "--format", "json")).Expect(6);
        Assert.Equal("unknown unknown unknown ready ready ready ready ready ready ready ready", Answers(blind));
    }

    private static async Task LacksAsync(ReleaseShop shop, string item, string file, Func<string, string> change, string finding, string command)
    {
        var path = shop.Project.At(file);
        var was = File.Exists(path) ? await File.ReadAllTextAsync(path, shop.Project.Cancellation) : null;
        shop.Project.Write(file, change(was ?? ""));
        var lacking = (await shop.Project.RunAsync("ready")).Expect(1);
        Assert.Contains($"  [ ] {item} ", lacking.Out, StringComparison.Ordinal);
        Assert.Contains(finding, lacking.Out, StringComparison.Ordinal);
        Assert.Contains("fix: ", lacking.Out, StringComparison.Ordinal);
        Assert.Contains(command, lacking.Out, StringComparison.Ordinal);
        if (was is null)
        {
            File.Delete(path);
            Directory.Delete(Path.GetDirectoryName(path) ?? "");
        }
        else
        {
            shop.Project.Write(file, was);
        }
    }

    /// <summary>A shop with a verified release behind the one that is deployed, a way back that was rehearsed, and everything in git.</summary>
    private static async Task<ReleaseShop> OpenAsync()
    {
        var shop = await ReleaseShop.OpenAsync();
        var compose = shop.Shop.ComposeFile;
        shop.Project.Write("docker-compose.yml", compose.Replace("    ports:", "    healthcheck:\n      test: [\"CMD\", \"wget\", \"-q\", \"-O\", \"/dev/null\", \"http://127.0.0.1:8080/health\"]\n      interval: 500ms\n      timeout: 1s\n      retries: 1\n    ports:", StringComparison.Ordinal));
        shop.Project.Write("playbooks/back.yml", WayBack);
        await shop.CommitAsync("all of it");
        await shop.DeployAsync("good");
        await shop.GoodAsync();
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
