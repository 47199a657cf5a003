using System.Collections.Immutable;
using System.Text;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Ports;

namespace Runbooks.Builtin.Programs;

/// <summary>Starts a program for a check: bounded in time and output, and nothing of it is left running.</summary>
internal static class ProgramQuestions
{
    /// <summary>How much of standard output a check looks at.</summary>
    public const int OutputLimit = 1 << 20;

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    /// <param name="input">Absolute: the file that it reads as its standard input; null for none.</param>
    public static async Task<ProgramAnswer> AskAsync(ProgramStart start, TimeSpan timeout, CheckContext context, CancellationToken cancel, string? input = null)
    {
        using var limit = new CancellationTokenSource(timeout, context.Ports.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        var last = new OutputTail();
        var spec = ProgramSteps.SpecOf(start, context.Marks) with { EndDescendants = true, Grace = Grace, StandardInputFile = input };
        var exit = await context.Ports.Processes.RunAsync(spec, new ProcessOutput { CaptureLimit = OutputLimit, Seen = last.Take }, new StopTokens(either.Token, CancellationToken.None));
        cancel.ThrowIfCancellationRequested();
        return new ProgramAnswer(exit, Encoding.UTF8.GetString(exit.Captured.Span), last.Lines(context.Mask));
    }
}

/// <param name="Output">Standard output up to the limit.</param>
/// <param name="LastLines">Of both streams.</param>
internal sealed record ProgramAnswer(ProcessExit Exit, string Output, ImmutableArray<string> LastLines);
