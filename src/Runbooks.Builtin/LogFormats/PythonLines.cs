using System.Text.RegularExpressions;

namespace Runbooks.Builtin.LogFormats;

/// <summary>Python: the usual form of <c>logging</c>, the <c>warnings</c> module, and tracebacks. Forms that begin with a time are those of <see cref="PlainLines"/>.</summary>
internal static partial class PythonLines
{
    public static LineHead? Read(ReadOnlySpan<char> line)
    {
        var colon = line[..Math.Min(line.Length, 16)].IndexOf(':');
        if (colon > 0 && colon + 1 < line.Length && !char.IsWhiteSpace(line[colon + 1]) && LevelWords.InCapitals(line[..colon]) is { } level)
        {
            return new LineHead(level, IsDated: false);
        }

        return Warning().IsMatch(line) ? new LineHead(LogLevel.Warning, IsDated: false) : null;
    }

    public static bool IsTraceback(ReadOnlySpan<char> line) => line.StartsWith("Traceback (most recent call last)", StringComparison.Ordinal);

    /// <summary>The first line of what is printed of several exceptions at once; all others are indented.</summary>
    public static bool IsGroup(ReadOnlySpan<char> line) => line.StartsWith("  + Exception Group Traceback (most recent call last)", StringComparison.Ordinal);

    /// <summary>Between two tracebacks that tell of the same failure.</summary>
    public static bool IsBetweenTracebacks(ReadOnlySpan<char> line) =>
        line.StartsWith("During handling of the above exception, another exception occurred", StringComparison.Ordinal)
        || line.StartsWith("The above exception was the direct cause of the following exception", StringComparison.Ordinal);

    [GeneratedRegex(@"^[^\s:]{1,300}\.py:\d{1,7}: [A-Za-z]{0,60}Warning: ", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: -1)]
    private static partial Regex Warning();
}
