using System.Collections.Immutable;

namespace Runbooks.Advisor.Migrations.Ruby;

/// <summary>db/migrate/20240101120000_add_amount.rb</summary>
internal static class RailsFiles
{
    public static ImmutableArray<ReadMigration> Read(ImmutableArray<MigrationText> files) =>
        Ordering.Chained(files.Where(f => f.EndsWith(".rb") && VersionOf(f).Length > 0).Select(Read).OrderBy(m => m.Id, Ordering.Versions));

    private static string VersionOf(MigrationText file)
    {
        var digits = file.Name.AsSpan().IndexOfAnyExceptInRange('0', '9');
        return digits > 0 && file.Name[digits] == '_' ? file.Name[..digits] : "";
    }

    private static ReadMigration Read(MigrationText file)
    {
        var (forward, back) = (new StatementList(file, isBack: false), new StatementList(file, isBack: true));
        var (statements, isBroken) = RbBlocks.Read(file.Text);
        var body = statements.LastOrDefault(s => s.Word == "class")?.Block ?? [];
        var methods = body.Where(s => s.Defines is "change" or "up" or "down").ToLookup(s => s.Defines, StringComparer.Ordinal);
        if (isBroken || methods.Count == 0)
        {
            Both(forward, back, isBroken ? "its blocks do not end where they should" : "it has no change, no up and no down");
        }
        else if (methods["change"].LastOrDefault() is { } change)
        {
            new RailsBody(body, forward, back).Read(change);
        }
        else
        {
            Ways(file, body, methods["up"].LastOrDefault(), methods["down"].LastOrDefault(), forward, back);
        }

        return new ReadMigration(VersionOf(file), file.Path, forward.Way, back.Way);
    }

    private static void Ways(MigrationText file, ImmutableArray<RbStatement> body, RbStatement? up, RbStatement? down, StatementList forward, StatementList back)
    {
        if (up is not null)
        {
            new RailsBody(body, forward, null).Read(up);
        }

        if (down is not null)
        {
            new RailsBody(body, null, back).Read(down);
        }

        if (!forward.Way.Statements.IsEmpty && back.Way.Statements.IsEmpty)
        {
            back.Irreversible(down?.Start ?? 0, down?.End ?? 0, down is null ? "there is no down: Rails would only forget it" : "down does nothing, and up does something");
        }
    }

    private static void Both(StatementList forward, StatementList back, string why)
    {
        forward.Unknown(0, 0, why);
        back.Unknown(0, 0, why);
    }
}
