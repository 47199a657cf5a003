using System.Text.RegularExpressions;
using Runbooks.Engine.Kinds;

namespace Runbooks.Builtin.Programs;

/// <summary>A program that was run and listened to: how it ended, and what it said was wrong.</summary>
internal sealed partial class HeardProgram
{
    private string? _wrong;

    private HeardProgram()
    {
    }

    public ActionOutcome Outcome { get; private init; } = new();

    /// <summary>Why it cannot be relied on; null when it can. An exit code of 0 is not enough: some of these programs go on after errors.</summary>
    public string? Failure { get; private init; }

    /// <param name="isLogged">What it says goes into the step's output, of which there is one; else it is only looked at.</param>
    /// <param name="from">The file that it reads; null for none.</param>
    /// <param name="to">The new file that receives its standard output; null for none.</param>
    /// <param name="line">Told each line that it says.</param>
    public static async Task<HeardProgram> RunAsync(ProgramStart start, StepContext context, bool isLogged, string? from = null, string? to = null, Action<string>? line = null)
    {
        var looked = new HeardProgram();
        var said = new SaidLines(text =>
        {
            looked._wrong ??= Wrong().IsMatch(text) ? text : null;
            line?.Invoke(text);
        });
        var output = context.Output with
        {
            Path = isLogged ? context.Output.Path : null,
            StandardOutputFile = to,
            CaptureLimit = 0,
            Seen = bytes =>
            {
                said.Take(bytes);
                if (isLogged)
                {
                    context.Output.Seen?.Invoke(bytes);
                }
            },
        };
        var outcome = await ProgramSteps.RunAsync(start, context, output, from);
        said.End();
        return new HeardProgram
        {
            Outcome = outcome,
            Failure = outcome.Failure is null ? looked._wrong is { } error ? $"it ended with exit code 0 after an error: {error}" : null
                : looked._wrong is { } why ? $"{outcome.Failure}: {why}"
                : outcome.Failure,
        };
    }

    // "pg_dump: error: …" of the programs, "ERROR:  …" of the server, "Error response from daemon" and the like of docker, "ERROR 1045 (28000)" of MySQL.
    [GeneratedRegex(@"\b(error|ERROR|FATAL|PANIC):|^Error |^ERROR \d+ \(", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Wrong();
}
