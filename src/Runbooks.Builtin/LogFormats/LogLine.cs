using System.Text.RegularExpressions;

namespace Runbooks.Builtin.LogFormats;

/// <summary>A line in any of the known forms.</summary>
internal static partial class LogLine
{
    /// <summary>Words that a line without a level may not hold, for it to be taken as harmless.</summary>
    private static readonly string[] Troubles =
    [
        "error", "exception", "fail", "fatal", "panic", "crash", "critical", "abort", "denied", "refused", "rejected", "unable", "cannot", "can't", "could not", "couldn't", "unreachable", "timed out", "timeout",
        "killed", "segfault", "segmentation", "traceback", "unhandled", "uncaught", "corrupt", "out of memory", "not found", "no such", "invalid", "core dumped", "warn", "lost",
    ];

    /// <returns>Null when the line has no form that is known: the beginning of a program, a piece of an entry of several lines, or a form of its own.</returns>
    public static LineHead? Read(ReadOnlySpan<char> line)
    {
        var bare = line.Trim();
        var head = Family(bare);
        if (head is { Level: null, Belongs: false } && Timestamps.Length(bare) is > 0 and var time && Family(bare[time..].TrimStart()) is { Level: not null } behind)
        {
            // Whoever collected the log put a time before each line.
            return behind with { IsDated = true };
        }

        return head;
    }

    /// <summary>Whether a line without a level speaks of something that went wrong. "0 errors found" does not.</summary>
    public static bool SpeaksOfTrouble(ReadOnlySpan<char> line)
    {
        foreach (var trouble in Troubles)
        {
            for (var rest = line; rest.IndexOf(trouble, StringComparison.OrdinalIgnoreCase) is >= 0 and var at; rest = rest[(at + trouble.Length)..])
            {
                if (!IsNone(rest[..at]))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Without what a terminal would show in colour, and without the name that <c>docker compose logs</c> puts before each line.</summary>
    public static string Bare(string line)
    {
        var text = line.Contains('\e', StringComparison.Ordinal) ? Colours().Replace(line, "") : line;
        foreach (var match in Collected().EnumerateMatches(text))
        {
            return text[match.Length..];
        }

        return text;
    }

    /// <summary>What an entry says, without what says who, when and where, as far as its form tells them apart.</summary>
    public static string Message(string text)
    {
        var line = text.AsSpan().Trim();
        if (Timestamps.Length(line) is > 0 and var time)
        {
            line = line[time..].TrimStart();
        }

        return JsonLines.Message(line) ?? LogfmtLines.Message(line) ?? line.ToString();
    }

    private static LineHead? Family(ReadOnlySpan<char> line) =>
        JsonLines.Read(line) ?? PostgresLines.Read(line) ?? NginxLines.Read(line) ?? GoLines.Read(line) ?? PythonLines.Read(line) ?? LogfmtLines.Read(line) ?? PlainLines.Read(line);

    private static bool IsNone(ReadOnlySpan<char> before)
    {
        before = before.TrimEnd();
        var word = before[(before.LastIndexOfAny(' ', '(', '\t') + 1)..];
        return word is "0" || word.Equals("no", StringComparison.OrdinalIgnoreCase) || word.Equals("without", StringComparison.OrdinalIgnoreCase);
    }

    [GeneratedRegex(@"\x1B\[[0-9;?]*[ -/]*[@-~]", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: -1)]
    private static partial Regex Colours();

    [GeneratedRegex(@"^[A-Za-z0-9][\w.-]{0,80} {1,40}\| ", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: -1)]
    private static partial Regex Collected();
}
