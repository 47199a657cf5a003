using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Runbooks.Builtin.Programs;
using Runbooks.Engine.Kinds;
using Runbooks.Language.Fields;

namespace Runbooks.Builtin.Databases;

/// <summary>Asks a database by its client program.</summary>
internal static partial class DatabaseChecks
{
    public const string Timeout = "timeout";

    public static Field TimeoutField =>
        new(Timeout, FieldShape.Duration, "how long the server may work on the answer; then it gives up, and the answer is unknown") { Default = "10s", Minimum = 100, Maximum = 60_000 };

    /// <summary>Asks once: what was not answered is unknown, and says why.</summary>
    /// <param name="judge">What the answer means, when the check alone cannot say it.</param>
    public static async Task<Verdict> AskAsync(DatabaseCheck check, CheckContext context, CancellationToken cancel, Func<ImmutableArray<DatabaseRow>, Verdict>? judge = null)
    {
        var answer = await ProgramQuestions.AskAsync(check.Start, check.Query.Longest, context, cancel);
        if (Trouble(check, answer) is { } why)
        {
            return Verdict.Unknown(why) with { Evidence = answer.LastLines };
        }

        return answer.Exit.CaptureExceeded
            ? Verdict.Unknown($"the answer has more than {ProgramQuestions.OutputLimit >> 20} MiB")
            : judge?.Invoke(check.Place.Rows(answer.Output)) ?? check.Judge(check.Place.Rows(answer.Output), context.Mask);
    }

    /// <summary>Asks once, for the rows themselves.</summary>
    /// <returns>The rows; or why there are none.</returns>
    public static async Task<(ImmutableArray<DatabaseRow> Rows, string? Problem)> RowsAsync(DatabaseCheck check, CheckContext context, CancellationToken cancel)
    {
        var answer = await ProgramQuestions.AskAsync(check.Start, check.Query.Longest, context, cancel);
        return Trouble(check, answer) is { } why ? ([], why)
            : answer.Exit.CaptureExceeded ? ([], $"the answer has more than {ProgramQuestions.OutputLimit >> 20} MiB")
            : (check.Place.Rows(answer.Output), null);
    }

    private static string? Trouble(DatabaseCheck check, ProgramAnswer answer)
    {
        var (client, exit) = (check.Place.Client, answer.Exit);
        return exit switch
        {
            { StartError: { } error } => $"{check.Start.Argv[0].Display} could not be started: {error}",
            { Survivors.IsEmpty: false } => $"{client} left processes that could not be ended: {string.Join(", ", exit.Survivors.Select(s => $"{s.Pid} ({s.CommandLine})"))}",
            { Stopped: true } => $"{client} did not end within {Durations.Format(check.Query.Longest)} and was ended",
            { ExitCode: null } => $"{client} was killed by signal {exit.Signal}",
            { ExitCode: 0 } => null,
            _ => $"database '{check.Place.Database}' gave no answer: {Said(answer) ?? $"{client} ended with exit code {exit.ExitCode}"}",
        };
    }

    /// <summary>The first thing that it says is wrong; what comes after is what follows from it.</summary>
    private static string? Said(ProgramAnswer answer) =>
        answer.LastLines.FirstOrDefault(l => Wrong().IsMatch(l)) ?? answer.LastLines.LastOrDefault();

    // "ERROR:  relation …" of PostgreSQL, "psql: error: connection to server …", "ERROR 1146 (42S02) at line 7: …" of MySQL, "Error response from daemon: …" of Docker.
    [GeneratedRegex(@"^(psql: )?(error|ERROR|FATAL|PANIC|Error)\b", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Wrong();
}
