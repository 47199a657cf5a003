using System.Collections.Immutable;
using Runbooks.Language.Templates;

namespace Runbooks.Builtin.Phrasing;

/// <summary>Pieces of statements and observations, so that all checks speak alike.</summary>
internal static class Phrases
{
    private const int LongestQuote = 120;

    /// <summary>a, b and c</summary>
    public static string And(IEnumerable<string> parts)
    {
        var all = parts.ToImmutableArray();
        return all.Length <= 1 ? string.Concat(all) : $"{string.Join(", ", all[..^1])} and {all[^1]}";
    }

    /// <summary>In quotes, on one line, cut when it is long.</summary>
    public static string Quote(Rendered text) => Quote(text.Display);

    /// <inheritdoc cref="Quote(Rendered)"/>
    public static string Quote(string text) => $"\"{Line(text, LongestQuote)}\"";

    /// <summary>On one line, without control characters, cut when it is long.</summary>
    public static string Line(string text, int longest)
    {
        var line = new string([.. text.Trim().Take(longest + 1).Select(c => char.IsControl(c) ? ' ' : c)]);
        return line.Length > longest ? line[..longest] + "…" : line;
    }

    /// <summary>1 error, 2 errors</summary>
    public static string Count(long count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";

    /// <summary>1 entry, 2 entries</summary>
    public static string Count(long count, string one, string many) => count == 1 ? $"1 {one}" : $"{count} {many}";
}
