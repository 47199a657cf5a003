using System.Text;
using System.Text.RegularExpressions;
using Runbooks.Builtin.Phrasing;
using Runbooks.Engine.Journal;
using Runbooks.Engine.Ports;

namespace Runbooks.Builtin.Probes;

/// <summary>What the program of a failed step said: that it "ended with exit code 1" tells nobody what to mend.</summary>
internal static partial class FailedStepWords
{
    /// <summary>Of a longer output no more than its exit code is told: it is not read into memory for one line.</summary>
    private const int MostBytes = 1 << 20;

    private const int LastLines = 60;
    private const int LongestLine = 200;

    /// <summary>As a clause after why the run ended; empty when no step failed, or its program said nothing.</summary>
    public static string Of(RunState state, string run, IRunStore store)
    {
        if (state.Steps.LastOrDefault(s => s.Standing == StepStanding.Failed)?.Ended is not { Output.Length: > 0, OutputLength: <= MostBytes } ended || store.ReadFile(run, ended.Output).Bytes is not { } bytes)
        {
            return "";
        }

        var lines = Encoding.UTF8.GetString(bytes).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).TakeLast(LastLines).ToList();
        // Of a chain of errors the first is the cause, and the others follow from it.
        return (lines.Find(l => Wrong().IsMatch(l)) ?? lines.LastOrDefault()) is { } said ? $"; it said: {Phrases.Line(said, LongestLine)}" : "";
    }

    // "psycopg2.errors.LockNotAvailable: …", "ERROR:  canceling statement …", "Error response from daemon: …", "fatal: …", "panic: …".
    [GeneratedRegex(@"(?<![A-Za-z0-9_])([A-Za-z0-9_.]*(Error|Exception)s?\b[^:]*:|error:|ERROR\b|FATAL\b|fatal:|panic:|Error\b|[A-Za-z0-9_]+\.errors\.)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Wrong();
}
