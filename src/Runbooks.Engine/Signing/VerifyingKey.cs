using System.Collections.Immutable;
using System.Security.Cryptography;

namespace Runbooks.Engine.Signing;

/// <summary>A public key whose signatures are believed.</summary>
/// <param name="Pem">SubjectPublicKeyInfo.</param>
/// <param name="Fingerprint">What people compare: <c>sha256:</c> and the digest of the key in DER, lower-case hex, as <c>openssl pkey -pubin -outform DER | sha256sum</c> gives it.</param>
public sealed record VerifyingKey(string Pem, string Fingerprint)
{
    /// <summary>Every public key of a PEM file, in order.</summary>
    /// <returns>The keys, at least one; or why there is none, as the end of a sentence that begins with the file's name.</returns>
    public static (ImmutableArray<VerifyingKey> Keys, string? Problem) Read(string text)
    {
        var found = ImmutableArray.CreateBuilder<VerifyingKey>();
        for (var rest = text.AsSpan(); PemEncoding.TryFind(rest, out var block); rest = rest[block.Location.End..])
        {
            if (rest[block.Label] is not "PUBLIC KEY")
            {
                return ([], $"holds a {rest[block.Label]}, and only public keys belong there");
            }

            using var key = Keys.Import(rest[block.Location].ToString());
            if (key is null)
            {
                return ([], $"holds a key that is not ECDSA over P-256 (number {found.Count + 1} in it)");
            }

            found.Add(new VerifyingKey(key.ExportSubjectPublicKeyInfoPem(), FingerprintOf(key)));
        }

        return found.Count == 0 ? ([], "holds no public key in PEM form") : (found.ToImmutable(), null);
    }

    /// <summary>True when the signature is this key's and is over these bytes.</summary>
    public bool Verifies(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> signature)
    {
        using var key = Keys.Import(Pem);
        return key?.VerifyData(bytes, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence) ?? false;
    }

    internal static string FingerprintOf(ECDsa key) => $"sha256:{Hashing.Sha256.Hex(key.ExportSubjectPublicKeyInfo())}";
}
