using System.Buffers;
using System.Globalization;
using System.Text;
using Runbooks.Language.Fields;

namespace Runbooks.Builtin.Compose;

/// <summary>
/// What Compose 1 leaves as it is written and Compose 2 brings into one form (compose-go, <c>loader</c>: transforms of the types): written as Compose 2 does, so that a release that one of
/// them recorded can be compared with what the other one says.
/// </summary>
internal static class ComposeOneForm
{
    private const string Blanks = " \t\n\r";
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    /// <returns>The words of which a list is made of this text; null when it stays a text.</returns>
    public static IReadOnlyList<string>? Words(string key, string text) => key switch
    {
        "command" or "entrypoint" => Split(text),
        "test" => ["CMD-SHELL", text],
        _ => null,
    };

    public static string Text(string key, string text) => key switch
    {
        "interval" or "timeout" or "start_period" or "start_interval" or "stop_grace_period" => Duration(text),
        "mem_limit" or "mem_reservation" or "memswap_limit" or "shm_size" or "memory" => Size(text),
        "extra_hosts" => text.Contains('=', StringComparison.Ordinal) || text.IndexOf(':', StringComparison.Ordinal) is not (> 0 and var at) ? text : $"{text[..at]}={text[(at + 1)..]}",
        _ => text,
    };

    /// <summary>Words as Python's <c>shlex</c> and Go's <c>shellwords</c> split them.</summary>
    /// <returns>Null when a quote is not closed.</returns>
    private static List<string>? Split(string text)
    {
        var words = new List<string>();
        StringBuilder? word = null;
        for (var i = 0; i < text.Length; i++)
        {
            var letter = text[i];
            if (Blanks.Contains(letter, StringComparison.Ordinal))
            {
                if (word is not null)
                {
                    words.Add(word.ToString());
                    word = null;
                }
            }
            else if (letter is '\'' or '"')
            {
                word ??= new StringBuilder();
                for (i++; i < text.Length && text[i] != letter; i++)
                {
                    // Between double quotes a backslash protects itself and the quote, and is a letter otherwise.
                    i += letter == '"' && text[i] == '\\' && i + 1 < text.Length && text[i + 1] is '"' or '\\' ? 1 : 0;
                    word.Append(text[i]);
                }

                if (i >= text.Length)
                {
                    return null;
                }
            }
            else
            {
                i += letter == '\\' && i + 1 < text.Length ? 1 : 0;
                (word ??= new StringBuilder()).Append(text[i]);
            }
        }

        if (word is not null)
        {
            words.Add(word.ToString());
        }

        return words;
    }

    /// <summary>As Go prints a duration: <c>1m0s</c>. What is none stays.</summary>
    private static string Duration(string text)
    {
        if (Durations.Parse(text) is not { } duration)
        {
            return text;
        }

        if (duration < TimeSpan.FromSeconds(1))
        {
            return duration == TimeSpan.Zero ? "0s" : string.Create(CultureInfo.InvariantCulture, $"{duration.TotalMilliseconds:0.###}ms");
        }

        var seconds = string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds % 60:0.######}s");
        var (hours, minutes) = ((long)duration.TotalHours, duration.Minutes);
        return hours > 0 ? string.Create(CultureInfo.InvariantCulture, $"{hours}h{minutes}m{seconds}") : minutes > 0 ? string.Create(CultureInfo.InvariantCulture, $"{minutes}m{seconds}") : seconds;
    }

    /// <summary>Bytes: <c>64m</c> is 67108864, with units of 1024 and whatever case. What is none stays.</summary>
    private static string Size(string text)
    {
        var digits = text.AsSpan().IndexOfAnyExcept(Digits);
        var (number, unit) = digits < 0 ? (text, "") : (text[..digits], text[digits..].Trim().ToUpperInvariant());
        int? power = unit.TrimEnd('B').TrimEnd('I') switch { "" => 0, "K" => 1, "M" => 2, "G" => 3, "T" => 4, "P" => 5, _ => null };
        return power is { } times && double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount)
            ? ((long)(amount * Math.Pow(1024, times))).ToString(CultureInfo.InvariantCulture)
            : text;
    }
}
