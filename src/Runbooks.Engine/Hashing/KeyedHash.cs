using System.Text;

namespace Runbooks.Engine.Hashing;

/// <summary>HMAC-SHA-256 (RFC 2104) of texts that must not be found out from their hashes, as short ones can: who has not the key cannot try them.</summary>
/// <param name="key">Of <see cref="Sha256.Size"/> bytes.</param>
public sealed class KeyedHash(byte[] key)
{
    private const int BlockSize = 64;

    /// <summary>So many hexadecimal digits tell values apart; more would only be longer.</summary>
    private const int Shown = 16;

    /// <summary>The hash of a text, lower-case hex, shortened.</summary>
    public string Of(string text) => Whole(Encoding.UTF8.GetBytes(text))[..Shown];

    /// <summary>All of it, lower-case hex.</summary>
    public string Whole(ReadOnlySpan<byte> bytes)
    {
        var inner = new Sha256();
        inner.Append(Padded(0x36));
        inner.Append(bytes);
        var outer = new Sha256();
        outer.Append(Padded(0x5c));
        outer.Append(Convert.FromHexString(inner.HexAndReset()));
        return outer.HexAndReset();
    }

    private byte[] Padded(byte with)
    {
        var block = new byte[BlockSize];
        key.CopyTo(block, 0);
        for (var i = 0; i < block.Length; i++)
        {
            block[i] ^= with;
        }

        return block;
    }
}
