using System.Net;
using Runbooks.Engine.Journal;
using Runbooks.Testing;

namespace Runbooks.Cli.Tests;

/// <summary>Several components deployed together go back one after the other, in real containers, with a person between them.</summary>
public sealed class SequentialRollbackTests
{
    private const string Tool = MigratedShop.Alembic;

    [Fact]
    public async Task Database_application_and_workers_are_what_they_were_and_each_component_is_named()
    {
        await using var shop = await MigratedShop.OpenAsync(Tool, isElsewhere: true);
        var before = await shop.RowsAsync();
        await MigratedShop.MigrateAsync(shop, Tool);

        var run = (await ExecAsync(shop)).Expect(0);

        Assert.Equal("elsewhere", await shop.Shop.WhereAsync("app"));

        Assert.Equal((HttpStatusCode.OK, before, "a1"), (await shop.Shop.HealthAsync(), await shop.RowsAsync(), await shop.SqlAsync("SELECT version_num FROM alembic_version")));
        Assert.EndsWith(" runbooks-test/app:good running", await shop.Shop.ContainerAsync("app"), StringComparison.Ordinal);
        Assert.EndsWith(" runbooks-test/app:good running", await shop.Shop.ContainerAsync("worker"), StringComparison.Ordinal);
        string[] order = [.. shop.Project.Record().IsWhole().Events<StepIntended>().Select(e => e.Step).Where(s => s != "application/watch")];
        Assert.Equal(
            ["stop_workers", "stop_application", "database/save", "database/gate", "database/alembic", "database", "gate_application", "application/stop", "application/pin", "application/start", "application", "pin_workers[1]", "start_workers"],
            order);
        Assert.Contains("  database        done, and its validations hold\n  restore         left out: with_database && dump != '' is false\n  application     done, and its validations hold\n  infrastructure  left out: with_infrastructure is false\n", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_release_that_does_not_come_up_stops_it_there_with_a_table_of_the_components_and_can_be_taken_back_by_itself()
    {
        await using var shop = await MigratedShop.OpenAsync(Tool);
        var before = await shop.RowsAsync();
        await MigratedShop.MigrateAsync(shop, Tool);

        var run = (await ExecAsync(shop, "unstartable", [])).Expect(1);

        Assert.Contains("  database        done, and its validations hold\n  restore         left out: with_database && dump != '' is false\n  application     failed in step 'application/start'\n  infrastructure  not begun\n", run.Out, StringComparison.Ordinal);
        Assert.Equal(before, await shop.RowsAsync());
        var record = shop.Project.Record().IsWhole();
        Assert.Equal((StepStanding.NotReached, UndoStanding.None), (record.Step("start_workers").Standing, record.Step("database/alembic").Undo));

        (await shop.Project.RunAsync("undo", "--from", "application/stop")).Expect(0);

        // As it was when the application was begun: the failed release, stopped.
        Assert.EndsWith(" runbooks-test/app:bad created", await shop.Shop.ContainerAsync("app"), StringComparison.Ordinal);
        Assert.Contains("app:bad", shop.Shop.ComposeFile, StringComparison.Ordinal);
        Assert.Equal(before, await shop.RowsAsync());
    }

    [Fact]
    public async Task Nobody_who_says_go_on_keeps_the_next_component_from_being_begun()
    {
        await using var shop = await MigratedShop.OpenAsync(Tool);
        await MigratedShop.MigrateAsync(shop, Tool);

        var run = (await shop.Project.RunAsync([.. Words(shop), "--approve", "database/gate=alice"])).Expect(3);

        Assert.Contains("gate_application", run.Said, StringComparison.Ordinal);
        Assert.Equal("b2", await shop.SqlAsync("SELECT version_num FROM alembic_version"));
        Assert.DoesNotContain(shop.Project.Record().Events<StepIntended>(), e => e.Step.StartsWith("database", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_infrastructure_goes_back_last_to_a_revision_that_must_name_the_same_release()
    {
        await using var shop = await MigratedShop.OpenAsync(Tool);
        await MigratedShop.MigrateAsync(shop, Tool);
        var bad = shop.Shop.ComposeFile;
        var good = bad.Replace("app:bad", "app:good", StringComparison.Ordinal).Replace("stop_grace_period: 1s\n    command", "stop_grace_period: 2s\n    command", StringComparison.Ordinal);
        await CommitAsync(shop, bad.Replace("app:bad", "app:bad2", StringComparison.Ordinal), "older");
        await CommitAsync(shop, good, "good");
        await CommitAsync(shop, bad, "bad");
        string[] infrastructure = ["--var", "with_infrastructure=true", "--approve", "gate_infrastructure=alice"];

        var refused = (await ExecAsync(shop, [.. infrastructure, "--var", "revision=HEAD~2"])).Expect(3);
        Assert.Contains("at HEAD~2, app has another image than runbooks-test/app:good", refused.Out, StringComparison.Ordinal);
        var run = (await ExecAsync(shop, infrastructure)).Expect(0);

        Assert.Equal(good, shop.Shop.ComposeFile);
        Assert.Equal(HttpStatusCode.OK, await shop.Shop.HealthAsync());
        Assert.Contains("  infrastructure  done, and its validations hold\n", run.Out, StringComparison.Ordinal);
    }

    private static async Task CommitAsync(DatabaseShop shop, string compose, string message)
    {
        shop.Project.Write("docker-compose.yml", compose);
        foreach (var words in (string[][])[["init", "-q", "-b", "main"], ["add", "docker-compose.yml"], ["-c", "user.name=o", "-c", "user.email=o@example.org", "commit", "-q", "-m", message]])
        {
            (await shop.Project.ProgramAsync("git", words)).Expect(0);
        }
    }

    internal static Task<Finished> ExecAsync(DatabaseShop shop, params string[] more) => ExecAsync(shop, "good", more);

    private static Task<Finished> ExecAsync(DatabaseShop shop, string version, string[] more) =>
        shop.Project.RunAsync([.. Words(shop, version), "--approve", "database/gate=alice", "--approve", "gate_application=alice", .. more]);

    private static string[] Words(DatabaseShop shop, string version = "good") =>
    [
        "exec", Repository.PathOf("playbooks", "sequential-rollback.yml"), "--var", $"version={version}", "--var", "image=runbooks-test/app", "--var", "workers=worker", "--var", $"tool={Tool}", "--var", "head=a1", "--var", "from=b2",
        "--var", "database=shop", "--var", $"url={shop.Url}", "--var", $"port={shop.Shop.Port}", "--var", "settle=500ms", .. shop.Shop.ElsewhereWords,
    ];
}
