using Runbooks.Advisor.Migrations;
using static Runbooks.Advisor.Tests.Migrations.Reading;

namespace Runbooks.Advisor.Tests.Migrations;

public sealed class LiquibaseTests
{
    private const string Xml = """
        <?xml version="1.0" encoding="UTF-8"?>
        <!-- <changeSet id="0" author="x"><dropTable tableName="a"/></changeSet> -->
        <databaseChangeLog xmlns="http://www.liquibase.org/xml/ns/dbchangelog" xmlns:ext="http://www.liquibase.org/xml/ns/dbchangelog-ext">
          <changeSet id="1" author="alice">
            <preConditions onFail="MARK_RAN"><not><tableExists tableName="orders"/></not></preConditions>
            <comment>It's the first</comment>
            <createTable tableName="orders"><column name="id" type="int"><constraints primaryKey="true" nullable="false"/></column></createTable>
          </changeSet>
          <changeSet id="2" author="alice"><addColumn tableName="orders"><column name="note" type="text"/></addColumn></changeSet>
          <changeSet id="3" author="alice"><addColumn tableName="orders"><column name="n" type="int"><constraints nullable="false"/></column></addColumn></changeSet>
          <changeSet id="4" author="alice"><dropColumn tableName="orders" columnName="note"/></changeSet>
          <changeSet id="5" author="alice">
            <dropColumn tableName="orders" columnName="n"/>
            <rollback><addColumn tableName="orders"><column name="n" type="int"/></addColumn></rollback>
          </changeSet>
          <changeSet id="6" author="alice">
            <sql splitStatements="true"><![CDATA[
              -- a < b
              UPDATE orders SET n = 1 WHERE n < 1;
            ]]></sql>
            <rollback/>
          </changeSet>
          <changeSet id="7" author="alice"><sql>CREATE INDEX i ON orders (n)</sql><rollback>DROP INDEX i; &#68;ROP TABLE x</rollback></changeSet>
          <changeSet id="8" author="alice"><renameColumn tableName="a" oldColumnName="b" newColumnName="c"/><tagDatabase tag="v2"/></changeSet>
          <changeSet id="9" author="alice"><ext:frob/></changeSet>
          <changeSet id="10" author="alice"><sqlFile path="sql/ten.sql"/><rollback><sqlFile path="sql/no.sql"/></rollback></changeSet>
        </databaseChangeLog>
        """;

    [Fact]
    public void Change_sets_in_xml_are_read()
    {
        var history = History(MigrationTool.Liquibase, ("db/changelog.xml", Xml), ("db/sql/ten.sql", "CREATE TABLE ten (id int)"));

        Assert.Equal(
            [
                "1 additive / destructive, reversible, possible",
                "2 additive / destructive, reversible, possible",
                "3 destructive / destructive, reversible, possible",
                "4 destructive / irreversible, not reversible, unknown",
                "5 destructive / additive, reversible, possible",
                "6 destructive / additive, reversible, possible",
                "7 additive / destructive, reversible, possible",
                "8 destructive / destructive, reversible, none",
                "9 unknown / irreversible, not reversible, unknown",
                "10 additive / unknown, perhaps, unknown",
            ],
            history.Migrations.Select(m => $"{m.Id} {Told(m)}"));
        Assert.Equal("db/changelog.xml:11: <dropColumn tableName=\"orders\" columnName=\"note\"/>: Liquibase knows no inverse of dropColumn, and there is no rollback", history.Migrations[3].ReversibleBecause?.Display);
        Assert.Equal("db/changelog.xml:19: UPDATE orders SET n = 1 WHERE n < 1: the values that it writes over are in no other place", history.Migrations[5].LossBecause?.Display);
    }

    [Fact]
    public void Change_sets_in_yaml_are_read()
    {
        var history = History(MigrationTool.Liquibase, ("changelog.yaml", """
            databaseChangeLog:
              - property: { name: x, value: y }
              - changeSet:
                  id: 1
                  author: alice
                  changes:
                    - createTable:
                        tableName: orders
                        columns:
                          - column: { name: id, type: int, constraints: { primaryKey: true, nullable: false } }
              - changeSet:
                  id: 2
                  author: alice
                  changes:
                    - addColumn:
                        tableName: orders
                        columns:
                          - column:
                              name: n
                              type: int
                              constraints: { nullable: false }
              - changeSet:
                  id: 3
                  author: alice
                  changes:
                    - sql:
                        sql: |
                          -- all
                          DELETE FROM orders;
                  rollback: SELECT 1
              - changeSet:
                  id: 4
                  author: alice
                  changes:
                    - sql: DROP TABLE orders
                  rollback:
                    - createTable: { tableName: orders }
                    - DROP INDEX i
              - changeSet: { id: 5, author: alice, changes: [ { insert: { tableName: a } } ] }
            """));

        Assert.Equal(
            [
                "1 additive / destructive, reversible, possible",
                "2 destructive / destructive, reversible, possible",
                "3 destructive / additive, reversible, possible",
                "4 destructive / destructive, reversible, possible",
                "5 additive / irreversible, not reversible, unknown",
            ],
            history.Migrations.Select(m => $"{m.Id} {Told(m)}"));
        Assert.Equal(29, history.Migrations[2].Forward.Because?.Line);
    }

    [Fact]
    public void Change_sets_in_formatted_sql_are_read()
    {
        var history = History(MigrationTool.Liquibase, ("changelog.sql", """
            --liquibase formatted sql

            --changeset alice:1 runOnChange:true
            CREATE TABLE a (id int);
            --rollback DROP TABLE a;

            -- changeset alice:two
            ALTER TABLE a ADD n int;
            --changeset alice:3
            INSERT INTO a VALUES (1);
            --rollback empty
            --changeset alice:4
            CREATE TABLE b (id int);
            /* liquibase rollback
            DROP TABLE b;
            */
            """), ("plain.sql", "DROP TABLE x"));

        Assert.Equal(
            ["1 additive / destructive, reversible, possible", "two additive / irreversible, not reversible, unknown", "3 additive / additive, reversible, none", "4 additive / destructive, reversible, possible"],
            history.Migrations.Select(m => $"{m.Id} {Told(m)}"));
        Assert.Equal([5, 7, 15], history.Migrations.Select(m => m.Back.Because?.Line).OfType<int>());
    }

    [Fact]
    public void Change_logs_are_put_together_as_they_include_each_other()
    {
        var history = History(
            MigrationTool.Liquibase,
            ("db/master.xml", "<databaseChangeLog><include file=\"b.xml\" relativeToChangelogFile=\"true\"/><includeAll path=\"db/more/\"/></databaseChangeLog>"),
            ("db/b.xml", "<databaseChangeLog><changeSet id=\"b\" author=\"x\"/></databaseChangeLog>"),
            ("db/more/a.sql", "--liquibase formatted sql\n--changeset x:a\nCREATE TABLE a (id int);\n"),
            ("db/more/c.yaml", "databaseChangeLog:\n  - changeSet: { id: c, author: x }\n"));

        Assert.Equal(["b", "a", "c"], history.Migrations.Select(m => m.Id));
        Assert.Equal(["c", "a"], history.Between(["c"], ["b"]).Migrations.Select(m => m.Id));
    }

    [Theory]
    [InlineData("<databaseChangeLog><include file=\"no.xml\"/><changeSet id=\"1\" author=\"x\"/></databaseChangeLog>", "no.xml, which was not found")]
    [InlineData("<databaseChangeLog><changeSet id=\"1\" author=\"x\"></databaseChangeLog>", null)]
    public void What_cannot_be_read_is_a_problem_of_the_order(string xml, string? why)
    {
        var history = History(MigrationTool.Liquibase, ("a.xml", xml), ("b.sql", "--liquibase formatted sql\n--changeset x:b\n--rollback DROP TABLE b\n"));

        Assert.Contains(why ?? "a.xml cannot be read", history.Between(["b"], ["none"]).Problem ?? "", StringComparison.Ordinal);
    }
}
