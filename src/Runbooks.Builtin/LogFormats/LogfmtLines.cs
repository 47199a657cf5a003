namespace Runbooks.Builtin.LogFormats;

/// <summary><c>key=value key="a value"</c>: logfmt, go-kit, logrus, slog, Prometheus.</summary>
internal static class LogfmtLines
{
    public static LineHead? Read(ReadOnlySpan<char> line)
    {
        var (pairs, at) = (0, 0);
        LogLevel? severity = null;
        while (at < line.Length)
        {
            if (char.IsWhiteSpace(line[at]))
            {
                at++;
                continue;
            }

            var key = Key(line[at..]);
            at += key.Length;
            if (key.IsEmpty || at >= line.Length || line[at] != '=')
            {
                if (pairs == 0)
                {
                    return null;
                }

                at += EndOfWord(line[at..]);
                continue;
            }

            at++;
            pairs++;
            var value = Value(line[at..], out var length);
            at += length;
            if (key is "level" or "lvl" or "loglevel" or "log.level" or "log_level" && LevelWords.Of(value) is { } level)
            {
                return new LineHead(level, IsDated: true);
            }

            severity ??= key is "severity" ? LevelWords.Of(value) : null;
        }

        // One pair alone is a setting that somebody printed.
        return pairs > 1 || severity is not null ? new LineHead(severity, IsDated: true) : null;
    }

    private static ReadOnlySpan<char> Key(ReadOnlySpan<char> text)
    {
        var length = 0;
        while (length < text.Length && (char.IsAsciiLetterOrDigit(text[length]) || text[length] is '_' or '.' or '-' or '@' or '/'))
        {
            length++;
        }

        return text[..length];
    }

    private static ReadOnlySpan<char> Value(ReadOnlySpan<char> text, out int length)
    {
        if (text.IsEmpty || text[0] != '"')
        {
            length = EndOfWord(text);
            return text[..length];
        }

        for (length = 1; length < text.Length; length++)
        {
            if (text[length] == '\\')
            {
                length++;
            }
            else if (text[length] == '"')
            {
                return text[1..length++];
            }
        }

        length = text.Length;
        return [];
    }

    private static int EndOfWord(ReadOnlySpan<char> text)
    {
        var length = 0;
        while (length < text.Length && !char.IsWhiteSpace(text[length]))
        {
            length++;
        }

        return length;
    }
}
