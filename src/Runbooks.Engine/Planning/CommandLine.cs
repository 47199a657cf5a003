using System.Text;
using Runbooks.Language.Templates;

namespace Runbooks.Engine.Planning;

/// <summary>Shows words as a line that a POSIX shell would split into the same words.</summary>
public static class CommandLine
{
    /// <summary>What the lines of a block begin with.</summary>
    public const string BlockMark = "  | ";

    private const string Plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_./:=@%+,";

    private static readonly System.Buffers.SearchValues<char> PlainCharacters = System.Buffers.SearchValues.Create(Plain);

    public static string Show(IEnumerable<Rendered> words) => string.Join(' ', words.Select(Show));

    /// <summary>The words as a line; a word of several lines (a script) as an indented block after it, as it is, so that a reviewer can read it.</summary>
    public static IEnumerable<string> Lines(IReadOnlyList<Rendered> words)
    {
        if (words.Count == 0 || !words[^1].IsKnown || words[^1].HasSecret || words[^1].Display.TrimEnd('\n').Length > 20_000 || !IsBlock(words[^1].Display))
        {
            yield return Show(words);
            yield break;
        }

        yield return $"{Show(words.SkipLast(1))} <script>";
        foreach (var line in words[^1].Display.TrimEnd('\n').Split('\n'))
        {
            yield return $"{BlockMark}{line}";
        }
    }

    /// <summary>What a program reads: in a line as a shell would take it, or as a block of its lines, so that a reviewer can read it.</summary>
    public static IEnumerable<string> Block(string label, Rendered text)
    {
        if (!text.IsKnown || text.HasSecret || text.Display.Length > 20_000 || !IsBlock(text.Display))
        {
            yield return $"{label} {Show(text)}";
            yield break;
        }

        yield return text.Display.EndsWith('\n') ? label : $"{label} (without a newline at its end)";
        foreach (var line in (text.Display.EndsWith('\n') ? text.Display[..^1] : text.Display).Split('\n'))
        {
            yield return $"{BlockMark}{line}";
        }
    }

    private static bool IsBlock(string word) => word.Contains('\n', StringComparison.Ordinal) && !word.Any(c => char.IsControl(c) && c is not ('\n' or '\t'));

    /// <summary>One word: quoted where a shell would see something in it; unknowns and masks stay readable.</summary>
    public static string Show(Rendered word) => word.IsKnown && !word.HasSecret ? Quote(word.Display) : $"\"{word.Display}\"";

    /// <summary>Quotes a word for a POSIX shell, only when needed; control characters in the <c>$'…'</c> form, so that the line stays one line.</summary>
    public static string Quote(string word)
    {
        if (word.Length > 0 && !word.AsSpan().ContainsAnyExcept(PlainCharacters))
        {
            return word;
        }

        if (!word.Any(char.IsControl))
        {
            return $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
        }

        var text = new StringBuilder("$'");
        foreach (var c in word)
        {
            _ = c switch
            {
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                '\\' => text.Append("\\\\"),
                '\'' => text.Append("\\'"),
                _ when char.IsControl(c) => text.Append($"\\u{(int)c:x4}"),
                _ => text.Append(c),
            };
        }

        return text.Append('\'').ToString();
    }
}
