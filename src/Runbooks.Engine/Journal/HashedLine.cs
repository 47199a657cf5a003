using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Runbooks.Engine.Hashing;

namespace Runbooks.Engine.Journal;

/// <summary>A line of JSON whose last member is the hash of all bytes before it: the form of the journal and of the ledger.</summary>
internal static class HashedLine
{
    /// <summary>What the first line names as the hash of the line before it.</summary>
    public static readonly string Genesis = new('0', Sha256.HexLength);

    /// <summary>Quotes, letters of all scripts and «» stay readable in the file.</summary>
    public static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly byte[] HashMember = Encoding.ASCII.GetBytes(",\"hash\":\"");

    /// <summary>Adds the hash and the line break to the JSON object that is all the buffer holds.</summary>
    /// <returns>The hash.</returns>
    public static string Close(ArrayBufferWriter<byte> buffer)
    {
        // The hash takes the place of the closing brace, which comes again after it.
        var hash = Sha256.Hex(buffer.WrittenSpan[..^1]);
        MemoryMarshal.AsMemory(buffer.WrittenMemory).Span[^1] = HashMember[0];
        buffer.Write(HashMember.AsSpan(1));
        Encoding.ASCII.GetBytes(hash, buffer);
        buffer.Write("\"}\n"u8);
        return hash;
    }

    /// <summary>Takes a line without its line break apart.</summary>
    /// <returns>Its JSON up to the hash, closed; its hash; or why it is not such a line.</returns>
    public static (byte[]? Json, string Hash, string? Problem) Open(ReadOnlySpan<byte> line)
    {
        var at = line.LastIndexOf(HashMember);
        var tail = at < 0 ? [] : line[(at + HashMember.Length)..];
        if (tail.Length != Sha256.HexLength + 2 || !tail.EndsWith("\"}"u8))
        {
            return (null, "", "it does not end with a hash");
        }

        var written = Encoding.ASCII.GetString(tail[..Sha256.HexLength]);
        return written == Sha256.Hex(line[..at])
            ? ([.. line[..at], (byte)'}'], written, null)
            : (null, "", "its hash does not match its bytes");
    }
}
