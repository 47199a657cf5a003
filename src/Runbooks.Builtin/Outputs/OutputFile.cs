using Runbooks.Engine.Hashing;
using Runbooks.Engine.Kinds;

namespace Runbooks.Builtin.Outputs;

/// <summary>Writes what a kind itself has to tell (the body of an answer) to the place where the output of programs goes.</summary>
internal static class OutputFile
{
    /// <summary>Masks the bytes, writes them to the step's output file and shows them.</summary>
    public static WrittenOutput Write(ReadOnlySpan<byte> bytes, StepContext context)
    {
        using var kept = new MemoryStream(bytes.Length);
        if (context.Output.Filter?.Fresh() is { } filter)
        {
            filter.Write(bytes, kept.Write);
            filter.Flush(kept.Write);
        }
        else
        {
            kept.Write(bytes);
        }

        var masked = kept.ToArray();
        if (context.Output.Path is not { } path)
        {
            context.Output.Seen?.Invoke(masked);
            return new WrittenOutput(masked, 0, "", null);
        }

        var problem = context.Ports.Files.Create(path, masked);
        context.Output.Seen?.Invoke(masked);
        return problem is null
            ? new WrittenOutput(masked, masked.Length, Sha256.Hex(masked), null)
            : new WrittenOutput(masked, 0, "", problem);
    }
}

/// <param name="Masked">What may be shown.</param>
/// <param name="Length">Of the file; 0 when there is none.</param>
/// <param name="Sha256">Of the file, lower-case hex; empty when there is none.</param>
/// <param name="Problem">Why the file could not be written; null when it was.</param>
internal readonly record struct WrittenOutput(ReadOnlyMemory<byte> Masked, long Length, string Sha256, string? Problem);
