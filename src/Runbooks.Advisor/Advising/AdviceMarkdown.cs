using System.Globalization;
using System.Text;
using Runbooks.Advisor.Strategies;

namespace Runbooks.Advisor.Advising;

/// <summary>Advice for a ticket or a chat.</summary>
public static class AdviceMarkdown
{
    public static string Write(Advice advice)
    {
        var way = advice.Way;
        var text = new StringBuilder($"# {Plain(Capital(way.Recommendation))}\n\nStrategy **{advice.Strategy}**, risk **{AdviceWords.Of(way.Risk)}**: {Plain(string.Join("; ", way.RiskReasons))}.\n");
        if (advice.CommandLine is { } line)
        {
            Fence(text, "sh", line);
            List(text, "", advice.Missing.Select(v => $"`{v.Placeholder}` is {Plain(v.Meaning)}: fill it in"));
        }

        List(text, "", advice.Notes.Select(n => $"**{Plain(n)}**"));
        if (way.Probe is { } probe)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n**{Plain(Capital(probe.Question))}** {Plain(Capital(probe.Decides))}.\n");
            if (probe.Command.Length > 0)
            {
                Fence(text, "sh", probe.Command);
            }
        }

        if (way is { Downtime: { } downtime, Time: { } time })
        {
            text.Append(CultureInfo.InvariantCulture, $"\n| | | based on |\n|---|---|---|\n{Row("downtime", downtime)}{Row("takes", time)}");
        }

        List(text, "Blocked by", way.BlockedBy.Select(Plain));
        List(text, way.RollsBack ? "In order" : "Instead", way.Order.Select(Step), mark: "1.");
        List(text, "Because", advice.Reasons.Select(r => Plain(r.Text) + string.Concat(r.Evidence.Select(e => $"\n  - {Plain(AdviceWords.Of(e))}"))));
        List(text, "Against", way.Against.Select(Plain));
        List(text, "Why not the others", advice.Alternatives.Select(a => $"**{a.Strategy}**: {Plain(a.WhyNot)}"));
        List(text, "What would change this", way.WouldChange.Select(Plain));
        return text.ToString();
    }

    private static string Row(string name, TimeRange range) => $"| {name} | {AdviceWords.Of(range)} | {Plain(string.Join("; ", range.From))} |\n";

    /// <summary>A command in it can be copied as it is.</summary>
    private static string Step(string text)
    {
        var at = text.IndexOf("runbook exec ", StringComparison.Ordinal);
        return at < 0 || text.Contains('`', StringComparison.Ordinal) ? Plain(text) : $"{Plain(text[..at])}`{text[at..]}`";
    }

    private static void Fence(StringBuilder text, string language, string line)
    {
        // Longer than any run of backticks inside.
        var fence = "```";
        while (line.Contains(fence, StringComparison.Ordinal))
        {
            fence += "`";
        }

        text.Append(CultureInfo.InvariantCulture, $"\n{fence}{language}\n{line}\n{fence}\n");
    }

    private static void List(StringBuilder text, string title, IEnumerable<string> items, string mark = "-")
    {
        var isFirst = true;
        foreach (var item in items)
        {
            if (isFirst)
            {
                text.Append(title.Length > 0 ? $"\n## {title}\n\n" : "\n");
                isFirst = false;
            }

            text.Append(CultureInfo.InvariantCulture, $"{mark} {item}\n");
        }
    }

    private static string Capital(string text) => text.Length > 0 ? char.ToUpperInvariant(text[0]) + text[1..] : text;

    /// <summary>Names from facts may hold what Markdown would read as its own.</summary>
    internal static string Plain(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (c is '\\' or '`' or '*' or '_' or '[' or ']' or '<' or '>' or '|' or '&')
            {
                result.Append('\\');
            }

            result.Append(c);
        }

        return result.ToString();
    }
}
