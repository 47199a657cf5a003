using System.Buffers;
using System.Text;

namespace Runbooks.Builtin.LogFormats;

/// <summary>Makes one of all messages that differ only in what they speak of.</summary>
internal static class MessageTemplates
{
    private const char Value = '#';
    private const int ShortestHexadecimal = 8;
    private const int Longest = 300;

    private static readonly SearchValues<char> HexadecimalLetters = SearchValues.Create("abcdefABCDEF-");

    /// <summary>The message with <c>#</c> for times, numbers, addresses and ids, and <c>"…"</c> for what stands in quotes; cut when it is long.</summary>
    public static string Of(string message)
    {
        var template = new StringBuilder();
        var rest = message.AsSpan().Trim();
        var isAfterWord = false;
        while (!rest.IsEmpty && template.Length < Longest)
        {
            var length = Quoted(rest, isAfterWord) is > 0 and var quoted ? quoted
                : !isAfterWord && Timestamps.Length(rest) is > 0 and var time ? time
                : Math.Max(1, RunLength(rest));
            var piece = rest[..length];
            isAfterWord = char.IsLetterOrDigit(piece[^1]);
            rest = rest[length..];
            if (piece[0] is '"' or '\'' or '`' && length > 1)
            {
                template.Append("\"…\"");
            }
            else if (char.IsWhiteSpace(piece[0]))
            {
                _ = template.Length > 0 && template[^1] == ' ' ? template : template.Append(' ');
            }
            else
            {
                _ = IsValue(piece) ? template.Append(Value) : template.Append(piece);
            }
        }

        return template.ToString();
    }

    /// <summary>Letters, digits and what joins them in addresses, versions, ids and numbers; no slash, so that the parts of a path stay apart.</summary>
    private static bool IsInRun(char c) => char.IsLetterOrDigit(c) || c is '_' or '.' or ':' or '+' or '-' or '@' or '%';

    /// <summary>A run begins and ends with a letter or a digit: a colon behind it is one of the sentence.</summary>
    private static int RunLength(ReadOnlySpan<char> text)
    {
        var length = 0;
        for (var i = 0; i < text.Length && (char.IsLetterOrDigit(text[i]) || (i > 0 && IsInRun(text[i]))); i++)
        {
            length = char.IsLetterOrDigit(text[i]) ? i + 1 : length;
        }

        return length;
    }

    private static bool IsValue(ReadOnlySpan<char> run)
    {
        foreach (var c in run)
        {
            if (char.IsDigit(c))
            {
                return true;
            }
        }

        return run.Length >= ShortestHexadecimal && run.IndexOfAnyExcept(HexadecimalLetters) < 0;
    }

    /// <summary>How long the quoted text at the beginning is; 0 when there is none. An apostrophe in a word is no quote.</summary>
    private static int Quoted(ReadOnlySpan<char> text, bool isAfterWord)
    {
        if (text[0] is not ('"' or '\'' or '`') || (text[0] == '\'' && isAfterWord))
        {
            return 0;
        }

        for (var i = 1; i < text.Length; i++)
        {
            if (text[i] == '\\')
            {
                i++;
            }
            else if (text[i] == text[0] && (text[0] != '\'' || i + 1 == text.Length || !char.IsLetterOrDigit(text[i + 1])))
            {
                return i + 1;
            }
        }

        return 0;
    }
}
