namespace Runbooks.Advisor.Migrations;

/// <summary>The tools whose migrations are read.</summary>
public enum MigrationTool
{
    /// <summary>Files of SQL without a tool, or with one that marks the way back in the file (goose, dbmate) or in its name.</summary>
    Sql,
    Alembic,
    Django,
    Rails,
    Flyway,
    Liquibase,
    GolangMigrate,
}
