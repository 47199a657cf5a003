using System.Text.RegularExpressions;

namespace Runbooks.Builtin.Matching;

/// <summary>Matches an author's pattern within its time.</summary>
internal static class Patterns
{
    /// <returns>Null when the time of the pattern was over before it was decided.</returns>
    public static bool? IsMatch(Regex pattern, string text)
    {
        try
        {
            return pattern.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            return null;
        }
    }

    /// <summary>Says that a pattern was not decided, for an answer that is unknown for this reason.</summary>
    public static string TookTooLong(Regex pattern) => $"looking for {pattern} took too long";
}
