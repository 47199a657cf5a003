using System.Collections.Immutable;

namespace Runbooks.Engine.Journal;

/// <summary>What could be read of a journal.</summary>
/// <param name="Lines">Every line up to the first that is not good.</param>
/// <param name="Break">Where and why reading stopped; null when all of it is good.</param>
/// <param name="IsTorn">The break is a last line that was not written to its end: a crash, not an alteration. It loses nothing but itself.</param>
public sealed record JournalContent(ImmutableArray<JournalLine> Lines, ChainBreak? Break, bool IsTorn)
{
    public bool IsSealed => Lines.Length > 0 && Lines[^1].Event is RunSealed;
}

/// <summary>Reads journals, whole or cut at any byte. Never throws on content.</summary>
public static class JournalReader
{
    public static JournalContent Read(ReadOnlySpan<byte> bytes)
    {
        var (lines, broken, isTorn) = ChainReader.Read<JournalLine>(bytes, JournalCodec.Decode, Refuse);
        return new JournalContent(lines, broken, isTorn);
    }

    private static (Alteration Meaning, string Problem)? Refuse(JournalLine? last, JournalLine line) => line.Event switch
    {
        _ when last?.Event is RunSealed => (Alteration.Added, "it stands after the seal"),
        RunSealed seal when seal.Count != line.Sequence => (Alteration.Edited, $"the seal counts {seal.Count} events, it is number {line.Sequence}"),
        _ => null,
    };
}
