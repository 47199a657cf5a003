using System.Collections.Immutable;

namespace Runbooks.Advisor.Migrations.Sql;

/// <summary>V1__x.sql, the U1__x.sql that takes it back, and R__x.sql, which is made anew whenever it changes.</summary>
internal static class FlywayFiles
{
    private const string Separator = "__";

    public static ImmutableArray<ReadMigration> Read(ImmutableArray<MigrationText> files)
    {
        var named = files.Where(f => f.Name.IndexOf(Separator, StringComparison.Ordinal) > 0).ToList();
        var undo = named.Where(f => f.Name[0] == 'U').ToLookup(VersionOf, StringComparer.Ordinal);
        var versioned = named.Where(f => f.Name[0] is 'V' or 'B' && VersionOf(f).Length > 0).Select(f => Of(f, VersionOf(f), [.. undo[VersionOf(f)]])).OrderBy(m => m.Id, Ordering.Versions);
        return [.. Ordering.Chained(versioned), .. named.Where(f => f.Name.StartsWith("R__", StringComparison.Ordinal)).Select(Repeated)];
    }

    /// <summary>As Flyway writes it: 2_1 is 2.1.</summary>
    private static string VersionOf(MigrationText file)
    {
        var end = file.Name.IndexOf(Separator, StringComparison.Ordinal);
        return file.Name[1..Math.Max(1, end)].Replace('_', '.');
    }

    private static ReadMigration Of(MigrationText file, string version, ImmutableArray<MigrationText> undo) => new(version, file.Path, Way(file), undo switch
    {
        [] => MigrationWay.Of(new MigrationStatement(file.Path, 1, "", MigrationImpact.Irreversible, DataLoss.Unknown, $"there is no U{version}{Separator}….sql that takes it back")),
        [var only] => SqlWays.Back(Way(file), Way(only), only.Path),
        _ => MigrationWay.Of(new MigrationStatement(undo[0].Path, 1, "", MigrationImpact.Unknown, DataLoss.Unknown, $"several files take {version} back")),
    });

    private static ReadMigration Repeated(MigrationText file) => new(file.Stem, file.Path, Way(file), MigrationWay.Of(
        new MigrationStatement(file.Path, 1, "", MigrationImpact.Unknown, DataLoss.Unknown, "it is made anew whenever it changes: only the file of the previous release takes it back")));

    private static MigrationWay Way(MigrationText file) => file.EndsWith(".sql")
        ? SqlWays.Read(file)
        : MigrationWay.Of(new MigrationStatement(file.Path, 1, "", MigrationImpact.Unknown, DataLoss.Unknown, "it is no SQL"));
}
