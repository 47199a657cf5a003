namespace Runbooks.Builtin.LogFormats;

/// <summary>PostgreSQL: a prefix of the administrator's choice, the severity, a colon and two blanks. What explains an entry has lines of its own, with the same prefix.</summary>
internal static class PostgresLines
{
    private const int LongestPrefix = 300;
    private const string AfterSeverity = ":  ";

    public static LineHead? Read(ReadOnlySpan<char> line)
    {
        var end = line[..Math.Min(line.Length, LongestPrefix)].IndexOf(AfterSeverity, StringComparison.Ordinal);
        if (end <= 0)
        {
            return null;
        }

        var start = end;
        while (start > 0 && (char.IsAsciiLetterUpper(line[start - 1]) || char.IsAsciiDigit(line[start - 1])))
        {
            start--;
        }

        var (level, belongs) = line[start..end] switch
        {
            "LOG" or "INFO" or "NOTICE" or "DEBUG" or "DEBUG1" or "DEBUG2" or "DEBUG3" or "DEBUG4" or "DEBUG5" => (LogLevel.Info, false),
            "WARNING" => (LogLevel.Warning, false),
            "ERROR" or "FATAL" or "PANIC" => ((LogLevel?)LogLevel.Error, false),
            "DETAIL" or "HINT" or "STATEMENT" or "CONTEXT" or "QUERY" or "LOCATION" or "BACKTRACE" => (null, true),
            _ => (null, false),
        };
        var prefix = line[..start];
        return (level is not null || belongs) && IsPrefix(prefix) ? new LineHead(level, IsDated: !prefix.IsEmpty, belongs) : null;
    }

    /// <summary>A time or the number of a process, and not the beginning of an entry of another program that tells what a database said.</summary>
    private static bool IsPrefix(ReadOnlySpan<char> prefix) =>
        prefix.IsEmpty || prefix.StartsWith("psql:", StringComparison.Ordinal)
        || ((Timestamps.Length(prefix) > 0 || HasProcess(prefix)) && PlainLines.Read(prefix) is not { Level: not null });

    private static bool HasProcess(ReadOnlySpan<char> prefix)
    {
        var open = prefix.LastIndexOf('[');
        var digits = open + 1;
        while (open >= 0 && digits < prefix.Length && char.IsAsciiDigit(prefix[digits]))
        {
            digits++;
        }

        return open >= 0 && digits > open + 1 && digits < prefix.Length && prefix[digits] is ']' or '-';
    }
}
