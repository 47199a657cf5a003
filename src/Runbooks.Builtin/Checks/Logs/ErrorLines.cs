using System.Text.RegularExpressions;

namespace Runbooks.Builtin.Checks.Logs;

/// <summary>What counts as an error in a log when the author does not say it.</summary>
/// <remarks>
/// Levels are taken where they are unmistakable: as a word in capitals, or as the value of a level field in JSON or logfmt. Numbers are not, because products disagree about them.
/// The first lines of a crash in Go, Python and .NET are errors too: they have no level.
/// </remarks>
internal static class ErrorLines
{
    public static Regex Pattern { get; } = new(
        """
        \b(ERROR|FATAL|CRITICAL|PANIC)\b
        |"(level|lvl|severity|log\.level|@l)"\s*:\s*"(?i:error|fatal|critical|panic|err|crit|emerg|alert)"
        |\b(level|lvl|severity)="?(?i:error|fatal|critical|panic|err|crit)\b
        |^panic:\s
        |^Traceback\s\(most\srecent\scall\slast\)
        |^Unhandled\sexception\.
        """,
        RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture,
        TimeSpan.FromSeconds(2));
}
