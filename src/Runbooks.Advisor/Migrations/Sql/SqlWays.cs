namespace Runbooks.Advisor.Migrations.Sql;

/// <summary>Ways that are written in SQL.</summary>
internal static class SqlWays
{
    public static MigrationWay Read(MigrationText file) => new(SqlReading.Read(file.Text, file.Path));

    /// <summary>The way back, unless it does nothing where there is something to take back.</summary>
    /// <param name="file">Where the way back is.</param>
    /// <param name="line">In which line it begins.</param>
    public static MigrationWay Back(MigrationWay forward, MigrationWay back, string file, int line = 1) => forward.Statements.IsEmpty || !back.Statements.IsEmpty
        ? back
        : MigrationWay.Of(new MigrationStatement(file, line, "", MigrationImpact.Irreversible, DataLoss.Unknown, "the way back does nothing, and the way forward does something"));
}
