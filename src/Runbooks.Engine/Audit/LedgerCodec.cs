using System.Buffers;
using System.Text.Json;
using Runbooks.Engine.Hashing;
using Runbooks.Engine.Journal;

namespace Runbooks.Engine.Audit;

/// <summary>Writes and reads lines of the ledger: the form of the journal's lines, with an entry in the place of the event.</summary>
public static class LedgerCodec
{
    public const int Format = 1;

    /// <summary>Longer than any line: the end of the ledger that has to be read to add to it.</summary>
    public const int TailLength = 4096;

    /// <summary>The line that comes after what is there, with its line break.</summary>
    /// <param name="tail">The end of the ledger, at least its last <see cref="TailLength"/> bytes when there are as many. A last line without its end is not part of it: see <see cref="EndOf"/>.</param>
    /// <remarks>
    /// A last line that is not good is followed all the same: who edits the ledger must not keep anybody from rolling back, and the bad line stays where it is, to be found.
    /// </remarks>
    public static byte[] Next(ReadOnlySpan<byte> tail, LedgerEntry entry, DateTimeOffset time)
    {
        var (sequence, previous) = After(tail);
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, HashedLine.Readable))
        {
            json.WriteStartObject();
            json.WriteNumber("v"u8, Format);
            json.WriteNumber("seq"u8, sequence);
            json.WriteString("time"u8, time);
            json.WriteStartObject("entry"u8);
            Write(json, entry);
            json.WriteEndObject();
            json.WriteString("prev"u8, previous);
            json.WriteEndObject();
        }

        _ = HashedLine.Close(buffer);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Where the next line begins: after the last line break.</summary>
    public static int EndOf(ReadOnlySpan<byte> tail) => tail.LastIndexOf((byte)'\n') + 1;

    /// <summary>One line without its line break.</summary>
    /// <returns>The line, or why it is not one.</returns>
    public static (LedgerLine? Line, string? Problem) Decode(ReadOnlySpan<byte> line)
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
            var element = root.GetProperty("entry");
            return Read(element) is { } entry
                ? (new LedgerLine(root.GetProperty("v").GetInt32(), root.GetProperty("seq").GetInt64(), root.GetProperty("time").GetDateTimeOffset(), entry, TextOf(root, "prev"), hash), null)
                : (null, $"it holds an entry this version does not know: '{TextOf(element, "type")}'");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            // Not JSON, or not of the form of a line.
            return (null, $"it cannot be read: {e.Message}");
        }
    }

    /// <summary>Number and hash of what comes before the next line.</summary>
    private static (long Sequence, string Previous) After(ReadOnlySpan<byte> tail)
    {
        var lines = tail[..Math.Max(0, EndOf(tail) - 1)];
        if (lines.IsEmpty)
        {
            return (1, HashedLine.Genesis);
        }

        var last = lines[(lines.LastIndexOf((byte)'\n') + 1)..];
        var number = 1L;
        foreach (var range in lines.Split((byte)'\n'))
        {
            number = (Decode(lines[range]).Line?.Sequence ?? number) + 1;
        }

        return (number, Decode(last).Line?.Hash ?? Sha256.Hex(last));
    }

    private static void Write(Utf8JsonWriter json, LedgerEntry entry)
    {
        json.WriteString("type"u8, entry.Type);
        json.WriteString("run"u8, entry.RunId);
        switch (entry)
        {
            case LedgerBegun begun:
                json.WriteString("first"u8, begun.First);
                break;
            case LedgerSealed closed:
                json.WriteNumber("count"u8, closed.Count);
                json.WriteString("head"u8, closed.Head);
                json.WriteString("conclusion"u8, closed.Conclusion.ToString());
                if (closed.Signature is { } signature)
                {
                    json.WriteString("signature"u8, signature);
                }

                if (closed.Late is { } late)
                {
                    json.WriteString("late"u8, late);
                }

                break;
            default:
                throw new ArgumentException($"entries of type '{entry.Type}' cannot be written", nameof(entry));
        }
    }

    private static LedgerEntry? Read(JsonElement element) => TextOf(element, "type") switch
    {
        LedgerBegun.Name => new LedgerBegun(TextOf(element, "run"), TextOf(element, "first")),
        LedgerSealed.Name when Enum.TryParse<Conclusion>(TextOf(element, "conclusion"), out var conclusion) => new LedgerSealed(TextOf(element, "run"), element.GetProperty("count").GetInt64(), TextOf(element, "head"), conclusion)
        {
            Signature = element.TryGetProperty("signature", out var signature) ? signature.GetString() : null,
            Late = element.TryGetProperty("late", out var late) ? late.GetString() : null,
        },
        _ => null,
    };

    private static string TextOf(JsonElement element, string name) => element.GetProperty(name).GetString() ?? "";
}
