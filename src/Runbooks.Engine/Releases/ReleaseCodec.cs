using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Runbooks.Engine.Journal;

namespace Runbooks.Engine.Releases;

/// <summary>An event with its place in the chain.</summary>
public sealed record ReleaseLine(int Format, long Sequence, DateTimeOffset Time, ReleaseEvent Event, string Previous, string Hash)
    : ChainedLine(Format, Sequence, Time, Previous, Hash);

/// <summary>What could be read of the journal of releases.</summary>
/// <param name="Lines">Every line up to the first that is not good.</param>
/// <param name="Break">Where and why reading stopped; null when all of it is good.</param>
/// <param name="IsTorn">The break is a last line that was not written to its end: a crash, not an alteration.</param>
/// <param name="Length">Bytes that are good.</param>
public sealed record ReleaseContent(ImmutableArray<ReleaseLine> Lines, ChainBreak? Break, bool IsTorn, long Length)
{
    /// <summary>The chain is broken by something other than a crash.</summary>
    public bool IsAltered => Break is not null && !IsTorn;
}

/// <summary>Writes and reads the journal of releases: the form of the journals of runs.</summary>
public static class ReleaseCodec
{
    public const int Format = 1;

    /// <summary>The line that comes after what is there, with its line break.</summary>
    public static byte[] Next(ReleaseContent after, ReleaseEvent entry, DateTimeOffset time)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(buffer, HashedLine.Readable))
        {
            json.WriteStartObject();
            json.WriteNumber("v"u8, Format);
            json.WriteNumber("seq"u8, after.Lines.Length + 1);
            json.WriteString("time"u8, time);
            json.WritePropertyName("event"u8);
            ReleaseJson.Write(json, entry);
            json.WriteString("prev"u8, after.Lines.IsEmpty ? HashedLine.Genesis : after.Lines[^1].Hash);
            json.WriteEndObject();
        }

        _ = HashedLine.Close(buffer);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>A release as it stands in the journal.</summary>
    public static void Write(Utf8JsonWriter json, Release release) => JsonSerializer.Serialize(json, release, ReleaseJson.Default.Release);

    /// <summary>Reads it, whole or cut at any byte. Never throws on content.</summary>
    public static ReleaseContent Read(ReadOnlySpan<byte> bytes)
    {
        var (lines, broken, isTorn) = ChainReader.Read<ReleaseLine>(bytes, Decode, (_, _) => null);
        return new ReleaseContent(lines, broken, isTorn, broken?.Offset ?? bytes.Length);
    }

    private static (ReleaseLine? Line, string? Problem) Decode(ReadOnlySpan<byte> line)
    {
        var (json, hash, problem) = HashedLine.Open(line);
        if (json is null)
        {
            return (null, problem);
        }

        try
        {
            using var body = JsonDocument.Parse(json);
            var root = body.RootElement;
            var element = root.GetProperty("event");
            var type = element.GetProperty("type").GetString() ?? "";
            return ReleaseJson.Read(type, element) is { } entry
                ? (new ReleaseLine(root.GetProperty("v").GetInt32(), root.GetProperty("seq").GetInt64(), root.GetProperty("time").GetDateTimeOffset(), entry, root.GetProperty("prev").GetString() ?? "", hash), null)
                : (null, $"it holds an event this version does not know: '{type}'");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            // Not JSON, or not of the form of a line.
            return (null, $"it cannot be read: {e.Message}");
        }
    }
}
