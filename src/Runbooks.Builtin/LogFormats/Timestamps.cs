using System.Text.RegularExpressions;

namespace Runbooks.Builtin.LogFormats;

/// <summary>The times with which lines of logs begin.</summary>
internal static partial class Timestamps
{
    /// <returns>How many characters the time at the beginning has; 0 when there is none.</returns>
    public static int Length(ReadOnlySpan<char> text)
    {
        // Nothing else begins a time, and most words of a line begin none.
        if (text.IsEmpty || !char.IsAsciiLetterOrDigit(text[0]))
        {
            return 0;
        }

        foreach (var match in Time().EnumerateMatches(text))
        {
            return match.Length;
        }

        return 0;
    }

    /// <summary>ISO 8601 and its relatives; days before months; syslog and Java; the time of day alone; seconds since 1970. Every repetition is bounded, so that it takes linear time.</summary>
    [GeneratedRegex(
        """
        ^(
          ( \d{4}[-/.]\d{2}[-/.]\d{2} ([T\ ,]\ ?\d{1,2}:\d{2}:\d{2}([.,:]\d{1,9})?)?
          | \d{1,2}[-/.](\d{2}|[A-Z][a-z]{2})[-/.]\d{4} [:,T\ ]\ ?\d{1,2}:\d{2}:\d{2}([.,]\d{1,9})?
          | [A-Z][a-z]{2}\ [\ \d]?\d (,?\ \d{4})? \ \d{1,2}:\d{2}:\d{2}([.,]\d{1,9})?
          | [A-Z][a-z]{2},?\ [A-Z][a-z]{2}\ [\ \d]\d\ \d{2}:\d{2}:\d{2}([.,]\d{1,9})?\ \d{4}
          | \d{1,2}:\d{2}:\d{2}([.,]\d{1,9})?
          ) (\ ?[AP]M)? (\ ?(Z|UTC|GMT|[+-]\d{2}:?\d{2}|CES?T|EES?T|WES?T|[ECMP][SD]T|BST|IST|JST|MSK))?
        | \d{1,2}:\d{2}[AP]M
        | \d{10,13}(\.\d{1,9})?
        ) (?![\w.])
        """,
        RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: -1)]
    private static partial Regex Time();
}
