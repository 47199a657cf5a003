using System.Collections.Immutable;
using System.Text;
using Runbooks.Advisor.Changes;
using Runbooks.Advisor.Migrations;
using Runbooks.Advisor.Situations;

namespace Runbooks.Cli.Views;

/// <summary>What changed between two revisions, for people.</summary>
internal static class ChangesView
{
    private const int LongestLine = 400;
    private const int ShownId = 12;

    public static string Text(ChangeReport report, Style style)
    {
        var text = new StringBuilder($"{Shown(report.From)} → {Shown(report.To)}: {style.Strong}{Summary(report)}{style.Reset}\n");
        foreach (var kind in report.Kinds)
        {
            text.Append($"\n{style.Strong}{FactWords.Of(kind)}{style.Reset}\n");
            foreach (var change in report.Changes.Where(c => c.Kind == kind && c.Area != "migration"))
            {
                text.Append($"  {change.Area,-9} {Line(change.Subject)}: {Line(change.Text)}\n");
            }

            foreach (var migration in kind == ChangeKind.Database ? report.Migrations : [])
            {
                text.Append($"  migration {Line(migration.Migration.Key)}: {Coloured(migration, style)}{Line(Reasons(migration))}\n");
            }
        }

        Section(text, "files", report.Files.Select(f => $"{f.Role,-9} {f.Path}: {f.Text}"));
        Section(text, $"{style.Doubt}unknown{style.Reset}", report.Unknown.Select(g => $"{g.Why} (could be {string.Join(", ", g.Could.Select(FactWords.Of))})"));
        return text.ToString();
    }

    public static string Markdown(ChangeReport report)
    {
        var text = new StringBuilder($"## Changes {Code(Shown(report.From))} → {Code(Shown(report.To))}\n\n**{Summary(report)}**\n");
        if (!report.Changes.IsEmpty)
        {
            text.Append("\n| kind | what | where | change |\n|---|---|---|---|\n");
            foreach (var change in report.Changes.Where(c => c.Area != "migration"))
            {
                text.Append($"| {FactWords.Of(change.Kind)} | {change.Area} | {Cell(change.Subject)} | {Cell(change.Text)} |\n");
            }

            foreach (var migration in report.Migrations)
            {
                text.Append($"| database | migration | {Cell(migration.Migration.Key)} | {MigrationWords.Of(migration.Kind)}{Cell(Reasons(migration))} |\n");
            }
        }

        List(text, "Files", report.Files.Select(f => $"{f.Role} {Code(f.Path)}: {Cell(f.Text)}"));
        List(text, "Unknown", report.Unknown.Select(g => $"{Cell(g.Why)} (could be {string.Join(", ", g.Could.Select(FactWords.Of))})"));
        return text.ToString();
    }

    private static string Summary(ChangeReport report)
    {
        var kinds = report.Kinds.IsEmpty ? "" : string.Join(", ", report.Kinds.Select(FactWords.Of));
        return (kinds.Length, report.Unknown.IsEmpty) switch
        {
            (0, true) => "no change",
            (0, false) => "whether anything changed is unknown",
            (_, true) => kinds,
            _ => report.AreKindsComplete ? $"{kinds}; parts are unknown" : $"{kinds}, and what is unknown",
        };
    }

    private static string Reasons(MigrationArrival migration) => migration.Because is { } because ? $": {because.Display}" : $": {migration.Migration.File}";

    private static string Coloured(MigrationArrival migration, Style style) =>
        $"{migration.Kind switch { MigrationImpact.Additive => style.Good, MigrationImpact.Unknown => style.Doubt, _ => style.Bad }}{MigrationWords.Of(migration.Kind)}{style.Reset}";

    private static string Shown(RevisionState state) => state.Commit.StartsWith(state.Name, StringComparison.Ordinal) ? state.Commit[..Math.Min(ShownId, state.Commit.Length)] : $"{Line(state.Name)} ({state.Commit[..Math.Min(ShownId, state.Commit.Length)]})";

    private static void Section(StringBuilder text, string title, IEnumerable<string> lines)
    {
        var all = lines.ToImmutableArray();
        text.Append(all.IsEmpty ? "" : $"\n{title}\n{string.Concat(all.Select(l => $"  {Line(l)}\n"))}");
    }

    private static void List(StringBuilder text, string title, IEnumerable<string> lines)
    {
        var all = lines.ToImmutableArray();
        text.Append(all.IsEmpty ? "" : $"\n### {title}\n\n{string.Concat(all.Select(l => $"- {l}\n"))}");
    }

    private static string Code(string text) => $"`{Line(text).Replace('`', '\'')}`";

    private static string Cell(string text) => Line(text).Replace("|", "\\|", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);

    private static string Line(string text) => Printable.Line(text, LongestLine);
}
