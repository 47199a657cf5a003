using System.Buffers;
using Runbooks.Builtin.Programs;
using Runbooks.Engine.Hashing;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Ports;

namespace Runbooks.Builtin.Steps.Compose;

/// <summary>Several programs one after the other, whose output goes into one file.</summary>
internal sealed class ProgramSequence(StepContext context)
{
    /// <summary>More bytes than Compose says about starting containers; the rest is shown and not kept.</summary>
    private const int Limit = 1 << 20;

    private readonly ArrayBufferWriter<byte> _said = new();
    private ProcessExit _last = new();

    /// <returns>Why it failed; null when it ended with exit code 0.</returns>
    public async Task<string?> RunAsync(ProgramStart start)
    {
        var tail = new OutputTail();
        var output = context.Output with
        {
            Path = null,
            CaptureLimit = 0,
            Seen = bytes =>
            {
                tail.Take(bytes);
                Keep(bytes);
                context.Output.Seen?.Invoke(bytes);
            },
        };
        _last = await context.Ports.Processes.RunAsync(ProgramSteps.SpecOf(start, context.Marks), output, context.Stop);
        var failure = ProgramSteps.Judge(start, _last).Failure;
        return failure is null ? null : string.Join(": ", tail.Lines(context.Mask).TakeLast(1).Prepend(failure));
    }

    /// <summary>The outcome with what the programs said, and how the last of them ended.</summary>
    public ActionOutcome Told(ActionOutcome outcome)
    {
        outcome = outcome with { ExitCode = _last.ExitCode, Survivors = _last.Survivors };
        var said = _said.WrittenSpan;
        if (said.Length == 0 || context.Output.Path is not { } path)
        {
            return outcome;
        }

        return context.Ports.Files.Create(path, said, ownerOnly: true) is { } problem
            ? outcome with { Notes = outcome.Notes.Add($"what the programs said could not be kept: {problem}") }
            : outcome with { OutputLength = said.Length, OutputSha256 = Sha256.Hex(said) };
    }

    /// <summary>Both streams come here, one after the other but on any thread.</summary>
    private void Keep(ReadOnlySpan<byte> bytes)
    {
        lock (_said)
        {
            _said.Write(bytes[..Math.Min(bytes.Length, Limit - _said.WrittenCount)]);
        }
    }
}
