using System.Text.RegularExpressions;

namespace Runbooks.Builtin.LogFormats;

/// <summary>The error log of nginx, and access logs in the common and combined forms of nginx and Apache, and what Django and Flask make of them.</summary>
internal static partial class NginxLines
{
    private const int LongestHead = 400;

    public static LineHead? Read(ReadOnlySpan<char> line)
    {
        foreach (var match in ErrorLog().EnumerateMatches(line))
        {
            var head = line[..match.Length];
            return new LineHead(LevelWords.Of(head[(head.LastIndexOf('[') + 1)..head.LastIndexOf(']')]), IsDated: true);
        }

        return Access(line);
    }

    /// <summary>The status of an answer is its level: 5xx is the server's mistake, 4xx is the client's and no error here.</summary>
    private static LineHead? Access(ReadOnlySpan<char> line)
    {
        var bracket = line[..Math.Min(line.Length, LongestHead)].IndexOf('[');
        if (bracket < 0)
        {
            return null;
        }

        foreach (var match in Time().EnumerateMatches(line[bracket..]))
        {
            var rest = line[(bracket + match.Length)..];
            var status = rest[RequestLength(rest)..].TrimStart();
            return status.Length >= 3 && status[..3].IndexOfAnyExceptInRange('0', '9') < 0 && (status.Length == 3 || status[3] == ' ')
                ? new LineHead(status[0] == '5' ? LogLevel.Error : LogLevel.Info, IsDated: true)
                : null;
        }

        return null;
    }

    /// <summary>Up to behind the quote that ends the request; Apache writes a quote in it with a backslash, nginx as \x22.</summary>
    private static int RequestLength(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\')
            {
                i++;
            }
            else if (text[i] == '"')
            {
                return i + 1;
            }
        }

        return text.Length;
    }

    [GeneratedRegex(@"^(nginx: \[[a-z]{1,10}\] |\d{4}/\d\d/\d\d \d\d:\d\d:\d\d \[[a-z]{1,10}\] \d{1,10}#\d{1,10}: )", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: -1)]
    private static partial Regex ErrorLog();

    [GeneratedRegex(@"^\[\d\d/[A-Z][a-z]{2}/\d{4}[: ]\d\d:\d\d:\d\d( [+-]\d{4})?\] """, RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: -1)]
    private static partial Regex Time();
}
