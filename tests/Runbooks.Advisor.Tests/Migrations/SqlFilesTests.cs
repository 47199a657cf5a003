using Runbooks.Advisor.Migrations;
using static Runbooks.Advisor.Tests.Migrations.Reading;

namespace Runbooks.Advisor.Tests.Migrations;

/// <summary>Tools whose migrations are files of SQL.</summary>
public sealed class SqlFilesTests
{
    private const string Up = "ALTER TABLE orders ADD COLUMN note text;";

    [Fact]
    public void Golang_migrate_has_a_file_for_each_way()
    {
        var migration = One(MigrationTool.GolangMigrate, ("db/000012_note.up.sql", Up), ("db/000012_note.down.sql", "-- back\nALTER TABLE orders DROP COLUMN note;"));

        Assert.Equal(("12", "additive / destructive, reversible, possible"), (migration.Id, Told(migration)));
        Assert.Equal("db/000012_note.down.sql:2: ALTER TABLE orders DROP COLUMN note: the values of the column are lost", migration.LossBecause?.Display);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-- ALTER TABLE orders DROP COLUMN note;")]
    public void A_way_back_that_does_nothing_is_none(string down)
    {
        var migration = One(MigrationTool.GolangMigrate, ("12_note.up.sql", Up), ("12_note.down.sql", down));

        Assert.False(migration.Reversible);
        Assert.Equal("12_note.down.sql:1: the way back does nothing, and the way forward does something", migration.ReversibleBecause?.Display);
    }

    [Theory]
    [InlineData(MigrationTool.GolangMigrate, "7_note.up.sql", "7_note.up.sql:1: there is no 7_note.down.sql that takes it back")]
    [InlineData(MigrationTool.Flyway, "V7__note.sql", "V7__note.sql:1: there is no U7__….sql that takes it back")]
    public void Without_a_file_for_the_way_back_there_is_none(MigrationTool tool, string file, string why) => Assert.Equal(why, One(tool, (file, Up)).ReversibleBecause?.Display);

    [Fact]
    public void Plain_sql_may_have_its_way_back_elsewhere()
    {
        var migration = One(MigrationTool.Sql, ("note.sql", Up));

        Assert.Null(migration.Reversible);
        Assert.Equal("additive / unknown, perhaps, unknown", Told(migration));
    }

    [Theory]
    [InlineData("note.up.sql", "note.down.sql")]
    [InlineData("note.sql", "note.rollback.sql")]
    [InlineData("note.sql", "note_undo.sql")]
    [InlineData("deploy/note.sql", "revert/note.sql")]
    public void Plain_sql_is_paired_by_its_names(string up, string down)
    {
        var migration = One(MigrationTool.Sql, (up, Up), (down, "ALTER TABLE orders DROP COLUMN note;"), ("verify/note.sql", "SELECT 1/0"));

        Assert.Equal((up, "additive / destructive, reversible, possible"), (migration.File, Told(migration)));
    }

    [Theory]
    [InlineData("-- +goose Up\n{0}\n-- +goose Down\n{1}\n")]
    [InlineData("-- migrate:up\n{0}\n-- migrate:down\n{1}\n")]
    [InlineData("-- +migrate Up\n{0}\n-- +migrate Down\n{1}\n")]
    public void Both_ways_can_be_marked_in_one_file(string form)
    {
        var migration = One(MigrationTool.Sql, ("1_note.sql", string.Format(System.Globalization.CultureInfo.InvariantCulture, form, Up, "ALTER TABLE orders DROP COLUMN note;")));

        Assert.Equal("additive / destructive, reversible, possible", Told(migration));
        Assert.Equal((2, 4), (migration.Forward.Because?.Line, migration.Back.Because?.Line));
    }

    [Fact]
    public void A_marked_file_without_a_way_back_has_none() => Assert.False(One(MigrationTool.Sql, ("1_note.sql", $"-- migrate:up\n{Up}\n")).Reversible);

    [Fact]
    public void Flyway_knows_versions_undo_files_and_repeatable_ones()
    {
        var history = History(
            MigrationTool.Flyway,
            ("db/V10__b.sql", "DROP TABLE old;"), ("db/V9__a.sql", Up), ("db/V2_1__z.sql", Up), ("db/U9__a.sql", "ALTER TABLE orders DROP COLUMN note;"), ("db/R__views.sql", "CREATE OR REPLACE VIEW v AS SELECT 1"), ("db/V11__code.java", "class V11 {}"));

        Assert.Equal(
            ["2.1 additive / irreversible, not reversible, unknown", "9 additive / destructive, reversible, possible", "10 destructive / irreversible, not reversible, unknown", "11 unknown / irreversible, not reversible, unknown", "R__views destructive / unknown, perhaps, unknown"],
            history.Migrations.Select(m => $"{m.Id} {Told(m)}"));
    }

    [Fact]
    public void What_a_migration_took_away_does_not_come_back_with_its_way_back()
    {
        var migration = One(MigrationTool.GolangMigrate, ("3_x.up.sql", "ALTER TABLE orders DROP COLUMN note;"), ("3_x.down.sql", Up));

        Assert.Equal("destructive / additive, reversible, possible", Told(migration));
        Assert.Equal("3_x.up.sql:1: ALTER TABLE orders DROP COLUMN note: the values of the column are lost", migration.LossBecause?.Display);
    }
}
