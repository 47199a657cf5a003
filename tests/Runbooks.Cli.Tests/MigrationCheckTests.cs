namespace Runbooks.Cli.Tests;

/// <summary>The check <c>migration</c>, asked of a real PostgreSQL server with the tables that the tools leave there.</summary>
/// <remarks>The tables of Alembic and Django are made by the tools themselves in <see cref="DbMigrationRollbackTests"/>; these of the others are as their documentation describes them.</remarks>
public sealed class MigrationCheckTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    private const string Flyway = "CREATE TABLE flyway_schema_history (installed_rank int primary key, version varchar(50), description varchar(200), type varchar(20), success boolean);"
        + "INSERT INTO flyway_schema_history VALUES (1, '1', 'init', 'SQL', true), (2, '2', 'amount', 'SQL', true), (3, NULL, 'views', 'SQL', true), (4, '3', 'discount', 'SQL', true), (5, '3', 'discount', 'UNDO_SQL', true);";
    private const string Liquibase = "CREATE TABLE databasechangelog (id varchar(255), orderexecuted int); CREATE TABLE databasechangeloglock (id int, locked boolean, lockedby varchar(255));"
        + "INSERT INTO databasechangelog VALUES ('one', 1), ('two', 2), ('ten', 10); INSERT INTO databasechangeloglock VALUES (1, false, NULL);";
    private const string Rails = "CREATE TABLE schema_migrations (version varchar primary key); INSERT INTO schema_migrations VALUES ('20240101120000'), ('20231231235959');";
    private const string Alembic = "CREATE TABLE alembic_version (version_num varchar(32) primary key); INSERT INTO alembic_version VALUES ('b2'), ('a1');";
    private const string Django = "CREATE TABLE django_migrations (id int, app varchar, name varchar); INSERT INTO django_migrations VALUES (1, 'orders', '0001_initial'), (2, 'auth', '0001_initial'), (3, 'orders', '0002_amount'), (4, 'auth', '0002_x');";
    private const string GolangMigrate = "CREATE TABLE schema_migrations (version bigint primary key, dirty boolean not null); INSERT INTO schema_migrations VALUES (20, false);";

    [Theory]
    [InlineData("flyway", "head: '2'", Flyway, 0, "at 2")]
    [InlineData("flyway", "head: '3'", Flyway, 3, "does not hold")]
    [InlineData("flyway", "", Flyway + "INSERT INTO flyway_schema_history VALUES (6, '4', 'bad', 'SQL', false)", 3, "4 is failed")]
    [InlineData("liquibase", "head: ten", Liquibase, 0, "at ten")]
    [InlineData("liquibase", "head: ten", Liquibase + "UPDATE databasechangeloglock SET locked = true, lockedby = 'ci-7 (10.0.0.7)'", 3, "the change log is locked by ci-7 (10.0.0.7): a migration runs, or was killed")]
    [InlineData("rails", "head: '20240101120000'", Rails, 0, "at 20240101120000")]
    [InlineData("rails", "head: none", Rails, 3, "at 20240101120000")]
    [InlineData("rails", "head: none", Rails + "DELETE FROM schema_migrations", 0, "at no migration")]
    [InlineData("golang-migrate", "head: '20'", GolangMigrate, 0, "at 20")]
    [InlineData("golang-migrate", "head: '20'", GolangMigrate + "UPDATE schema_migrations SET dirty = true", 3, "20 is half done (dirty)")]
    [InlineData("alembic", "head: [a1, b2]", Alembic, 0, "at a1 and b2")]
    [InlineData("alembic", "head: a1", Alembic, 3, "at a1 and b2")]
    [InlineData("alembic", "", Alembic, 0, "at a1 and b2")]
    [InlineData("django", "app: orders, head: 0002_amount", Django, 0, "at 0002_amount")]
    [InlineData("django", "app: shop, head: none", Django, 0, "at no migration")]
    [InlineData("alembic", "head: a1", Rails, 3, "gave no answer: ERROR:  relation \"alembic_version\" does not exist")]
    public async Task It_says_where_the_database_is(string tool, string fields, string sql, int exit, string seen)
    {
        var (project, database) = await server.OpenAsync();
        using var _ = project;
        await server.SqlAsync(database, sql);
        project.Playbook($"guards: [ {{ migration: {{ tool: {tool}, database: {database}{(fields.Length > 0 ? $", {fields}" : "")} }} }} ]\nsteps: [ {{ id: go, run: 'true' }} ]\n");

        Assert.Contains(seen, (await project.ExecAsync()).Expect(exit).Said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("to: '19'", "", 0, "at 20; 1 migration can be taken back; values may be lost with 20")]
    [InlineData("to: none", "", 3, "FAILED|at 20; 19 cannot be taken back: db/19_orders.up.sql:1: there is no 19_orders.down.sql that takes it back")]
    [InlineData("", "", 0, "at 20; 1 migration can be taken back")]
    [InlineData("head: '20', to: '20'", "", 0, "at 20; nothing is taken back")]
    [InlineData("head: '19', to: none", "", 3, "(at 20)")]
    [InlineData("to: '7'", "", 3, "unknown|at 20; no file brings migration 7 (db)")]
    [InlineData("to: '19'", "DO $$ BEGIN DROP TABLE t; END $$", 3, "unknown|at 20; 20 may have no way back: db/20_note.down.sql:1: DO $$ BEGIN DROP TABLE t; END $$: it runs code that is not read")]
    [InlineData("to: '19', reviewed: ['20']", "DO $$ BEGIN DROP TABLE t; END $$", 0, "at 20; 1 migration can be taken back; values may be lost with 20")]
    [InlineData("to: '19', migrations: none-there", "", 3, "unknown|at 20; none-there does not exist")]
    [InlineData("to: '19', migrations: empty", "", 3, "unknown|at 20; no file of a migration of golang-migrate is in empty")]
    public async Task It_says_from_the_files_what_can_be_taken_back(string fields, string down, int exit, string seen)
    {
        var (project, database) = await server.OpenAsync();
        using var _ = project;
        await server.SqlAsync(database, GolangMigrate);
        project.Write("db/19_orders.up.sql", "CREATE TABLE orders (id int);");
        project.Write("db/20_note.up.sql", "ALTER TABLE orders ADD COLUMN note text;");
        project.Write("db/20_note.down.sql", down.Length > 0 ? down : "ALTER TABLE orders DROP COLUMN note;");
        project.Write("empty/README", "");
        project.Playbook($"guards: [ {{ migration: {{ tool: golang-migrate, database: {database}, reversible: true{(fields.Contains("migrations", StringComparison.Ordinal) ? "" : ", migrations: db")}{(fields.Length > 0 ? $", {fields}" : "")} }} }} ]\nsteps: [ {{ id: go, run: 'true' }} ]\n");

        var run = (await project.ExecAsync()).Expect(exit);

        Assert.All(seen.Split('|'), s => Assert.Contains(s, run.Said, StringComparison.Ordinal));
    }
}
