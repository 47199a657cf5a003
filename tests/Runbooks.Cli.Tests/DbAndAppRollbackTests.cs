using System.Net;
using Runbooks.Engine.Journal;
using Runbooks.Testing;

namespace Runbooks.Cli.Tests;

/// <summary>A bad release that brought a migration is rolled back: the database with the failed release, then the application, in real containers.</summary>
public sealed class DbAndAppRollbackTests
{
    private const string Tool = MigratedShop.Alembic;

    [Fact]
    public async Task Schema_rows_and_releases_are_those_before_and_everything_is_well()
    {
        await using var shop = await MigratedShop.OpenAsync(Tool, isElsewhere: true);
        var before = await shop.RowsAsync();
        await MigratedShop.MigrateAsync(shop, Tool);

        (await ExecAsync(shop)).Expect(0);

        Assert.Equal(HttpStatusCode.OK, await shop.Shop.HealthAsync());
        Assert.Equal(before, await shop.RowsAsync());
        Assert.EndsWith(" runbooks-test/app:good running", await shop.Shop.ContainerAsync("app"), StringComparison.Ordinal);
        Assert.EndsWith(" runbooks-test/app:good running", await shop.Shop.ContainerAsync("worker"), StringComparison.Ordinal);
        Assert.DoesNotContain("app:bad", shop.Shop.ComposeFile, StringComparison.Ordinal);
        Assert.Equal("elsewhere", await shop.Shop.WhereAsync("app"));
        Assert.Equal("a1", await shop.SqlAsync("SELECT version_num FROM alembic_version"));
        string[] order = [.. shop.Project.Record().IsWhole().Events<StepIntended>().Select(e => e.Step)];
        Assert.Equal(["stop", "save", "gate", "alembic", "pin[1]", "pin[2]", "start"], order);
    }

    [Fact]
    public async Task While_the_migration_is_taken_back_neither_the_application_nor_its_worker_runs()
    {
        await using var shop = await MigratedShop.OpenAsync(Tool);
        await MigratedShop.MigrateAsync(shop, Tool);
        shop.Project.Write("bin/docker", $$"""
            #!/bin/bash
            case "$*" in *downgrade*) {{Project.Find("docker")}} compose ps --services --status running >during;; esac
            exec {{Project.Find("docker")}} "$@"
            """, executable: true);
        shop.Project.Set("PATH", $"{shop.Project.At("bin")}:{Environment.GetEnvironmentVariable("PATH")}");

        (await ExecAsync(shop)).Expect(0);

        Assert.Equal("db\n", await File.ReadAllTextAsync(shop.Project.At("during"), shop.Project.Cancellation));
    }

    [Fact]
    public async Task A_dump_that_cannot_be_made_lets_the_failed_release_run_on()
    {
        await using var shop = await MigratedShop.OpenAsync(Tool);
        await MigratedShop.MigrateAsync(shop, Tool);
        var (rows, app, worker) = (await shop.RowsAsync(), await shop.Shop.ContainerAsync("app"), await shop.Shop.ContainerAsync("worker"));
        shop.Project.Write("bin/docker", $$"""
            #!/bin/bash
            case "$*" in *pg_dump*custom*) {{Project.Find("docker")}} "$@" | head -c 2000; exit;; esac
            exec {{Project.Find("docker")}} "$@"
            """, executable: true);
        shop.Project.Set("PATH", $"{shop.Project.At("bin")}:{Environment.GetEnvironmentVariable("PATH")}");

        (await ExecAsync(shop)).Expect(4);

        Assert.Equal(Conclusion.Undone, shop.Project.Record().State.Ended?.Conclusion);
        Assert.DoesNotContain(shop.Project.Record().Events<StepIntended>(), e => e.Step == Tool);
        Assert.Equal((rows, app, worker), (await shop.RowsAsync(), await shop.Shop.ContainerAsync("app"), await shop.Shop.ContainerAsync("worker")));
        Assert.Equal("b2", await shop.SqlAsync("SELECT version_num FROM alembic_version"));
    }

    [Fact]
    public async Task When_the_migration_cannot_be_taken_back_it_stops_there_and_says_what_is_where()
    {
        await using var shop = await MigratedShop.OpenAsync(Tool, DatabaseShop.Reverse + "ALTER TABLE orders DROP COLUMN no_such;");
        await MigratedShop.MigrateAsync(shop, Tool);
        var rows = await shop.RowsAsync();

        var run = (await ExecAsync(shop)).Expect(1);

        Assert.Equal(rows, await shop.RowsAsync());
        Assert.Contains("app:bad", shop.Shop.ComposeFile, StringComparison.Ordinal);
        Assert.EndsWith(" runbooks-test/app:bad exited", await shop.Shop.ContainerAsync("app"), StringComparison.Ordinal);
        var record = shop.Project.Record().IsWhole();
        Assert.True(record.Step("stop").MayHaveChanged && record.Step(Tool).MayHaveChanged);
        Assert.DoesNotContain(record.Events<StepIntended>(), e => e.Step is "start" or "pin[1]");
        Assert.Contains("alembic: failed, may be changed in part", run.Said, StringComparison.Ordinal);
    }

    internal static Task<Finished> ExecAsync(DatabaseShop shop, params string[] more) => shop.Project.RunAsync(
    [
        "exec", Repository.PathOf("playbooks", "db-and-app-rollback.yml"), "--var", "version=good", "--var", "image=runbooks-test/app", "--var", "services=app,worker", "--var", $"tool={Tool}", "--var", "head=a1", "--var", "from=b2",
        "--var", "database=shop", "--var", "migrations=migrations", "--var", $"url={shop.Url}", "--var", "settle=500ms", "--approve", "gate=alice", .. shop.Shop.ElsewhereWords, .. more,
    ]);
}
