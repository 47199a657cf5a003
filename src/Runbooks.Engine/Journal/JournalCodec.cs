using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Runbooks.Engine.Hashing;

namespace Runbooks.Engine.Journal;

/// <summary>Writes and reads lines of a journal. A line is JSON whose last member is the hash of all bytes before it.</summary>
public static class JournalCodec
{
    public const int Format = 1;

    /// <summary>What the first line names as the hash of the line before it.</summary>
    public static readonly string Genesis = new('0', 64);

    private static readonly byte[] HashMember = Encoding.ASCII.GetBytes(",\"hash\":\"");

    /// <summary>Quotes, letters of all scripts and «» stay readable in the file.</summary>
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

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
        using (var json = new Utf8JsonWriter(buffer, Readable))
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

        // The hash takes the place of the closing brace, which comes again after it.
        var hash = Sha256.Hex(buffer.WrittenSpan[..^1]);
        MemoryMarshal.AsMemory(buffer.WrittenMemory).Span[^1] = HashMember[0];
        buffer.Write(HashMember.AsSpan(1));
        Encoding.ASCII.GetBytes(hash, buffer);
        buffer.Write("\"}\n"u8);
        return hash;
    }

    /// <summary>One line without its line break.</summary>
    /// <returns>The line, or why it is not one.</returns>
    public static (JournalLine? Line, string? Problem) Decode(ReadOnlySpan<byte> line)
    {
        var at = line.LastIndexOf(HashMember);
        var tail = at < 0 ? [] : line[(at + HashMember.Length)..];
        if (tail.Length != 66 || !tail.EndsWith("\"}"u8))
        {
            return (null, "it does not end with a hash");
        }

        var written = Encoding.ASCII.GetString(tail[..64]);
        var computed = Sha256.Hex(line[..at]);
        if (written != computed)
        {
            return (null, "its hash does not match its bytes");
        }

        try
        {
            using var body = JsonDocument.Parse((byte[])[.. line[..at], (byte)'}']);
            var root = body.RootElement;
            var element = root.GetProperty("event");
            var type = element.GetProperty("type").GetString() ?? "";
            return JournalJson.Read(type, element) is { } entry
                ? (new JournalLine(root.GetProperty("v").GetInt32(), root.GetProperty("seq").GetInt64(), root.GetProperty("time").GetDateTimeOffset(), entry, root.GetProperty("prev").GetString() ?? "", written), null)
                : (null, $"it holds an event this version does not know: '{type}'");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            // Not JSON, or not of the form of a line.
            return (null, $"it cannot be read: {e.Message}");
        }
    }
}
