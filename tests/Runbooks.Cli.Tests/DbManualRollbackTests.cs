using System.Net;
using Runbooks.Engine.Journal;
using Runbooks.Testing;

namespace Runbooks.Cli.Tests;

/// <summary>A migration is taken back by a file of SQL, in a real PostgreSQL server in a container, and the application is well again.</summary>
public sealed class DbManualRollbackTests
{
    [Fact]
    public async Task The_schema_and_every_row_are_as_before_the_migration_and_the_application_is_well()
    {
        await using var shop = await OpenAsync(isElsewhere: true);
        var before = await BeforeMigrationAsync(shop);
        Assert.Equal(HttpStatusCode.InternalServerError, await shop.Shop.HealthAsync());

        var run = (await ExecAsync(shop)).Expect(0);

        Assert.Equal(HttpStatusCode.OK, await shop.Shop.HealthAsync());
        Assert.Equal(before, await shop.RowsAsync());
        Assert.Equal("0", await shop.SqlAsync("SELECT count(*) FROM pg_indexes WHERE indexname = 'orders_amount'"));
        Assert.Matches("all of it is done; the schema was [0-9a-f]{64} and is [0-9a-f]{64}", run.Out);
        var made = Assert.Single(shop.Project.Record().IsWhole().Events<BackupMade>());
        Assert.Contains("1 table and", made.Verified, StringComparison.Ordinal);
        (await shop.Project.RunAsync("audit", "verify")).Expect(0);
    }

    [Fact]
    public async Task A_schema_that_is_not_the_one_that_was_rehearsed_is_told_and_a_right_one_is_recognised()
    {
        await using var shop = await OpenAsync();
        await BeforeMigrationAsync(shop);

        var other = (await ExecAsync(shop, "--var", $"schema={new string('a', 64)}")).Expect(1);
        var found = System.Text.RegularExpressions.Regex.Match(other.Said, "but the schema has the fingerprint ([0-9a-f]{64}), and not a{64}");
        Assert.True(found.Success, other.ToString());

        await shop.SqlAsync(DatabaseShop.Migration);
        (await ExecAsync(shop, "--var", $"schema={found.Groups[1].Value}")).Expect(0);
    }

    [Fact]
    public async Task SQL_that_fails_in_its_middle_leaves_nothing_behind_and_nothing_else_is_touched()
    {
        await using var shop = await OpenAsync();
        await BeforeMigrationAsync(shop);
        shop.Project.Write("reverse.sql", DatabaseShop.Reverse + "ALTER TABLE orders DROP COLUMN no_such;\n");
        var (rows, app) = (await shop.RowsAsync(), await shop.Shop.ContainerAsync("app"));

        var run = (await ExecAsync(shop)).Expect(1);

        Assert.Contains("column \"no_such\" of relation \"orders\" does not exist; the transaction was taken back, and database 'shop' is as it was", run.Said, StringComparison.Ordinal);
        Assert.Equal(rows, await shop.RowsAsync());
        Assert.Equal("1", await shop.SqlAsync("SELECT count(*) FROM pg_indexes WHERE indexname = 'orders_amount'"));
        Assert.Equal(app, await shop.Shop.ContainerAsync("app"));
        Assert.False(shop.Project.Record().Step("reverse").MayHaveChanged);
        Assert.True(shop.Project.Record().Step("save").MayHaveChanged);
    }

    [Fact]
    public async Task Somebody_who_holds_the_table_is_not_waited_for_and_the_database_stays_usable()
    {
        await using var shop = await OpenAsync();
        await BeforeMigrationAsync(shop);
        var holding = await HeldSession.IdleAsync(shop);

        var run = (await ExecAsync(shop, "--var", "lock_timeout=300ms")).Expect(1);

        Assert.Contains("canceling statement due to lock timeout; the transaction was taken back", run.Said, StringComparison.Ordinal);
        Assert.Equal("2000", await shop.SqlAsync("SELECT count(*) FROM orders"));
        (await holding.EndAsync()).Expect(0);
        (await ExecAsync(shop)).Expect(0);
        Assert.Equal(HttpStatusCode.OK, await shop.Shop.HealthAsync());
    }

    [Fact]
    public async Task While_it_is_dumped_it_does_not_begin()
    {
        await using var shop = await OpenAsync();
        await BeforeMigrationAsync(shop);
        var dumping = shop.Shop.ComposeAsync("exec", "-T", "-e", "PGAPPNAME=pg_dump", "db", "psql", "--no-psqlrc", "--quiet", "--dbname=shop", "--command=SELECT 1", @"--command=\! while test ! -e /data/go; do sleep 0.1; done");
        while (await shop.SqlAsync("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pg_dump'") == "0")
        {
            await Task.Delay(20, shop.Project.Cancellation);
        }

        var run = (await ExecAsync(shop)).Expect(3);

        Assert.Contains("(pg_dump) dumps it", run.Said, StringComparison.Ordinal);
        Assert.Empty(shop.Project.Record().Events<StepIntended>());
        (await shop.Shop.ComposeAsync("exec", "-T", "db", "touch", "/data/go")).Expect(0);
        (await dumping).Expect(0);
    }

    [Fact]
    public async Task Without_a_person_at_the_gate_nothing_begins()
    {
        await using var shop = await OpenAsync();
        await BeforeMigrationAsync(shop);

        (await shop.Project.RunAsync(Words(shop))).Expect(3);

        Assert.Empty(shop.Project.Record().Events<StepIntended>());
    }

    [Theory]
    [InlineData("BEGIN;\nDROP INDEX orders_amount;\nCOMMIT;\n", "line 1: BEGIN begins or ends a transaction, and all of the file is one already")]
    [InlineData("DROP INDEX orders_amount;\n\\i other.sql\n", "line 2: it holds a '\\' outside of quotes, which begins a command of the client program")]
    [InlineData("-- nothing\n", "it holds no statement")]
    public async Task SQL_that_would_leave_its_transaction_is_refused_before_anything_happens(string sql, string why)
    {
        using var project = new Project();
        project.Write("reverse.sql", sql);
        project.Write("docker-compose.yml", "services: { db: { image: x } }\n");

        var run = (await project.RunAsync("plan", Repository.PathOf("playbooks", "db-manual-rollback.yml"), "--var", "file=reverse.sql", "--var", "database=shop")).Expect(2);

        Assert.Contains(why, run.Said, StringComparison.Ordinal);
    }

    private static Task<DatabaseShop> OpenAsync(bool isElsewhere = false) => OpenAsync(files => isElsewhere ? Shop.OpenElsewhereAsync(files) : Shop.OpenAsync(files));

    /// <param name="open">Opens a shop with these files.</param>
    internal static async Task<DatabaseShop> OpenAsync(Func<Func<ShopPlace, IEnumerable<(string Path, string Text)>>, Task<Shop>> open)
    {
        var shop = await DatabaseShop.OpenAsync(open);
        shop.Project.Write("reverse.sql", DatabaseShop.Reverse);
        return shop;
    }

    /// <summary>Migrates, and gives the rows as they were before.</summary>
    internal static async Task<string> BeforeMigrationAsync(DatabaseShop shop)
    {
        var rows = await shop.RowsAsync();
        await shop.SqlAsync(DatabaseShop.Migration);
        return rows;
    }

    private static string[] Words(DatabaseShop shop) =>
        ["exec", Repository.PathOf("playbooks", "db-manual-rollback.yml"), "--var", "file=reverse.sql", "--var", "database=shop", "--var", $"url={shop.Url}", "--var", "settle=500ms", .. shop.Shop.ElsewhereWords];

    internal static Task<Finished> ExecAsync(DatabaseShop shop, params string[] more) => shop.Project.RunAsync([.. Words(shop), "--approve", "gate=alice", .. more]);
}
