using System.Net;
using Runbooks.Engine.Journal;
using Runbooks.Testing;

namespace Runbooks.Cli.Tests;

/// <summary>A migration is taken back by the tool that made it, from the deployed image, in a real PostgreSQL server in a container.</summary>
public sealed class DbMigrationRollbackTests
{
    private const string Alembic = MigratedShop.Alembic;
    private const string Django = MigratedShop.Django;

    [Theory]
    [InlineData(Alembic)]
    [InlineData(Django)]
    public async Task The_schema_and_every_row_are_as_before_the_migration_and_the_application_is_well(string tool)
    {
        await using var shop = await MigratedShop.OpenAsync(tool, isElsewhere: true);
        var before = await shop.RowsAsync();
        await MigratedShop.MigrateAsync(shop, tool);
        Assert.Equal(HttpStatusCode.InternalServerError, await shop.Shop.HealthAsync());

        var run = (await ExecAsync(shop, tool, "--var", $"from={(tool == Alembic ? "b2" : "0002_amount")}", "--var", "migrations=migrations")).Expect(0);

        Assert.Contains($"1 migration can be taken back; values may be lost with {(tool == Alembic ? "b2" : "orders.0002_amount")}", run.Said, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await shop.Shop.HealthAsync());
        Assert.Equal(before, await shop.RowsAsync());
        Assert.Contains("backed up by step 'save'", (await shop.Project.RunAsync(Words(shop, tool, "plan"))).Expect(0).Out, StringComparison.Ordinal);
        Assert.Equal(tool, Assert.Single(shop.Project.Record().IsWhole().Events<StepIntended>(), e => e.Step is Alembic or Django).Step);
        Assert.Equal("3", (await shop.Shop.ComposeAsync("ps", "--all", "--quiet")).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData(Alembic)]
    [InlineData(Django)]
    public async Task A_migration_whose_way_back_fails_in_its_middle_leaves_the_database_as_it_was(string tool)
    {
        await using var shop = await MigratedShop.OpenAsync(tool, DatabaseShop.Reverse + "ALTER TABLE orders DROP COLUMN no_such;");
        await MigratedShop.MigrateAsync(shop, tool);
        var rows = await shop.RowsAsync();

        var run = (await ExecAsync(shop, tool)).Expect(1);

        Assert.Contains("column \"no_such\" of relation \"orders\" does not exist", run.Said, StringComparison.Ordinal);
        Assert.Equal(rows, await shop.RowsAsync());
        Assert.Equal("1", await shop.SqlAsync("SELECT count(*) FROM pg_indexes WHERE indexname = 'orders_amount'"));
        Assert.Contains("save", shop.Project.Record().Events<BackupMade>().Select(b => b.Step));
        Assert.True(shop.Project.Record().Step(tool).MayHaveChanged);
    }

    [Fact]
    public async Task A_database_that_is_at_another_migration_than_expected_is_not_touched()
    {
        await using var shop = await MigratedShop.OpenAsync(Alembic);
        await MigratedShop.MigrateAsync(shop, Alembic);

        var run = (await ExecAsync(shop, Alembic, "--var", "from=c3")).Expect(3);

        Assert.Contains("(at b2)", run.Said, StringComparison.Ordinal);
        Assert.Empty(shop.Project.Record().Events<StepIntended>());
    }

    [Fact]
    public async Task A_migration_that_refuses_to_be_taken_back_is_not_begun_with()
    {
        await using var shop = await MigratedShop.OpenAsync(Alembic);
        await MigratedShop.MigrateAsync(shop, Alembic);
        shop.Project.Write("migrations/versions/b2.py", "revision = 'b2'\ndown_revision = 'a1'\ndef upgrade():\n    op.drop_table('x')\ndef downgrade():\n    raise NotImplementedError\n");

        var run = (await ExecAsync(shop, Alembic, "--var", "migrations=migrations", "--var", "reviewed=[b2]")).Expect(3);

        Assert.Contains("b2 cannot be taken back: migrations/versions/b2.py:6: raise NotImplementedError: it refuses", run.Said, StringComparison.Ordinal);
        Assert.Empty(shop.Project.Record().Events<StepIntended>());
    }

    [Fact]
    public async Task Somebody_who_holds_the_table_is_not_waited_for()
    {
        await using var shop = await MigratedShop.OpenAsync(Alembic);
        await MigratedShop.MigrateAsync(shop, Alembic);
        var holding = await HeldSession.IdleAsync(shop);

        var run = (await ExecAsync(shop, Alembic, "--var", "lock_timeout=300ms")).Expect(1);

        Assert.Contains("canceling statement due to lock timeout", run.Said, StringComparison.Ordinal);
        (await holding.EndAsync()).Expect(0);
        Assert.Equal("b2", await shop.SqlAsync("SELECT version_num FROM alembic_version"));
    }

    private static string[] Words(DatabaseShop shop, string tool, string verb = "exec") =>
    [
        verb, Repository.PathOf("playbooks", "db-migration-rollback.yml"), "--var", $"tool={tool}", "--var", $"head={(tool == Alembic ? "a1" : "0001_initial")}", "--var", $"app={(tool == Alembic ? "" : "orders")}",
        "--var", "database=shop", "--var", $"url={shop.Url}", "--var", "settle=500ms", .. shop.Shop.ElsewhereWords,
    ];

    internal static Task<Finished> ExecAsync(DatabaseShop shop, string tool, params string[] more) => shop.Project.RunAsync([.. Words(shop, tool), "--approve", "gate=alice", .. more]);
}
