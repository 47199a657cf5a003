using System.Net;
using Runbooks.Engine.Journal;
using Runbooks.Testing;

namespace Runbooks.Cli.Tests;

/// <summary>kill -9 of the program while a shipped playbook is between a backup and the end of what it does to data: what is in doubt is said, and from there it comes to a true end, with every row.</summary>
public sealed class KilledRollbackTests
{
    [Fact]
    public async Task A_migration_that_was_taken_back_when_nobody_was_there_to_note_it_is_in_doubt_and_not_taken_back_twice()
    {
        await using var shop = await MigratedShop.OpenAsync(MigratedShop.Alembic);
        var before = await shop.RowsAsync();
        await MigratedShop.MigrateAsync(shop, MigratedShop.Alembic);

        await KillAsync(shop.Shop, "downgrade", isDone: true, "db-migration-rollback", ["tool=alembic", "head=a1", "from=b2", .. Database(shop)]);

        await IsInDoubtAsync(shop.Project, "alembic");
        Assert.Equal("a1", await shop.SqlAsync("SELECT version_num FROM alembic_version"));
        // What it was about to destroy is there in whole.
        var saved = Assert.Single(shop.Project.Record().Events<BackupMade>());
        Assert.Equal(saved.Length, new FileInfo(saved.Path).Length);
        // The guard asks for the migration that is taken back by now.
        var asked = (await shop.Project.RunAsync("resume")).Expect(3).Said;
        Assert.Contains("(at a1)", asked, StringComparison.Ordinal);
        Assert.Contains("if that is the run's own doing, --accept-changes goes on", asked, StringComparison.Ordinal);
        Assert.Contains("Look at it, then say '--settle alembic=done' or '--settle alembic=again'", (await shop.Project.RunAsync("resume", "--accept-changes")).Expect(3).Said, StringComparison.Ordinal);
        Assert.Equal("a1", await shop.SqlAsync("SELECT version_num FROM alembic_version"));

        (await shop.Project.RunAsync("resume", "--settle", "alembic=done", "--accept-changes")).Expect(0);

        Assert.Equal(before, await shop.RowsAsync());
        Assert.Equal(1, shop.Project.Record().IsWhole().Step("alembic").Attempts);
        Assert.Equal(HttpStatusCode.OK, await shop.Shop.HealthAsync());
        (await shop.Project.RunAsync("audit", "verify")).Expect(0);
    }

    [Fact]
    public async Task A_migration_that_had_not_begun_is_taken_back_by_going_on_and_the_previous_release_runs_on_it()
    {
        await using var shop = await MigratedShop.OpenAsync(MigratedShop.Alembic);
        var before = await shop.RowsAsync();
        await MigratedShop.MigrateAsync(shop, MigratedShop.Alembic);
        var migrated = await shop.RowsAsync();

        await KillAsync(shop.Shop, "downgrade", isDone: false, "db-and-app-rollback",
            ["version=good", "image=runbooks-test/app", "services=app,worker", "tool=alembic", "head=a1", "from=b2", "migrations=migrations", .. Database(shop)]);

        await IsInDoubtAsync(shop.Project, "alembic");
        Assert.Equal(migrated, await shop.RowsAsync());
        Assert.EndsWith(" exited", await shop.Shop.ContainerAsync("app"), StringComparison.Ordinal);

        (await shop.Project.RunAsync("resume", "--settle", "alembic=again")).Expect(0);

        Assert.Equal(before, await shop.RowsAsync());
        Assert.EndsWith(" runbooks-test/app:good running", await shop.Shop.ContainerAsync("app"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await shop.Shop.HealthAsync());
        Assert.Equal(Conclusion.Succeeded, shop.Project.Record().IsWhole().Ended.Conclusion);
    }

    [Fact]
    public async Task Databases_that_changed_places_when_nobody_was_there_to_note_it_go_back_to_where_they_were()
    {
        await using var shop = await DbRestoreTests.OpenAsync();
        await shop.SqlAsync("DELETE FROM orders WHERE id > 1500; INSERT INTO orders VALUES (9001, 5, 'written since')");
        var (rows, app) = (await shop.RowsAsync(), await shop.Shop.ContainerAsync("app"));

        await KillAsync(shop.Shop, "ALTER DATABASE", isDone: true, "db-restore", ["dump=before.dump", "services=app,worker", .. Database(shop)]);

        await IsInDoubtAsync(shop.Project, "switch");
        Assert.Equal("postgres,shop,shop_before_restore", await DbRestoreTests.DatabasesAsync(shop));

        (await shop.Project.RunAsync("undo", shop.Project.Records()[1].Id)).Expect(0);

        Assert.Equal(rows, await shop.RowsAsync());
        Assert.Equal(app, await shop.Shop.ContainerAsync("app"));
        Assert.Matches(@"^postgres,shop,shop_until_\d{8}T\d{6}$", await DbRestoreTests.DatabasesAsync(shop));
    }

    [Fact]
    public async Task Containers_that_were_being_made_with_the_old_volume_are_taken_back_or_gone_on_with_and_no_byte_is_another()
    {
        await using var shop = await VolumeRollbackTests.OpenAsync(VolumeRollbackTests.Bad);
        var (volumes, data, sales) = (await VolumeRollbackTests.VolumesAsync(shop), await VolumeRollbackTests.DigestAsync(shop, "data"), await VolumeRollbackTests.DigestAsync(shop, "sales"));

        await KillAsync(shop, " create --no-build ", isDone: true, "volume-rollback", [$"url=http://127.0.0.1:{shop.Port}/health"]);

        await IsInDoubtAsync(shop.Project, "create");
        (await shop.Project.RunAsync("undo", shop.Project.Records()[0].Id)).Expect(0);
        Assert.Equal(VolumeRollbackTests.Bad(shop), shop.ComposeFile);
        Assert.Equal("/data=sales", await VolumeRollbackTests.MountsAsync(shop, "app"));
        await shop.AnswersAsync(HttpStatusCode.InternalServerError);

        await KillAsync(shop, " create --no-build ", isDone: false, "volume-rollback", [$"url=http://127.0.0.1:{shop.Port}/health"]);

        await IsInDoubtAsync(shop.Project, "create");
        (await shop.Project.RunAsync("resume", shop.Project.Records()[^1].Id, "--accept-changes")).Expect(0);
        Assert.Equal("/data=data", await VolumeRollbackTests.MountsAsync(shop, "app"));
        Assert.Equal(HttpStatusCode.OK, await shop.HealthAsync());
        Assert.Equal((volumes, data, sales), (await VolumeRollbackTests.VolumesAsync(shop), await VolumeRollbackTests.DigestAsync(shop, "data"), await VolumeRollbackTests.DigestAsync(shop, "sales")));
    }

    private static string[] Database(DatabaseShop shop) => ["database=shop", $"url={shop.Url}"];

    /// <summary>Runs a shipped playbook and kills it when docker is first started with these words: before docker has done anything, or when it is done and the program does not know yet.</summary>
    private static async Task KillAsync(Shop shop, string words, bool isDone, string playbook, string[] values)
    {
        var gate = DockerGate.Close(shop, words, isDone, after: "exit 1");
        string[] approval = playbook.StartsWith("db-", StringComparison.Ordinal) ? ["--approve", "gate=alice"] : [];
        await gate.KillAsync(shop.Project.Start(["exec", Repository.PathOf("playbooks", $"{playbook}.yml"), "--var", "settle=500ms", .. values.SelectMany(v => (string[])["--var", v]), .. approval]));
    }

    private static async Task IsInDoubtAsync(Project project, string step)
    {
        var record = project.Records()[^1];
        Assert.Equal([step], record.State.Steps.Where(s => s.Standing == StepStanding.InDoubt).Select(s => s.Head.Id));
        var show = (await project.RunAsync("runs", "show", record.Id)).Expect(0).Out;
        Assert.Matches($@"IN DOUBT\s+{step}", show);
        Assert.Contains("not sealed", show, StringComparison.Ordinal);
    }
}
