using System.Text;

namespace Runbooks.Engine.Planning;

/// <summary>Texts in Markdown: none of them can be taken for markup.</summary>
internal static class MarkdownText
{
    /// <param name="indent">What each line begins with.</param>
    public static void Fence(StringBuilder text, string language, IEnumerable<string> lines, string indent)
    {
        var all = lines.ToList();
        var fence = new string('`', Math.Max(3, all.Select(LongestTicks).DefaultIfEmpty(0).Max() + 1));
        text.Append($"{indent}{fence}{language}\n");
        foreach (var line in all)
        {
            text.Append($"{indent}{line}\n");
        }

        text.Append($"{indent}{fence}\n");
    }

    /// <summary>A code span that no back-tick in the text can end.</summary>
    public static string Code(string text)
    {
        var line = PlanText.OneLine(text).Replace("|", "\\|", StringComparison.Ordinal);
        var ticks = new string('`', LongestTicks(line) + 1);
        return line.Length == 0 ? "" : ticks.Length == 1 ? $"`{line}`" : $"{ticks} {line} {ticks}";
    }

    private static int LongestTicks(string text)
    {
        var (longest, current) = (0, 0);
        foreach (var c in text)
        {
            current = c == '`' ? current + 1 : 0;
            longest = Math.Max(longest, current);
        }

        return longest;
    }

    public static string Escape(string text)
    {
        var escaped = new StringBuilder();
        foreach (var c in PlanText.OneLine(text))
        {
            if ("\\`*_{}[]<>#|@".Contains(c, StringComparison.Ordinal))
            {
                escaped.Append('\\');
            }

            escaped.Append(c);
        }

        return escaped.ToString();
    }
}
