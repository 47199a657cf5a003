namespace Runbooks.Builtin.LogFormats;

/// <summary><c>key=value key="a value"</c>: logfmt, go-kit, logrus, slog, Prometheus.</summary>
internal static class LogfmtLines
{
    public static LineHead? Read(ReadOnlySpan<char> line)
    {
        var pairs = 0;
        LogLevel? severity = null;
        while (Next(ref line, pairs, out var key, out var value))
        {
            pairs++;
            if (key is "level" or "lvl" or "loglevel" or "log.level" or "log_level" && LevelWords.Of(value) is { } level)
            {
                return new LineHead(level, IsDated: true);
            }

            severity ??= key is "severity" ? LevelWords.Of(value) : null;
        }

        // One pair alone is a setting that somebody printed.
        return pairs > 1 || severity is not null ? new LineHead(severity, IsDated: true) : null;
    }

    /// <summary>What a line says; null when it does not say it in a field.</summary>
    public static string? Message(ReadOnlySpan<char> line)
    {
        for (var pairs = 0; Next(ref line, pairs, out var key, out var value); pairs++)
        {
            if (key is "msg" or "message" or "event")
            {
                return value.ToString();
            }
        }

        return null;
    }

    /// <summary>Takes the next pair from the line. Words that are no pairs are passed over, but not before the first one: then it is another form.</summary>
    private static bool Next(ref ReadOnlySpan<char> line, int pairs, out ReadOnlySpan<char> key, out ReadOnlySpan<char> value)
    {
        while (!(line = line.TrimStart()).IsEmpty)
        {
            key = Key(line);
            line = line[key.Length..];
            if (!key.IsEmpty && line is ['=', ..])
            {
                value = Value(line[1..], out var length);
                line = line[(length + 1)..];
                return true;
            }

            if (pairs == 0)
            {
                break;
            }

            line = line[EndOfWord(line)..];
        }

        key = value = [];
        return false;
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
