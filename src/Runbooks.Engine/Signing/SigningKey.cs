using System.Security.Cryptography;

namespace Runbooks.Engine.Signing;

/// <summary>A private key that signs: ECDSA over P-256 with SHA-256, signatures in the form of <c>openssl dgst</c> (ASN.1), keys in PEM.</summary>
/// <remarks>Loads OpenSSL, which the start of a run does not (decision 0012): only what signs or checks a signature comes here.</remarks>
public sealed class SigningKey : IDisposable
{
    private readonly ECDsa _key;

    private SigningKey(ECDsa key) => _key = key;

    /// <summary>PKCS #8, not encrypted.</summary>
    public string PrivatePem => _key.ExportPkcs8PrivateKeyPem() + "\n";

    public string PublicPem => _key.ExportSubjectPublicKeyInfoPem() + "\n";

    /// <summary>Of the public key; see <see cref="VerifyingKey.Fingerprint"/>.</summary>
    public string Fingerprint => VerifyingKey.FingerprintOf(_key);

    public static SigningKey New() => new(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <param name="text">The PEM file of a private key.</param>
    /// <returns>The key; or why it is none, as the end of a sentence that begins with the file's name.</returns>
    public static (SigningKey? Key, string? Problem) Read(string text)
    {
        if (text.Contains("BEGIN ENCRYPTED PRIVATE KEY", StringComparison.Ordinal))
        {
            return (null, "is encrypted; keys with a passphrase are not supported");
        }

        if (!text.Contains("PRIVATE KEY-----", StringComparison.Ordinal))
        {
            return (null, text.Contains("PUBLIC KEY-----", StringComparison.Ordinal) ? "is a public key; a private one signs" : "is not a private key in PEM form");
        }

        return Keys.Import(text) is { } key ? (new SigningKey(key), null) : (null, "is not a private ECDSA key over P-256");
    }

    public byte[] Sign(ReadOnlySpan<byte> bytes) => _key.SignData(bytes, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);

    public void Dispose() => _key.Dispose();
}
