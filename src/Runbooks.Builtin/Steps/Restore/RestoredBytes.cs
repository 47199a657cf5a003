using Runbooks.Builtin.Phrasing;
using Runbooks.Engine.Hashing;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Ports;

namespace Runbooks.Builtin.Steps.Restore;

/// <summary>Gives one file the bytes that it had somewhere, after what stands in its place was saved.</summary>
/// <param name="To">Absolute: where the bytes go.</param>
/// <param name="Shown">The same, as people write it.</param>
internal sealed record RestoredBytes(string To, string Shown, byte[] Bytes)
{
    /// <param name="origin">Where it had them, for people: "HEAD~1 (1a2b3c)", "release 2026…".</param>
    public async Task<ActionOutcome> WriteAsync(string origin, StepContext context, CancellationToken cancel)
    {
        var (files, wanted) = (context.Ports.Files, Sha256.Hex(Bytes));
        var isThere = files.Stat(To).Kind != FileKind.Missing;
        var read = isThere ? files.Read(To) : default;
        if (isThere && read.Bytes is null)
        {
            return Untouched($"{Shown} cannot be saved before it is overwritten: {read.Problem}");
        }

        if (read.Bytes is { } now && now.AsSpan().SequenceEqual(Bytes))
        {
            return new ActionOutcome { Changed = false, Untouched = true, Observed = $"{Shown} is already as in {origin}" };
        }

        try
        {
            // Spelled out: a null that is taken for an array becomes an empty file.
            await context.KeepAsync(To, read.Bytes is { } before ? new ReadOnlyMemory<byte>(before) : (ReadOnlyMemory<byte>?)null, wanted, cancel);
            cancel.ThrowIfCancellationRequested();
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return Untouched($"{Shown} was not changed: the step was ended first");
        }

        var refused = isThere ? files.Replace(To, Bytes) : files.Create(To, Bytes);
        return refused is null ? ActionOutcome.Done($"{Shown} as in {origin}, {Phrases.Count(Bytes.Length, "byte")}")
            : files.Read(To).Bytes is { } left ? left.AsSpan().SequenceEqual(read.Bytes) ? Untouched($"{Shown} could not be written: {refused}") : ActionOutcome.Failed($"{Shown} could not be written for certain: {refused}")
            : ActionOutcome.Failed($"{Shown} could not be written: {refused}");
    }

    public static ActionOutcome Untouched(string failure) => ActionOutcome.Failed(failure) with { Untouched = true, Changed = false };
}
