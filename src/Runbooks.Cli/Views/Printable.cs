using System.Text;

namespace Runbooks.Cli.Views;

/// <summary>Makes foreign text safe to print: a child's output must not move the cursor, ring or recolour the operator's screen.</summary>
public static class Printable
{
    /// <summary>One line of at most <paramref name="limit"/> characters: escape sequences removed, control characters shown as '·', tabs as spaces.</summary>
    public static string Line(string text, int limit)
    {
        var line = new StringBuilder(Math.Min(text.Length, limit));
        for (var i = 0; i < text.Length && line.Length < limit; i++)
        {
            var c = text[i];
            if (c == '\e')
            {
                i = EndOfEscape(text, i);
            }
            else if (c == '\t')
            {
                line.Append("    ");
            }
            else if (c != '\r')
            {
                line.Append(char.IsControl(c) ? '·' : c);
            }
        }

        if (line.Length >= limit && limit > 1)
        {
            line.Length = limit - 1;
            line.Append('…');
        }

        return line.ToString();
    }

    /// <summary>Index of the last character of the sequence: CSI ends with a letter, OSC with BEL or ST, others are two characters long.</summary>
    private static int EndOfEscape(string text, int at)
    {
        if (at + 1 >= text.Length)
        {
            return at;
        }

        if (text[at + 1] == '[')
        {
            for (var i = at + 2; i < text.Length; i++)
            {
                if (text[i] is >= '@' and <= '~')
                {
                    return i;
                }
            }

            return text.Length;
        }

        if (text[at + 1] == ']')
        {
            for (var i = at + 2; i < text.Length; i++)
            {
                if (text[i] == '\a' || (text[i] == '\\' && text[i - 1] == '\e'))
                {
                    return i;
                }
            }

            return text.Length;
        }

        return at + 1;
    }
}
