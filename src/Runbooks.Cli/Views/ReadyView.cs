using System.Collections.Immutable;
using System.Text;
using Runbooks.Advisor.Readiness;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Verifying;

namespace Runbooks.Cli.Views;

/// <summary>Whether a project could be rolled back right now, for people.</summary>
internal static class ReadyView
{
    private const int LongestLine = 600;

    /// <summary>Of a kind; who wants all of them asks for JSON.</summary>
    private const int MostShown = 5;

    public static string Text(ReadyReport report, Style style)
    {
        var text = new StringBuilder($"{Head(report, style)}\n\n");
        var width = report.Items.Max(i => i.Name.Length);
        var indent = new string(' ', width + 8);
        foreach (var item in report.Items)
        {
            text.Append($"  {Coloured(item.Answer.Kind, Box(item.Answer.Kind), style)} {item.Name.PadRight(width)}  {(item.Answer.Kind == VerdictKind.Unknown ? "unknown: " : "")}{Line(item.Answer.Summary)}\n");
            if (item.Answer.Kind == VerdictKind.Holds)
            {
                continue;
            }

            var seen = item.Answer.Seen.Take(item.Answer.Against > 0 ? item.Answer.Against : int.MaxValue).Select(s => $"{indent}{style.Faint}{Line($"{s.Source}: {s.Value}")}{style.Reset}\n");
            text.Append(Some(seen, indent)).Append($"{indent}why: {item.Why}\n");
            // What is to be done of several things alike is said once.
            foreach (var fixes in item.Answer.Fixes.GroupBy(f => $"{indent}fix: {Line(f.What)}{(f.Patch is { } patch ? $" ('runbook ready --fix' prints the patch of {patch.Path})" : "")}\n", StringComparer.Ordinal))
            {
                text.Append(fixes.Key);
                text.Append(Some(fixes.Select(f => f.Command).Where(c => c.Length > 0).Distinct(StringComparer.Ordinal).Select(c => $"{indent}     {style.Strong}{Line(c)}{style.Reset}\n"), indent + "     "));
                text.Append(string.Concat(fixes.SelectMany(f => Lines(f.Block)).Select(l => $"{indent}     {l}\n")));
            }
        }

        return text.Append($"\n{Sum(report)}\n").ToString();
    }

    /// <summary>The first ones, and how many more there are.</summary>
    private static string Some(IEnumerable<string> lines, string indent)
    {
        var all = lines.ToList();
        var shown = all.Count <= MostShown + 1 ? all.Count : MostShown;
        return string.Concat(all.Take(shown)) + (shown < all.Count ? $"{indent}… and {all.Count - shown} more ('--format json' has all)\n" : "");
    }

    public static string Markdown(ReadyReport report)
    {
        var text = new StringBuilder($"## {Escaped(Head(report, Style.None))}\n\n| | item | what was found | fix |\n|---|---|---|---|\n");
        foreach (var item in report.Items)
        {
            var fixes = item.Answer.Kind == VerdictKind.Holds ? "" : string.Join("<br>", item.Answer.Fixes.Select(f => $"{Escaped(f.What)}{(f.Patch is null ? "" : ": `runbook ready --fix`")}{(f.Command.Length > 0 ? $": `{Line(f.Command).Replace('`', '\'').Replace("|", "\\|", StringComparison.Ordinal)}`" : "")}"));
            text.Append($"| {ReadyReport.WordOf(item.Answer.Kind).Replace('-', ' ')} | {item.Name} | {Escaped(item.Answer.Summary)} | {fixes} |\n");
        }

        return text.Append($"\n{Sum(report)}\n").ToString();
    }

    /// <summary>As the checklists of 'verify' are told to CI systems.</summary>
    public static string JUnit(ReadyReport report)
    {
        var items = report.Items.Select(i => new ChecklistItem(
            "",
            i.Name,
            i.Statement,
            new Verdict(i.Answer.Kind, i.Answer.Summary) { Evidence = [.. i.Answer.Seen.Select(s => $"{s.Source}: {s.Value}"), .. i.Answer.Fixes.Select(f => $"fix: {f.What}{(f.Command.Length > 0 ? $": {f.Command}" : "")}")] },
            1,
            i.Elapsed)).ToImmutableArray();
        return ChecklistView.JUnit(new Checklist("ready", "", "", report.Folder, report.At, "") { Items = items });
    }

    private static string Head(ReadyReport report, Style style)
    {
        var project = report.Project.Length > 0 ? Line(report.Project) : "this project";
        var back = $"to be rolled back{(report.Target.Length > 0 ? $" to release {report.Target}" : "")}";
        return report.Verdict switch
        {
            VerdictKind.Holds => $"{project} is {Coloured(report.Verdict, "ready", style)} {back}",
            VerdictKind.DoesNotHold => $"{project} is {Coloured(report.Verdict, "not ready", style)} {back}",
            _ => $"whether {project} is ready {back} is {Coloured(report.Verdict, "unknown", style)}",
        };
    }

    private static string Sum(ReadyReport report)
    {
        var (bad, unknown) = (report.Count(VerdictKind.DoesNotHold), report.Count(VerdictKind.Unknown));
        return bad + unknown == 0
            ? $"all {report.Items.Length} are ready"
            : $"{report.Count(VerdictKind.Holds)} of {report.Items.Length} {(report.Count(VerdictKind.Holds) == 1 ? "is" : "are")} ready, {bad} {(bad == 1 ? "is" : "are")} not, {unknown} {(unknown == 1 ? "is" : "are")} unknown";
    }

    private static string Box(VerdictKind kind) => kind switch { VerdictKind.Holds => "[x]", VerdictKind.DoesNotHold => "[ ]", _ => "[?]" };

    private static string Coloured(VerdictKind kind, string text, Style style) =>
        $"{kind switch { VerdictKind.Holds => style.Good, VerdictKind.DoesNotHold => style.Bad, _ => style.Doubt }}{text}{style.Reset}";

    private static string[] Lines(string block) => block.Length == 0 ? [] : block.TrimEnd('\n').Split('\n');

    private static string Escaped(string text) => Line(text).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("|", "\\|", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace("*", "\\*", StringComparison.Ordinal).Replace("`", "\\`", StringComparison.Ordinal);

    private static string Line(string text) => Printable.Line(text, LongestLine);
}
