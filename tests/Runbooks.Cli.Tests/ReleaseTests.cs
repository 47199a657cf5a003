using System.Text.Json;

namespace Runbooks.Cli.Tests;

/// <summary>Releases of a real Compose project on a real engine: recorded, verified, called bad, compared, kept.</summary>
public sealed class ReleaseTests
{
    [Fact]
    public async Task Good_without_an_address_to_ask_is_said_to_be_not_much()
    {
        await using var shop = await ReleaseShop.OpenAsync();
        (await shop.RunAsync("record")).Expect(0);
        const string Warning = "warning: runbook.yml names no 'health' address of any service";

        Assert.DoesNotContain(Warning, (await shop.RunAsync("verify")).Expect(0).Error, StringComparison.Ordinal);
        shop.Project.Write("runbook.yml", "project: v1\nservices: { app: application, worker: worker }\nconfig: [config/app.conf]\nverify: { within: 5s, for: 500ms }\n");
        Assert.Contains(Warning, (await shop.RunAsync("verify")).Expect(0).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_verified_is_good_what_was_deployed_after_it_is_bad_and_the_way_back_skips_what_nobody_verified()
    {
        await using var shop = await ReleaseShop.OpenAsync();
        var good = await shop.GoodAsync();
        await shop.DeployAsync("bad2");
        var unverified = await shop.RecordAsync("--reason", "the sale begins");
        await shop.DeployAsync("bad", "COLOUR=red\n");
        var bad = await shop.RecordAsync();

        var verified = (await shop.RunAsync("verify")).Expect(1);
        Assert.Contains("answers 200", verified.Out, StringComparison.Ordinal);
        (await shop.RunAsync("bad", "current", "--reason", "answers 500")).Expect(0);

        var list = await shop.JsonAsync("release", "list", "--json");
        Assert.Equal([(bad, "bad"), (unverified, "candidate"), (good, "good")], list.GetProperty("releases").EnumerateArray().Select(r => (Text(r, "release"), Text(r, "standing"))));
        Assert.Equal(good, Text(list, "previous"));
        Assert.Equal([(unverified, "was never verified")], list.GetProperty("skipped").EnumerateArray().Select(s => (Text(s, "release"), Text(s, "why"))));
        Assert.Equal(3, (await shop.RunAsync("verify")).Exit);
    }

    [Fact]
    public async Task After_a_deployment_that_nobody_recorded_the_way_back_leads_to_the_last_good_one_and_not_to_the_one_before_that()
    {
        await using var shop = await ReleaseShop.OpenAsync();
        await shop.DeployAsync("bad2");
        await shop.RecordAsync();
        await shop.DeployAsync("good");
        var good = await shop.GoodAsync();
        await shop.DeployAsync("bad");

        var list = (await shop.RunAsync("list")).Expect(0).Out;
        Assert.Contains("deployed  something that is not on record: app runs another image", list, StringComparison.Ordinal);
        Assert.Contains($"previous  {good}", list, StringComparison.Ordinal);
        shop.Project.Playbook("steps:\n  - restore: { release: { path: config/app.conf } }\n");
        Assert.Contains($"config/app.conf is already as in release {good}", (await shop.Project.ExecAsync()).Expect(0).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_difference_names_image_variable_and_file_and_shows_no_value()
    {
        await using var shop = await ReleaseShop.OpenAsync();
        await shop.GoodAsync();
        shop.Project.Write("config/app.conf", "colour = red\n");
        await shop.CommitAsync("second");
        await shop.DeployAsync("bad", "COLOUR=darkorchid\n");
        await shop.RecordAsync();

        var diff = (await shop.RunAsync("diff")).Expect(0);

        Assert.Matches(@"image +app: runbooks-test/app:good \(\w{12}\) → runbooks-test/app:bad", diff.Out);
        Assert.Matches(@"env +app: COLOUR changed", diff.Out);
        Assert.Matches(@"env +\.env: COLOUR added", diff.Out);
        Assert.Matches(@"config +config/app.conf: its bytes changed", diff.Out);
        Assert.Matches(@"git +commit: \w{12} → \w{12}", diff.Out);
        Assert.DoesNotContain("DB_PASSWORD", diff.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("darkorchid", diff.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("worker", diff.Out, StringComparison.Ordinal);

        var list = await shop.JsonAsync("release", "list", "--json");
        var changes = (await shop.Project.RunAsync("changes", $"{shop.GoodId}..{Text(list.GetProperty("releases")[0], "release")}")).Expect(0).Out;
        Assert.Contains("\napplication\n  image     app: runbooks-test/app:good → runbooks-test/app:bad\n\nconfiguration\n  env       app: COLOUR changed\n  config    ", changes, StringComparison.Ordinal);
        Assert.Contains("config/app.conf changed", changes, StringComparison.Ordinal);
        Assert.Contains("env       .env: COLOUR added", changes, StringComparison.Ordinal);
        Assert.DoesNotContain("darkorchid", changes, StringComparison.Ordinal);
        Assert.DoesNotContain("unknown", changes, StringComparison.Ordinal);
        Assert.Equal(changes, (await shop.Project.RunAsync("changes", $"{shop.GoodId}..current")).Expect(0).Out);
        Assert.Contains("and not one of each", (await shop.Project.RunAsync("changes", $"{shop.GoodId}..HEAD")).Expect(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_deployed_but_not_recorded_is_not_verified_under_the_name_of_what_was()
    {
        await using var shop = await ReleaseShop.OpenAsync();
        await shop.RecordAsync();
        await shop.DeployAsync("bad2");

        var refused = (await shop.RunAsync("verify")).Expect(3);

        Assert.Contains("what is deployed is not release", refused.Error, StringComparison.Ordinal);
        Assert.Contains("runbooks-test/app:bad2", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pruning_of_everything_unused_leaves_the_image_of_a_good_release()
    {
        await using var shop = await ReleaseShop.OpenAsync();
        // An image of its own, so that no other test keeps it and none misses it.
        var name = $"{shop.Shop.Name}/own:v1";
        var made = (await shop.Shop.DockerAsync("create", "runbooks-test/app:good")).Expect(0).Out.Trim();
        shop.Shop.AtTheEnd("rmi", "-f", name);
        (await shop.Shop.DockerAsync("commit", "--change", "LABEL rbtest=own", "--change", "VOLUME /own", made, name)).Expect(0);
        (await shop.Shop.DockerAsync("rm", made)).Expect(0);
        shop.Project.Write(".env", $"IMAGE={name}\nDB_PASSWORD={ReleaseShop.Password}\n");
        (await shop.Shop.ComposeAsync("up", "-d")).Expect(0);
        var id = await shop.GoodAsync();
        await shop.DeployAsync("bad");
        (await shop.Shop.DockerAsync("rmi", "--no-prune", name)).Expect(0);

        // Only what has the label: other tests share the engine.
        (await shop.Shop.DockerAsync("image", "prune", "-a", "-f", "--filter", "label=rbtest=own")).Expect(0);

        var anchor = $"runbook.local/{shop.Shop.Name}/app:{id}";
        (await shop.Shop.DockerAsync("image", "inspect", anchor)).Expect(0);
        // The image declares a volume: what was never started needs none.
        Assert.Equal("created []", (await shop.Shop.DockerAsync("inspect", "--format", "{{.State.Status}} {{.Mounts}}", $"runbook-anchor.{shop.Shop.Name}.app.{id}")).Expect(0).Out.Trim());
        Assert.DoesNotContain("not kept", (await shop.RunAsync("list")).Expect(0).Out, StringComparison.Ordinal);

        (await shop.Shop.DockerAsync("rm", $"runbook-anchor.{shop.Shop.Name}.app.{id}")).Expect(0);
        Assert.Contains("not kept: container runbook-anchor.", (await shop.RunAsync("list")).Expect(0).Out, StringComparison.Ordinal);
        (await shop.Shop.DockerAsync("image", "prune", "-a", "-f", "--filter", "label=rbtest=own")).Expect(0);
        Assert.Contains("the image of app is not on this machine any more", (await shop.RunAsync("list")).Expect(0).Out, StringComparison.Ordinal);
        Assert.Contains("the image of app is not on this machine any more", (await shop.RunAsync("record")).Expect(0).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_secret_value_is_anywhere_in_the_store_or_in_what_is_said()
    {
        await using var shop = await ReleaseShop.OpenAsync();
        using var canary = new Canary("none", ReleaseShop.Password, "another-Kanari-77");
        // One in a configuration file, and one that stands in the Compose file itself.
        shop.Project.Write("config/app.conf", $"password = {ReleaseShop.Password}\n");
        shop.Project.Write("docker-compose.yml", shop.Shop.ComposeFile.Replace("COLOUR: ${COLOUR:-blue}", "API_TOKEN: another-Kanari-77", StringComparison.Ordinal));
        await shop.DeployAsync("good");
        await shop.GoodAsync();

        foreach (var words in (string[][])[["list"], ["show"], ["show", "--json"], ["list", "--json"], ["verify"], ["verify", "--json"], ["record", "--json"], ["diff", "current", "current"]])
        {
            canary.Search(string.Join(' ', words), (await shop.RunAsync(words)).Expect(0).Said);
        }

        Assert.True(canary.SearchFiles(shop.Project.At(".runbook"), _ => false) >= 4);
        Assert.Empty(await canary.HitsAsync());
        var show = (await shop.RunAsync("show")).Out;
        Assert.Contains("config/app.conf", show, StringComparison.Ordinal);
        Assert.Contains("not kept: it holds the value of DB_PASSWORD", show, StringComparison.Ordinal);
        Assert.Contains("not kept: it holds the value of API_TOKEN", show, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_that_was_not_written_to_its_end_is_said_and_the_next_one_takes_its_place()
    {
        await using var shop = await ReleaseShop.OpenAsync();
        var first = await shop.GoodAsync();
        await shop.RecordAsync();
        var journal = shop.Project.At(".runbook/releases/journal.jsonl");
        var bytes = await File.ReadAllBytesAsync(journal, shop.Project.Cancellation);
        await File.WriteAllBytesAsync(journal, bytes[..^20], shop.Project.Cancellation);

        var torn = (await shop.RunAsync("list")).Expect(0);
        Assert.Contains("torn: ", torn.Error, StringComparison.Ordinal);
        Assert.Contains($"{first}  good", torn.Out, StringComparison.Ordinal);
        var again = await shop.RecordAsync();
        var list = (await shop.RunAsync("list")).Expect(0);
        Assert.Empty(list.Error);
        Assert.StartsWith(again, list.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_verification_that_was_killed_before_its_images_were_kept_says_so_and_the_next_one_keeps_them()
    {
        await using var shop = await ReleaseShop.OpenAsync();
        await shop.GoodAsync();
        // As a kill between the two lines leaves it.
        var journal = shop.Project.At(".runbook/releases/journal.jsonl");
        var lines = await File.ReadAllLinesAsync(journal, shop.Project.Cancellation);
        Assert.Contains("release.anchored", lines[^1], StringComparison.Ordinal);
        await File.WriteAllTextAsync(journal, string.Concat(lines[..^1].Select(l => $"{l}\n")), shop.Project.Cancellation);

        Assert.Contains("nothing keeps the image of app", (await shop.RunAsync("list")).Expect(0).Out, StringComparison.Ordinal);
        (await shop.RunAsync("verify")).Expect(0);
        Assert.DoesNotContain("nothing keeps", (await shop.RunAsync("list")).Expect(0).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task At_which_migration_the_database_is_and_which_server_it_has_are_part_of_a_release()
    {
        await using var database = await DatabaseShop.OpenAsync();
        await database.SqlAsync("CREATE TABLE alembic_version (version_num text); INSERT INTO alembic_version VALUES ('a1b2')");
        database.Project.Write("runbook.yml", "project: v1\nservices: { app: application, worker: worker, db: database }\nmigrations: { tool: alembic, database: shop, service: db, user: postgres }\n");
        (await database.Project.RunAsync("release", "record")).Expect(0);
        await database.SqlAsync("UPDATE alembic_version SET version_num = 'c3d4'");
        (await database.Project.RunAsync("release", "record")).Expect(0);

        Assert.Matches(@"database +shop at c3d4 of alembic, PostgreSQL \d+", (await database.Project.RunAsync("release", "show")).Expect(0).Out);
        var ids = System.Text.RegularExpressions.Regex.Matches((await database.Project.RunAsync("release", "list")).Out, @"^\S+Z-\w+", System.Text.RegularExpressions.RegexOptions.Multiline);
        Assert.Contains("database   shop: a1b2 → c3d4", (await database.Project.RunAsync("release", "diff", ids[1].Value, ids[0].Value)).Expect(0).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_record_that_was_altered_is_not_believed_and_nothing_is_added_to_it()
    {
        await using var shop = await ReleaseShop.OpenAsync();
        await shop.RecordAsync("--reason", "the sale begins");
        await shop.GoodAsync();
        var journal = shop.Project.At(".runbook/releases/journal.jsonl");
        await File.WriteAllTextAsync(journal, (await File.ReadAllTextAsync(journal, shop.Project.Cancellation)).Replace("the sale begins", "the sale ends", StringComparison.Ordinal), shop.Project.Cancellation);

        Assert.Contains("altered: ", (await shop.RunAsync("list")).Expect(1).Error, StringComparison.Ordinal);
        Assert.Contains("was altered", (await shop.RunAsync("record")).Expect(7).Error, StringComparison.Ordinal);
        Assert.Equal(2, (await shop.RunAsync("verify")).Exit);
    }

    [Fact]
    public async Task Without_an_engine_what_is_on_record_is_shown_and_what_the_engine_would_say_is_unknown()
    {
        await using var shop = await ReleaseShop.OpenAsync();
        var id = await shop.GoodAsync();
        shop.Project.Set("DOCKER_HOST", $"unix://{shop.Project.At("no-engine.sock")}");

        var list = (await shop.RunAsync("list")).Expect(0);
        var show = (await shop.RunAsync("show")).Expect(0);
        var record = (await shop.RunAsync("record")).Expect(6);
        var verify = (await shop.RunAsync("verify")).Expect(6);
        shop.Project.Set("DOCKER_HOST", Environment.GetEnvironmentVariable("RUNBOOKS_TEST_DOCKER_HOST"));

        Assert.Contains($"{id}  good", list.Out, StringComparison.Ordinal);
        Assert.Contains("unknown whether its images are kept: there is no Docker Engine", list.Out, StringComparison.Ordinal);
        Assert.Contains("unknown whether its images are kept", show.Out, StringComparison.Ordinal);
        Assert.Contains("there is no Docker Engine", record.Error, StringComparison.Ordinal);
        Assert.Contains("there is no Docker Engine", verify.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task How_long_it_took_until_it_was_healthy_is_on_record()
    {
        await using var shop = await ReleaseShop.OpenAsync();
        shop.Project.Write("docker-compose.yml", shop.Shop.ComposeFile.Replace("    image: ${IMAGE}\n", "    image: ${IMAGE}\n    healthcheck: { test: [CMD, 'true'], interval: 3s, timeout: 3s, retries: 1 }\n", StringComparison.Ordinal));
        await shop.DeployAsync("good");
        while (!(await shop.Shop.ComposeAsync("ps", "app")).Out.Contains("(healthy)", StringComparison.Ordinal))
        {
            await Task.Delay(50, shop.Project.Cancellation);
        }

        await shop.RecordAsync();

        Assert.Matches(@"healthy +\d.* after its start", (await shop.RunAsync("show")).Expect(0).Out);
    }

    private static string Text(JsonElement json, string name) => ReleaseShop.Text(json, name);
}
