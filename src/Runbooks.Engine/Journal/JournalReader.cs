using System.Collections.Immutable;

namespace Runbooks.Engine.Journal;

/// <summary>What could be read of a journal.</summary>
/// <param name="Lines">Every line up to the first that is not good.</param>
/// <param name="Break">Where and why reading stopped; null when all of it is good.</param>
/// <param name="IsTorn">The break is a last line that was not written to its end: a crash, not an alteration. It loses nothing but itself.</param>
public sealed record JournalContent(ImmutableArray<JournalLine> Lines, JournalBreak? Break, bool IsTorn)
{
    public bool IsSealed => Lines.Length > 0 && Lines[^1].Event is RunSealed;
}

/// <param name="Offset">Of the first byte of the line that is not good.</param>
/// <param name="LineNumber">From 1.</param>
public sealed record JournalBreak(long Offset, long LineNumber, string Problem);

/// <summary>Reads journals, whole or cut at any byte. Never throws on content.</summary>
public static class JournalReader
{
    public static JournalContent Read(ReadOnlySpan<byte> bytes)
    {
        var lines = ImmutableArray.CreateBuilder<JournalLine>();
        var offset = 0;
        var previous = JournalCodec.Genesis;
        while (offset < bytes.Length)
        {
            var rest = bytes[offset..];
            var end = rest.IndexOf((byte)'\n');
            if (end < 0)
            {
                return new JournalContent(lines.ToImmutable(), new JournalBreak(offset, lines.Count + 1, "the last line was not written to its end"), IsTorn: true);
            }

            var (line, problem) = JournalCodec.Decode(rest[..end]);
            problem ??= Place(line, lines.Count + 1, previous, lines.Count > 0 && lines[^1].Event is RunSealed);
            if (problem is not null || line is null)
            {
                return new JournalContent(lines.ToImmutable(), new JournalBreak(offset, lines.Count + 1, problem ?? "it holds nothing"), IsTorn: false);
            }

            lines.Add(line);
            previous = line.Hash;
            offset += end + 1;
        }

        return new JournalContent(lines.ToImmutable(), null, false);
    }

    private static string? Place(JournalLine? line, long expected, string previous, bool isAfterSeal)
    {
        if (line is null)
        {
            return null;
        }

        if (isAfterSeal)
        {
            return "it stands after the seal";
        }

        if (line.Sequence != expected)
        {
            return $"it is number {line.Sequence}, expected was {expected}";
        }

        if (line.Previous != previous)
        {
            return "it does not follow the line before it";
        }

        return line.Event is RunSealed seal && seal.Count != expected ? $"the seal counts {seal.Count} events, there are {expected}" : null;
    }
}
