namespace Runbooks.Builtin.LogFormats;

/// <summary>The names of levels.</summary>
internal static class LevelWords
{
    private const int Longest = 11;

    /// <summary>In any case; null when the word is none.</summary>
    public static LogLevel? Of(ReadOnlySpan<char> word)
    {
        if (word.Length > Longest)
        {
            return null;
        }

        Span<char> lower = stackalloc char[Longest];
        word.ToLowerInvariant(lower);
        return lower[..word.Length] switch
        {
            "trace" or "trce" or "trac" or "trc" or "debug" or "debu" or "dbug" or "dbg" or "verbose" or "vrb" => LogLevel.Info,
            "info" or "inf" or "information" or "notice" or "finest" or "finer" or "fine" => LogLevel.Info,
            "warning" or "warn" or "wrn" => LogLevel.Warning,
            "error" or "err" or "erro" or "eror" or "fail" or "severe" or "critical" or "crit" or "crt" => LogLevel.Error,
            "fatal" or "fata" or "ftl" or "panic" or "pani" or "dpanic" or "alert" or "emerg" or "emergency" => LogLevel.Error,
            _ => null,
        };
    }

    /// <summary>Only in capitals, as a word among others: "error" and "Error" are words of a sentence as well.</summary>
    public static LogLevel? InCapitals(ReadOnlySpan<char> word)
    {
        foreach (var c in word)
        {
            if (!char.IsAsciiLetterUpper(c))
            {
                return null;
            }
        }

        return word switch
        {
            "SUCCESS" => LogLevel.Info,

            // These words of java.util.logging and .NET begin sentences too; where they are levels, a colon follows, and then any case will do.
            "FINE" or "FINER" or "FINEST" or "FAIL" => null,
            _ => Of(word),
        };
    }
}
