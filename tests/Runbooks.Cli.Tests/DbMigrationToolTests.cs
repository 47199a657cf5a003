using System.Net;
using Runbooks.Engine.Journal;
using Runbooks.Testing;

namespace Runbooks.Cli.Tests;

/// <summary>
/// The other tools of db-migration-rollback: Rails itself, and the command lines of those that Debian does not have. In the place of these stands a program that
/// says what it was asked for, and does to the database what the tool would; that the tools take these words is what their documentation says.
/// </summary>
public sealed class DbMigrationToolTests
{
    private const string Flyway = "CREATE TABLE flyway_schema_history (installed_rank int, version varchar(50), description varchar(200), type varchar(20), success boolean);"
        + "INSERT INTO flyway_schema_history VALUES (1, '1', 'begin', 'SQL', true), (2, '2', 'amount', 'SQL', true);";

    private const string Liquibase = "CREATE TABLE databasechangelog (id varchar(255), orderexecuted int); CREATE TABLE databasechangeloglock (id int, locked boolean, lockedby varchar(255));"
        + "INSERT INTO databasechangelog VALUES ('1', 1), ('2', 2);";

    private const string Migrate = "CREATE TABLE schema_migrations (version bigint primary key, dirty boolean not null); INSERT INTO schema_migrations VALUES (2, false);";

    [Fact]
    public async Task Rails_takes_the_schema_and_every_row_back()
    {
        await using var shop = await RailsShop.OpenAsync();
        Assert.Equal(HttpStatusCode.InternalServerError, await shop.Shop.HealthAsync());

        (await ExecAsync(shop, "rails", RailsShop.Before, $"from={RailsShop.Bad}")).Expect(0);

        Assert.Equal(HttpStatusCode.OK, await shop.Shop.HealthAsync());
        Assert.Equal("2000", await shop.SqlAsync("SELECT count(*) FROM orders WHERE total = id * 3 AND note IS NOT DISTINCT FROM nullif('note ' || id, 'note 7')"));
        Assert.Equal(RailsShop.Before, await shop.SqlAsync("SELECT max(version) FROM schema_migrations"));
        shop.Project.Record().IsWhole();
    }

    [Fact]
    public async Task A_way_back_of_Rails_that_fails_in_its_middle_leaves_the_database_as_it_was()
    {
        await using var shop = await RailsShop.OpenAsync(DatabaseShop.Reverse + "ALTER TABLE orders DROP COLUMN no_such;");
        var rows = await shop.RowsAsync();

        var run = (await ExecAsync(shop, "rails", RailsShop.Before)).Expect(1);

        Assert.Contains("column \"no_such\" of relation \"orders\" does not exist", run.Said, StringComparison.Ordinal);
        Assert.Equal(rows, await shop.RowsAsync());
        Assert.Equal(RailsShop.Bad, await shop.SqlAsync("SELECT max(version) FROM schema_migrations"));
        Assert.True(shop.Project.Record().Step("rails").MayHaveChanged);
    }

    [Theory]
    [InlineData("flyway", "flyway", Flyway, "INSERT INTO flyway_schema_history VALUES (3, '2', 'amount', 'UNDO_SQL', true);", "from=2", "-initSql=SET lock_timeout = '3s'; SET statement_timeout = '15min'|-target=2|undo|")]
    [InlineData("liquibase", "liquibase", Liquibase, "DELETE FROM databasechangelog WHERE id = '2';", "dsn=jdbc:postgresql://db/shop", "--url=jdbc:postgresql://db/shop?options=-c%20lock_timeout=3s%20-c%20statement_timeout=15min|rollback-count|--count=1|")]
    [InlineData("liquibase", "liquibase", Liquibase, "DELETE FROM databasechangelog WHERE id = '2';", "dsn=jdbc:postgresql://db/shop?ssl=true tag=v1.2.3", "--url=jdbc:postgresql://db/shop?ssl=true&options=-c%20lock_timeout=3s%20-c%20statement_timeout=15min|rollback|--tag=v1.2.3|")]
    [InlineData("golang-migrate", "migrate", Migrate, "UPDATE schema_migrations SET version = 1;", "dsn=postgres://postgres@db/shop?sslmode=disable", "-path|/migrations|-database|postgres://postgres@db/shop?sslmode=disable|goto|1|")]
    public async Task The_others_are_asked_in_their_words_and_the_database_must_be_where_it_should_be(string tool, string program, string history, string taken, string values, string words)
    {
        await using var shop = await StandInAsync(program, DatabaseShop.Reverse + taken);
        var before = await shop.RowsAsync();
        await shop.SqlAsync(DatabaseShop.Migration + history);

        var run = (await ExecAsync(shop, tool, "1", values.Split(' '))).Expect(0);

        Assert.Contains($"asked: {words}", run.Said, StringComparison.Ordinal);
        Assert.Equal(before, await shop.RowsAsync());
        Assert.Equal(HttpStatusCode.OK, await shop.Shop.HealthAsync());
    }

    [Fact]
    public async Task A_tool_that_says_nothing_and_takes_nothing_back_is_found_out()
    {
        await using var shop = await StandInAsync("flyway", "SELECT 1");
        await shop.SqlAsync(DatabaseShop.Migration + Flyway);

        var run = (await ExecAsync(shop, "flyway", "1", "from=2", "url=")).Expect(1);

        Assert.Contains("database 'shop' is at migration 1", run.Said, StringComparison.Ordinal);
        Assert.Contains("at 2", run.Said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("flyway", Flyway)]
    [InlineData("golang-migrate", Migrate)]
    public async Task What_a_tool_has_to_be_told_is_asked_for_before_anything_begins(string tool, string history)
    {
        await using var shop = await DatabaseShop.OpenAsync();
        await shop.SqlAsync(history);

        var run = (await ExecAsync(shop, tool, "1")).Expect(3);

        Assert.Contains($"what {tool} has to be told is given", run.Said, StringComparison.Ordinal);
        Assert.Empty(shop.Project.Record().Events<StepIntended>());
    }

    /// <param name="sql">What it does.</param>
    private static Task<DatabaseShop> StandInAsync(string program, string sql) => DatabaseShop.OpenAsync(
        "migrations",
        ($"bin/{program}", $"#!/bin/sh\nprintf 'asked: '; printf '%s|' \"$@\"; echo\nexec psql --host=db --username=postgres --dbname=shop --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --single-transaction --file=/migrations/back.sql\n"),
        ("back.sql", sql));

    private static Task<Finished> ExecAsync(DatabaseShop shop, string tool, string head, params string[] values) => shop.Project.RunAsync(
    [
        "exec", Repository.PathOf("playbooks", "db-migration-rollback.yml"), "--var", $"tool={tool}", "--var", $"head={head}", "--var", "database=shop", "--var", "settle=500ms", "--approve", "gate=alice",
        .. values.Any(v => v.StartsWith("url=", StringComparison.Ordinal)) ? (string[])[] : ["--var", $"url={shop.Url}"],
        .. values.SelectMany(v => (string[])["--var", v]),
    ]);
}
