using System.Collections.Immutable;

namespace Runbooks.Engine.Journal;

/// <summary>Reads a file of chained lines, whole or cut at any byte. Never throws on content.</summary>
internal static class ChainReader
{
    internal delegate (TLine? Line, string? Problem) Decoder<TLine>(ReadOnlySpan<byte> line)
        where TLine : ChainedLine;

    /// <summary>Why a line cannot follow the last one, apart from its place in the chain; null when it can.</summary>
    internal delegate (Alteration Meaning, string Problem)? Refusal<TLine>(TLine? last, TLine line)
        where TLine : ChainedLine;

    /// <returns>Every line up to the first that is not good; where and why reading stopped; whether that is a last line without its end.</returns>
    internal static (ImmutableArray<TLine> Lines, ChainBreak? Break, bool IsTorn) Read<TLine>(ReadOnlySpan<byte> bytes, Decoder<TLine> decode, Refusal<TLine> refuse)
        where TLine : ChainedLine
    {
        var lines = ImmutableArray.CreateBuilder<TLine>();
        var offset = 0;
        while (offset < bytes.Length)
        {
            var rest = bytes[offset..];
            var end = rest.IndexOf((byte)'\n');
            if (end < 0)
            {
                return (lines.ToImmutable(), new ChainBreak(offset, lines.Count + 1, Alteration.Truncated, "the last line was not written to its end"), true);
            }

            var (line, problem) = decode(rest[..end]);
            var last = lines.Count > 0 ? lines[^1] : null;
            var refused = line is null
                ? (Unreadable(rest[..end]), problem ?? "it holds nothing")
                : refuse(last, line) ?? Place(last, line, rest[(end + 1)..], decode);
            if (line is null || refused is not null)
            {
                var (meaning, why) = refused ?? (Alteration.Unreadable, "it holds nothing");
                return (lines.ToImmutable(), new ChainBreak(offset, lines.Count + 1, meaning, why), false);
            }

            lines.Add(line);
            offset += end + 1;
        }

        return (lines.ToImmutable(), null, false);
    }

    /// <summary>A line whose hash is right was written so, perhaps by a newer version.</summary>
    private static Alteration Unreadable(ReadOnlySpan<byte> line) => HashedLine.Open(line).Problem is null ? Alteration.Unreadable : Alteration.Edited;

    private static (Alteration Meaning, string Problem)? Place<TLine>(TLine? last, TLine line, ReadOnlySpan<byte> after, Decoder<TLine> decode)
        where TLine : ChainedLine
    {
        var expected = (last?.Sequence ?? 0) + 1;
        if (line.Sequence != expected)
        {
            var isElsewhere = line.Sequence < expected || Holds(after, expected, decode);
            return (isElsewhere ? Alteration.Reordered : Alteration.Deleted, $"it is number {line.Sequence}, expected was {expected}");
        }

        return line.Previous == (last?.Hash ?? HashedLine.Genesis) ? null : (Alteration.Edited, "it does not follow the line before it");
    }

    private static bool Holds<TLine>(ReadOnlySpan<byte> bytes, long sequence, Decoder<TLine> decode)
        where TLine : ChainedLine
    {
        foreach (var range in bytes.Split((byte)'\n'))
        {
            if (decode(bytes[range]).Line?.Sequence == sequence)
            {
                return true;
            }
        }

        return false;
    }
}
