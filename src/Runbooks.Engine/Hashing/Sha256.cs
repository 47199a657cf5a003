using Org.BouncyCastle.Crypto.Digests;

namespace Runbooks.Engine.Hashing;

/// <summary>SHA-256 (FIPS 180-4) of the short texts that every run hashes: a plan, a line of the journal, the name of a lock.</summary>
/// <remarks>Not the runtime's: that one loads OpenSSL, which takes as long as all the rest of a start. It is the faster one for what is long (output, files); see decision 0012.</remarks>
public sealed class Sha256
{
    /// <summary>Bytes of a digest.</summary>
    public const int Size = 32;

    /// <summary>Hexadecimal digits of a digest.</summary>
    public const int HexLength = 2 * Size;

    /// <summary>The digest of no bytes, in lower-case hex.</summary>
    public const string OfNothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private readonly Sha256Digest _digest = new();

    /// <summary>The digest of the bytes, in lower-case hex.</summary>
    public static string Hex(ReadOnlySpan<byte> bytes)
    {
        var hash = new Sha256();
        hash.Append(bytes);
        return hash.HexAndReset();
    }

    public void Append(ReadOnlySpan<byte> bytes) => _digest.BlockUpdate(bytes);

    /// <summary>The digest of all that was appended, in lower-case hex; the next one begins anew.</summary>
    public string HexAndReset()
    {
        Span<byte> digest = stackalloc byte[Size];
        _digest.DoFinal(digest);
        return Convert.ToHexStringLower(digest);
    }
}
