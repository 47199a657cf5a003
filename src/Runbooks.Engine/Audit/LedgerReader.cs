using System.Collections.Immutable;
using Runbooks.Engine.Journal;

namespace Runbooks.Engine.Audit;

/// <summary>What could be read of the ledger.</summary>
/// <param name="Lines">Every line up to the first that is not good.</param>
/// <param name="Beyond">Lines behind that one that are good in themselves: what they say is known, their place is not.</param>
/// <param name="Break">Where and why the chain ends; null when all of it is good.</param>
/// <param name="IsTorn">The break is a last line that was not written to its end.</param>
/// <param name="Length">Bytes in all.</param>
public sealed record LedgerContent(ImmutableArray<LedgerLine> Lines, ImmutableArray<LedgerLine> Beyond, ChainBreak? Break, bool IsTorn, long Length)
{
    /// <summary>The last line of the chain.</summary>
    public Anchor Head => Lines.IsEmpty ? Anchor.Empty : new Anchor(Lines[^1].Sequence, Lines[^1].Hash);

    /// <summary>The chain is broken by something other than a crash.</summary>
    public bool IsAltered => Break is not null && !IsTorn;

    /// <summary>Every line that is good in itself.</summary>
    public IEnumerable<LedgerLine> All => Lines.Concat(Beyond);

    /// <summary>Where something that is not there should stand.</summary>
    internal (long Offset, long LineNumber) End => Break is { } broken ? (broken.Offset, broken.LineNumber) : (Length, Lines.Length + 1);
}

/// <summary>Reads the ledger, whole or cut at any byte. Never throws on content.</summary>
public static class LedgerReader
{
    public static LedgerContent Read(ReadOnlySpan<byte> bytes)
    {
        var (lines, broken, isTorn) = ChainReader.Read<LedgerLine>(bytes, LedgerCodec.Decode, (_, _) => null);
        var beyond = ImmutableArray.CreateBuilder<LedgerLine>();
        if (broken is not null && !isTorn)
        {
            var rest = bytes[(int)broken.Offset..];
            foreach (var range in rest.Split((byte)'\n'))
            {
                if (LedgerCodec.Decode(rest[range]).Line is { } line)
                {
                    beyond.Add(line);
                }
            }
        }

        return new LedgerContent(lines, beyond.ToImmutable(), broken, isTorn, bytes.Length);
    }
}
