using System.Collections.Immutable;

namespace Runbooks.Advisor.Migrations.Sql;

/// <summary>
/// SQL without a tool that is known. The way back is in a part of the file that goose, dbmate or sql-migrate have marked, or in a second file that is told by its
/// name: x.up.sql and x.down.sql, x.sql and x.rollback.sql, deploy/x.sql and revert/x.sql.
/// </summary>
internal static class SqlFiles
{
    private static readonly ImmutableArray<string> Up = ["up", "do", "deploy", "forward"];
    private static readonly ImmutableArray<string> Down = ["down", "undo", "rollback", "revert", "back", "reverse"];

    public static ImmutableArray<ReadMigration> Read(ImmutableArray<MigrationText> files)
    {
        var named = files.Where(f => f.EndsWith(".sql") && !IsIn(f, "verify")).Select(Named).ToList();
        var back = named.Where(n => n.IsBack).ToLookup(n => n.Id, n => n.File, StringComparer.Ordinal);
        return Ordering.Chained(named.Where(n => !n.IsBack).Select(n => Of(n.Id, n.File, [.. back[n.Id]])).OrderBy(m => m.Id, StringComparer.Ordinal));
    }

    private static (string Id, bool IsBack, MigrationText File) Named(MigrationText file)
    {
        var stem = file.Stem;
        var end = stem.LastIndexOfAny(['.', '_', '-']);
        var word = end > 0 ? stem[(end + 1)..].ToLowerInvariant() : "";
        return Down.Contains(word) ? (stem[..end], true, file)
            : Up.Contains(word) ? (stem[..end], false, file)
            : (stem, Down.Any(w => IsIn(file, w)), file);
    }

    private static bool IsIn(MigrationText file, string folder) => $"/{file.Path}".Contains($"/{folder}/", StringComparison.OrdinalIgnoreCase);

    private static ReadMigration Of(string id, MigrationText file, ImmutableArray<MigrationText> back)
    {
        if (SqlMarks.Read(file) is { } marked)
        {
            return new ReadMigration(id, file.Path, marked.Forward, marked.Back);
        }

        var forward = SqlWays.Read(file);
        return new ReadMigration(id, file.Path, forward, back switch
        {
            [] => MigrationWay.Of(new MigrationStatement(file.Path, 1, "", MigrationImpact.Unknown, DataLoss.Unknown, "no file that takes it back was found")),
            [var only] => SqlWays.Back(forward, SqlWays.Read(only), only.Path),
            _ => MigrationWay.Of(new MigrationStatement(back[0].Path, 1, "", MigrationImpact.Unknown, DataLoss.Unknown, $"several files take {id} back")),
        });
    }
}
