using Runbooks.Advisor.Migrations;
using Runbooks.Advisor.Migrations.Sql;

namespace Runbooks.Advisor.Tests.Migrations;

public sealed class SqlTests
{
    [Theory]
    [InlineData("CREATE TABLE orders (id int PRIMARY KEY, note text NOT NULL)")]
    [InlineData("CREATE UNLOGGED TABLE IF NOT EXISTS a.b AS SELECT 1")]
    [InlineData("ALTER TABLE orders ADD COLUMN note text")]
    [InlineData("ALTER TABLE IF EXISTS ONLY shop.\"orders\" ADD note text, ADD COLUMN n int NOT NULL DEFAULT 0")]
    [InlineData("ALTER TABLE orders ADD COLUMN id bigserial NOT NULL")]
    [InlineData("ALTER TABLE `orders` ADD INDEX by_note (note)")]
    [InlineData("CREATE INDEX CONCURRENTLY orders_note ON orders (note)")]
    [InlineData("CREATE VIEW v AS SELECT 1")]
    [InlineData("INSERT INTO a VALUES (1) ON CONFLICT DO NOTHING")]
    [InlineData("ALTER TABLE a ALTER COLUMN b DROP NOT NULL, ALTER c SET DEFAULT 1, ALTER d TYPE text")]
    [InlineData("ALTER TYPE mood ADD VALUE 'well'")]
    [InlineData("COPY a FROM stdin;\nDROP TABLE a;\n\\.\n")]
    [InlineData("GRANT SELECT ON a TO b")]
    public void What_takes_nothing_away_is_additive(string sql) => Assert.Equal(("additive", "none"), Of(sql));

    [Theory]
    [InlineData("DROP TABLE orders")]
    [InlineData("drop /* of */ table -- all\n if exists a.orders cascade")]
    [InlineData("ALTER TABLE orders DROP COLUMN note")]
    [InlineData("ALTER TABLE orders DROP note")]
    [InlineData("ALTER TABLE orders DROP index")]
    [InlineData("ALTER TABLE orders DROP index CASCADE")]
    [InlineData("ALTER TABLE orders ADD COLUMN a text, DROP COLUMN b")]
    [InlineData("ALTER TABLE orders ALTER COLUMN total TYPE smallint USING total::smallint")]
    [InlineData("ALTER TABLE orders ALTER total SET DATA TYPE varchar(10)")]
    [InlineData("ALTER TABLE orders MODIFY total smallint")]
    [InlineData("DELETE FROM orders")]
    [InlineData("TRUNCATE orders")]
    [InlineData("UPDATE orders SET total = 0")]
    [InlineData("WITH d AS (DELETE FROM orders RETURNING *) INSERT INTO archive SELECT * FROM d")]
    [InlineData("INSERT INTO a VALUES (1) ON CONFLICT (id) DO UPDATE SET n = 1")]
    [InlineData("INSERT INTO a VALUES (1) ON DUPLICATE KEY UPDATE n = 1")]
    [InlineData("REPLACE INTO a VALUES (1)")]
    [InlineData("DROP TYPE mood CASCADE")]
    [InlineData("DROP SCHEMA old CASCADE")]
    [InlineData("CREATE OR REPLACE TABLE a (id int)")]
    [InlineData("/*!40000 DROP TABLE orders */")]
    [InlineData("SELECT 1; DROP TABLE a; SELECT 2")]
    [InlineData("CREATE FUNCTION f() RETURNS int AS $body$ SELECT ';' $body$ LANGUAGE sql; DROP TABLE a")]
    [InlineData("DELIMITER //\nCREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW BEGIN SET @a = 1; END//\nDELIMITER ;\nDROP TABLE a;")]
    [InlineData("INSERT INTO a VALUES ('it''s; DROP'); DROP TABLE a")]
    [InlineData("CREATE TABLE a (id int)\nGO\nDROP TABLE b\nGO\n")]
    public void What_takes_values_away_is_destructive_and_may_lose_them(string sql) => Assert.Equal(("destructive", "possible"), Of(sql));

    [Theory]
    [InlineData("ALTER TABLE orders RENAME COLUMN total TO amount")]
    [InlineData("ALTER TABLE orders RENAME TO sales")]
    [InlineData("ALTER TABLE orders ADD COLUMN n int NOT NULL")]
    [InlineData("ALTER TABLE orders ALTER COLUMN n SET NOT NULL")]
    [InlineData("ALTER TABLE orders ADD CONSTRAINT c CHECK (n > 0)")]
    [InlineData("CREATE UNIQUE INDEX orders_n ON orders (n)")]
    [InlineData("DROP INDEX orders_n")]
    [InlineData("ALTER TABLE orders DROP CONSTRAINT c")]
    [InlineData("ALTER TABLE orders DROP INDEX by_note")]
    [InlineData("DROP VIEW v CASCADE")]
    [InlineData("CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'")]
    [InlineData("REVOKE SELECT ON a FROM b")]
    public void What_takes_a_name_or_a_freedom_away_is_destructive_and_loses_no_value(string sql) => Assert.Equal(("destructive", "none"), Of(sql));

    [Theory]
    [InlineData("DO $$ BEGIN DROP TABLE a; END $$")]
    [InlineData("CALL tidy_up()")]
    [InlineData("SELECT drop_everything()")]
    [InlineData("ROLLBACK")]
    [InlineData("\\i other.sql")]
    [InlineData("\\! rm -rf /")]
    [InlineData("FROBNICATE a")]
    [InlineData("'just a text'")]
    [InlineData("CREATE TABLE a (b text DEFAULT 'it\\'s'); -- ' DROP TABLE a;")]
    [InlineData("SELECT 1 /* a /* b */ DROP TABLE a; -- */")]
    [InlineData("CREATE TABLE a (b text DEFAULT 'open)")]
    [InlineData("CREATE FUNCTION f() RETURNS int AS $x$ SELECT 1")]
    [InlineData("SELECT 1 /* DROP TABLE a;")]
    [InlineData("CREATE PROCEDURE p() BEGIN SELECT 1; DROP TABLE a;")]
    [InlineData("ALTER SYSTEM SET x = 1")]
    [InlineData("ALTER TABLE a FROB b")]
    [InlineData("${schema} x")]
    public void What_is_not_understood_is_unknown(string sql) => Assert.Equal(("unknown", "unknown"), Of(sql));

    [Theory]
    [InlineData("")]
    [InlineData("-- DROP TABLE a;\n/* DROP TABLE b; */")]
    [InlineData("BEGIN; SET lock_timeout = '3s'; COMMIT;")]
    [InlineData("\\set ON_ERROR_STOP on\n\\echo DROP TABLE a;\n")]
    [InlineData("SELECT pg_catalog.set_config('search_path', '', false);")]
    [InlineData("# DROP TABLE a;\nCOMMENT ON TABLE a IS 'DROP TABLE a;'")]
    public void What_does_nothing_is_no_statement(string sql) => Assert.Empty(SqlReading.Read(sql, "a.sql"));

    [Fact]
    public void A_statement_has_its_line_and_its_words()
    {
        var statements = SqlReading.Read("-- first\nCREATE TABLE a (\n  id int\n); DROP TABLE b;\r\n\r\nALTER TABLE c ADD d int, DROP COLUMN e;", "x.sql", 10);

        Assert.Equal(
            ["x.sql:11: CREATE TABLE a ( id int ): it adds a table", "x.sql:13: DROP TABLE b: the rows of the table are lost", "x.sql:15: ALTER TABLE c ADD d int, DROP COLUMN e: it adds a column", "x.sql:15: ALTER TABLE c ADD d int, DROP COLUMN e: the values of the column are lost"],
            statements.Select(s => s.Display));
    }

    [Fact]
    public void A_long_statement_is_cut() => Assert.EndsWith("…", Assert.Single(SqlReading.Read($"INSERT INTO a VALUES ('{new string('x', 500)}')", "a.sql")).Text, StringComparison.Ordinal);

    private static (string Kind, string Loss) Of(string sql)
    {
        var way = new MigrationWay(SqlReading.Read(sql, "a.sql"));
        Assert.NotEmpty(way.Statements);
        return (MigrationWords.Of(way.Kind), MigrationWords.Of(way.Loss));
    }
}
