using System.Buffers;
using System.Text.Json;

namespace Runbooks.Engine.Journal;

/// <summary>Writes and reads lines of a journal. A line is JSON whose last member is the hash of all bytes before it.</summary>
public static class JournalCodec
{
    public const int Format = 1;

    /// <summary>What the first line names as the hash of the line before it.</summary>
    public static string Genesis => HashedLine.Genesis;

    /// <summary>One line with its line break, and its hash.</summary>
    public static (byte[] Bytes, string Hash) Encode(long sequence, DateTimeOffset time, JournalEvent entry, string previous)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        var hash = Encode(sequence, time, entry, previous, buffer);
        return (buffer.WrittenSpan.ToArray(), hash);
    }

    /// <summary>Writes one line with its line break into an empty buffer, which can be used again.</summary>
    /// <returns>The line's hash.</returns>
    internal static string Encode(long sequence, DateTimeOffset time, JournalEvent entry, string previous, ArrayBufferWriter<byte> buffer)
    {
        using (var json = new Utf8JsonWriter(buffer, HashedLine.Readable))
        {
            json.WriteStartObject();
            json.WriteNumber("v"u8, Format);
            json.WriteNumber("seq"u8, sequence);
            json.WriteString("time"u8, time);
            json.WritePropertyName("event"u8);
            JournalJson.Default.Write(json, entry);
            json.WriteString("prev"u8, previous);
            json.WriteEndObject();
        }

        return HashedLine.Close(buffer);
    }

    /// <summary>One line without its line break.</summary>
    /// <returns>The line, or why it is not one.</returns>
    public static (JournalLine? Line, string? Problem) Decode(ReadOnlySpan<byte> line)
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
            return JournalJson.Read(type, element) is { } entry
                ? (new JournalLine(root.GetProperty("v").GetInt32(), root.GetProperty("seq").GetInt64(), root.GetProperty("time").GetDateTimeOffset(), entry, root.GetProperty("prev").GetString() ?? "", hash), null)
                : (null, $"it holds an event this version does not know: '{type}'");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            // Not JSON, or not of the form of a line.
            return (null, $"it cannot be read: {e.Message}");
        }
    }
}
