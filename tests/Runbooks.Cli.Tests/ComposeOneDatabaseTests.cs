using System.Net;

namespace Runbooks.Cli.Tests;

/// <summary>The playbooks of a database on a machine that has Compose 1.29 and no other, on a real engine with a real PostgreSQL.</summary>
public sealed class ComposeOneDatabaseTests
{
    [Fact]
    public async Task A_database_and_its_application_go_back_together()
    {
        await using var shop = await MigratedShop.OpenAsync(MigratedShop.Alembic, ComposeOne.OpenNamelessAsync);
        var before = await shop.RowsAsync();
        await MigratedShop.MigrateAsync(shop, MigratedShop.Alembic);

        (await DbAndAppRollbackTests.ExecAsync(shop)).Expect(0);

        Assert.Equal(before, await shop.RowsAsync());
        Assert.Equal(HttpStatusCode.OK, await ComposeOne.HealthAsync(shop.Shop));
        Assert.EndsWith(" runbooks-test/app:good running", await shop.Shop.ContainerAsync("worker"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_migration_is_taken_back_by_a_file_of_SQL()
    {
        await using var shop = await DbManualRollbackTests.OpenAsync(ComposeOne.OpenNamelessAsync);
        var before = await DbManualRollbackTests.BeforeMigrationAsync(shop);

        (await DbManualRollbackTests.ExecAsync(shop)).Expect(0);

        Assert.Equal(before, await shop.RowsAsync());
        Assert.Equal(HttpStatusCode.OK, await ComposeOne.HealthAsync(shop.Shop));
    }

    [Fact]
    public async Task A_migration_is_taken_back_by_the_tool_that_made_it()
    {
        const string tool = MigratedShop.Django;
        await using var shop = await MigratedShop.OpenAsync(tool, ComposeOne.OpenNamelessAsync);
        var before = await shop.RowsAsync();
        await MigratedShop.MigrateAsync(shop, tool);

        (await DbMigrationRollbackTests.ExecAsync(shop, tool)).Expect(0);

        Assert.Equal(before, await shop.RowsAsync());
        Assert.Equal(HttpStatusCode.OK, await ComposeOne.HealthAsync(shop.Shop));
    }

    [Fact]
    public async Task A_dump_takes_the_place_of_a_database_and_an_undo_gives_the_old_one_back()
    {
        await using var shop = await DbRestoreTests.OpenAsync(ComposeOne.OpenNamelessAsync);
        var before = await shop.RowsAsync();
        await shop.SqlAsync(DbRestoreTests.Destruction);
        var destroyed = await shop.RowsAsync();

        (await DbRestoreTests.ExecAsync(shop)).Expect(0);
        Assert.Equal((before, HttpStatusCode.OK), (await shop.RowsAsync(), await ComposeOne.HealthAsync(shop.Shop)));

        (await shop.Project.RunAsync("undo", shop.Project.Records()[^1].Id)).Expect(0);
        Assert.Equal(destroyed, await shop.RowsAsync());
    }

    [Fact]
    public async Task Several_components_go_back_one_after_the_other()
    {
        await using var shop = await MigratedShop.OpenAsync(MigratedShop.Alembic, ComposeOne.OpenNamelessAsync);
        var before = await shop.RowsAsync();
        await MigratedShop.MigrateAsync(shop, MigratedShop.Alembic);

        var run = (await SequentialRollbackTests.ExecAsync(shop)).Expect(0);

        Assert.Equal((before, HttpStatusCode.OK), (await shop.RowsAsync(), await ComposeOne.HealthAsync(shop.Shop)));
        Assert.EndsWith(" runbooks-test/app:good running", await shop.Shop.ContainerAsync("worker"), StringComparison.Ordinal);
        Assert.Contains("  database        done, and its validations hold\n  restore         left out: with_database && dump != '' is false\n  application     done, and its validations hold\n", run.Out, StringComparison.Ordinal);
    }
}
