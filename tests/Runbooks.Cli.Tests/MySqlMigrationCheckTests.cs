namespace Runbooks.Cli.Tests;

/// <summary>The check <c>migration</c>, asked of a real MariaDB server with the tables that the tools leave there, as their documentation describes them.</summary>
public sealed class MySqlMigrationCheckTests(MariaDbServer server) : IClassFixture<MariaDbServer>
{
    private const string Flyway = "CREATE TABLE flyway_schema_history (installed_rank int primary key, version varchar(50), description varchar(200), type varchar(20), success bool);"
        + "INSERT INTO flyway_schema_history VALUES (1, '1', 'init', 'SQL', 1), (2, '2', 'amount', 'SQL', 1), (3, NULL, 'views', 'SQL', 1), (4, '3', 'discount', 'SQL', 1), (5, '3', 'discount', 'UNDO_SQL', 1);";
    private const string Liquibase = "CREATE TABLE DATABASECHANGELOG (ID varchar(255), ORDEREXECUTED int); CREATE TABLE DATABASECHANGELOGLOCK (ID int, LOCKED bit(1), LOCKEDBY varchar(255));"
        + "INSERT INTO DATABASECHANGELOG VALUES ('one', 1), ('ten', 10); INSERT INTO DATABASECHANGELOGLOCK VALUES (1, 0, NULL);";

    [Theory]
    [InlineData("alembic", "head: [a1, b2]", "CREATE TABLE alembic_version (version_num varchar(32) primary key); INSERT INTO alembic_version VALUES ('b2'), ('a1')", 0, "at a1 and b2")]
    [InlineData("django", "app: orders, head: 0002_amount", "CREATE TABLE django_migrations (id int, app varchar(255), name varchar(255)); INSERT INTO django_migrations VALUES (3, 'orders', '0002_amount'), (4, 'auth', '0002_x')", 0, "at 0002_amount")]
    [InlineData("rails", "head: none", "CREATE TABLE schema_migrations (version varchar(255) primary key); INSERT INTO schema_migrations VALUES ('20240101120000'), ('20231231235959')", 3, "at 20240101120000")]
    [InlineData("golang-migrate", "head: '20'", "CREATE TABLE schema_migrations (version bigint primary key, dirty boolean not null); INSERT INTO schema_migrations VALUES (20, 0)", 0, "at 20")]
    [InlineData("golang-migrate", "", "CREATE TABLE schema_migrations (version bigint primary key, dirty boolean not null); INSERT INTO schema_migrations VALUES (20, 1)", 3, "20 is half done (dirty)")]
    [InlineData("flyway", "head: '2'", Flyway, 0, "at 2")]
    [InlineData("flyway", "", Flyway + "INSERT INTO flyway_schema_history VALUES (6, '4', 'bad', 'SQL', 0)", 3, "4 is failed")]
    [InlineData("liquibase", "head: ten", Liquibase, 0, "at ten")]
    [InlineData("liquibase", "", Liquibase + "UPDATE DATABASECHANGELOGLOCK SET LOCKED = 1, LOCKEDBY = 'ci-7'", 3, "the change log is locked by ci-7: a migration runs, or was killed")]
    [InlineData("alembic", "head: a1", "SELECT 1", 3, "gave no answer: ERROR 1146")]
    public async Task It_says_where_the_database_is(string tool, string fields, string sql, int exit, string seen)
    {
        var (project, database) = await server.OpenAsync(withTable: false);
        using var _ = project;
        await server.SqlAsync(database, sql);
        project.Playbook($"guards: [ {{ migration: {{ tool: {tool}, server: mysql, database: {database}, host: {server.Socket}, user: root{(fields.Length > 0 ? $", {fields}" : "")} }} }} ]\nsteps: [ {{ id: go, run: 'true' }} ]\n");

        Assert.Contains(seen, (await project.ExecAsync()).Expect(exit).Said, StringComparison.Ordinal);
    }
}
