using System.Collections.Immutable;
using Runbooks.Advisor.Migrations.Liquibase;
using Runbooks.Advisor.Migrations.Python;
using Runbooks.Advisor.Migrations.Ruby;
using Runbooks.Advisor.Migrations.Sql;

namespace Runbooks.Advisor.Migrations;

/// <summary>
/// Reads migrations from their files, and executes nothing. What is not understood is <see cref="MigrationImpact.Unknown"/>, with the statement that is not.
/// Any text can be read; none makes it throw.
/// </summary>
public static class MigrationReading
{
    /// <param name="files">In any order; what is no migration among them is left aside.</param>
    public static MigrationHistory Read(MigrationTool tool, IEnumerable<MigrationText> files)
    {
        ImmutableArray<MigrationText> all = [.. files.OrderBy(f => f.Path, StringComparer.Ordinal)];
        var migrations = tool switch
        {
            MigrationTool.Alembic => AlembicFiles.Read(all),
            MigrationTool.Django => DjangoFiles.Read(all),
            MigrationTool.Rails => RailsFiles.Read(all),
            MigrationTool.Flyway => FlywayFiles.Read(all),
            MigrationTool.Liquibase => LiquibaseFiles.Read(all),
            MigrationTool.GolangMigrate => GolangMigrateFiles.Read(all),
            _ => SqlFiles.Read(all),
        };
        return new MigrationHistory(tool, [.. migrations.Select(m => m with { Forward = m.Forward.WithNewTables() })]);
    }
}
