using System.Collections.Immutable;

namespace Runbooks.Advisor.Migrations.Sql;

/// <summary>000002_amount.up.sql and 000002_amount.down.sql.</summary>
internal static class GolangMigrateFiles
{
    private const string Up = ".up.sql";
    private const string Down = ".down.sql";

    public static ImmutableArray<ReadMigration> Read(ImmutableArray<MigrationText> files)
    {
        var back = files.Where(f => f.EndsWith(Down)).ToLookup(VersionOf, StringComparer.Ordinal);
        return Ordering.Chained(files.Where(f => f.EndsWith(Up) && VersionOf(f).Length > 0).Select(f => Of(f, VersionOf(f), [.. back[VersionOf(f)]])).OrderBy(m => m.Id, Ordering.Versions));
    }

    /// <summary>As it is in the database: a number.</summary>
    private static string VersionOf(MigrationText file)
    {
        var digits = file.Name.AsSpan().IndexOfAnyExceptInRange('0', '9');
        return digits <= 0 || file.Name[digits] != '_' ? "" : file.Name[..digits].TrimStart('0') is { Length: > 0 } number ? number : "0";
    }

    private static ReadMigration Of(MigrationText file, string version, ImmutableArray<MigrationText> back)
    {
        var forward = SqlWays.Read(file);
        return new(version, file.Path, forward, back switch
        {
            [] => MigrationWay.Of(new MigrationStatement(file.Path, 1, "", MigrationImpact.Irreversible, DataLoss.Unknown, $"there is no {file.Name[..^Up.Length]}{Down} that takes it back")),
            [var only] => SqlWays.Back(forward, SqlWays.Read(only), only.Path),
            _ => MigrationWay.Of(new MigrationStatement(back[0].Path, 1, "", MigrationImpact.Unknown, DataLoss.Unknown, $"several files take {version} back")),
        });
    }
}
