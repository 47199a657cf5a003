using System.Text;

namespace Runbooks.Language.Editing;

/// <summary>How values are written in a <c>.env</c> file.</summary>
internal static class DotEnvText
{
    /// <summary>The ways to write a value in place of another one, best first. Each is only a proposal: the editor reads it back before it believes it.</summary>
    /// <param name="isLiteral">A dollar in the value is a dollar; else the value takes variables and must go on doing so.</param>
    public static IEnumerable<string> Renderings(TreeScalar old, string value, bool isLiteral)
    {
        if (value.Any(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t')))
        {
            yield break;
        }

        var dollarMatters = isLiteral && value.Contains('$');
        if (old.Style == TreeStyle.EnvPlain && !dollarMatters && IsPlain(value, old.Value))
        {
            yield return value;
        }

        var single = isLiteral && value.AsSpan().IndexOfAny("'\n\r") < 0 && !value.EndsWith('\\');
        if (single && old.Style == TreeStyle.EnvSingleQuoted)
        {
            yield return $"'{value}'";
        }

        // What double quotes would have to escape is escaped differently by different readers.
        if (single && old.Style != TreeStyle.EnvDoubleQuoted && value.AsSpan().IndexOfAny("$\\\"`") >= 0)
        {
            yield return $"'{value}'";
        }

        yield return $"\"{Escape(value, dollarMatters)}\"";
    }

    /// <summary>What double quotes hold: <c>\"</c>, then the escapes of Compose; a literal dollar comes out as <c>$$</c>.</summary>
    public static string Unescape(string inner)
    {
        var quotesDone = new StringBuilder();
        for (var i = 0; i < inner.Length; i++)
        {
            if (inner[i] == '\\' && i + 1 < inner.Length)
            {
                quotesDone.Append(inner[i + 1] == '"' ? "" : "\\");
                i++;
            }

            quotesDone.Append(inner[i]);
        }

        var text = quotesDone.ToString();
        var result = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            var escape = text[i] == '\\' && i + 1 < text.Length ? Unescape(text, i + 1) : (null, 0);
            result.Append(escape.Text ?? text[i].ToString());
            i += escape.Length;
        }

        return result.ToString();
    }

    private static (string? Text, int Length) Unescape(string text, int at)
    {
        const string Letters = "abcfnrtv\"\\$";
        string[] meanings = ["\a", "\b", "\\c", "\f", "\n", "\r", "\t", "\v", "\"", "\\", "$$"];
        if (Letters.IndexOf(text[at]) is var known && known >= 0)
        {
            return (meanings[known], 1);
        }

        if (text[at] != '0')
        {
            return (null, 0);
        }

        var digits = text.AsSpan(at + 1);
        var length = 0;
        while (length < 3 && length < digits.Length && digits[length] is >= '0' and <= '7')
        {
            length++;
        }

        return length == 3 && digits[0] <= '3'
            ? (((char)Convert.ToInt32(digits[..3].ToString(), 8)).ToString(), 4)
            : (null, 0);
    }

    private static string Escape(string value, bool escapeDollar)
    {
        var text = new StringBuilder(value.Length + 8);
        foreach (var c in value)
        {
            _ = c switch
            {
                '\\' or '"' => text.Append('\\').Append(c),
                '$' when escapeDollar => text.Append("\\$"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                _ => text.Append(c),
            };
        }

        return text.ToString();
    }

    /// <summary>Every reader takes it unquoted. Spaces only where the old value had some: shells split there.</summary>
    private static bool IsPlain(string value, string old)
    {
        if (value.Length > 0 && (value[0] == ' ' || value[^1] == ' '))
        {
            return false;
        }

        var spaces = old.Contains(' ');
        return value.All(c => IsPlain(c) || (c == ' ' && spaces) || (old.Contains(c) && c is not ('#' or '\'' or '"' or '\\' or '\t') && !char.IsControl(c)));
    }

    private static bool IsPlain(char c) => char.IsAsciiLetterOrDigit(c) || "_./:@%+,=-".Contains(c) || char.IsLetter(c) || char.IsSurrogate(c);
}
