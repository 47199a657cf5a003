using System.Collections.Immutable;
using System.Text;
using Runbooks.Builtin.Phrasing;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Ports;

namespace Runbooks.Builtin.Programs;

/// <summary>Starts a program for a check: bounded in time and output, and nothing of it is left running.</summary>
internal static class ProgramQuestions
{
    /// <summary>How much of standard output a check looks at.</summary>
    public const int OutputLimit = 1 << 20;

    private const int KeptBytes = 8 << 10;
    private const int KeptLines = 10;
    private const int LongestLine = 300;

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    public static async Task<ProgramAnswer> AskAsync(ProgramStart start, TimeSpan timeout, CheckContext context, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(timeout, context.Ports.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        var last = new LastBytes();
        var spec = ProgramSteps.SpecOf(start, context.Marks) with { EndDescendants = true, Grace = Grace };
        var exit = await context.Ports.Processes.RunAsync(spec, new ProcessOutput { CaptureLimit = OutputLimit, Seen = last.Take }, new StopTokens(either.Token, CancellationToken.None));
        cancel.ThrowIfCancellationRequested();
        return new ProgramAnswer(exit, Encoding.UTF8.GetString(exit.Captured.Span), last.Lines());
    }

    /// <summary>The end of what a program wrote, on both streams.</summary>
    private sealed class LastBytes
    {
        private readonly Lock _gate = new();
        private byte[] _kept = [];

        public void Take(ReadOnlySpan<byte> bytes)
        {
            lock (_gate)
            {
                _kept = bytes.Length >= KeptBytes ? bytes[^KeptBytes..].ToArray() : [.. _kept.AsSpan(Math.Max(0, _kept.Length + bytes.Length - KeptBytes)), .. bytes];
            }
        }

        public ImmutableArray<string> Lines()
        {
            lock (_gate)
            {
                return [.. Encoding.UTF8.GetString(_kept).Split('\n').Where(l => l.Trim().Length > 0).TakeLast(KeptLines).Select(l => Phrases.Line(l, LongestLine))];
            }
        }
    }
}

/// <param name="Output">Standard output up to the limit.</param>
/// <param name="LastLines">Of both streams.</param>
internal sealed record ProgramAnswer(ProcessExit Exit, string Output, ImmutableArray<string> LastLines);
