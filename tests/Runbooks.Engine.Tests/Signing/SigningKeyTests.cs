using System.Security.Cryptography;
using Runbooks.Engine.Signing;

namespace Runbooks.Engine.Tests.Signing;

public sealed class SigningKeyTests
{
    private static readonly byte[] Bytes = [.. "a plan"u8];

    [Fact]
    public void A_signature_holds_for_its_key_and_its_bytes_and_for_nothing_else()
    {
        using var key = SigningKey.New();
        using var other = SigningKey.New();
        var signature = key.Sign(Bytes);

        Assert.True(PublicOf(key).Verifies(Bytes, signature));
        Assert.False(PublicOf(other).Verifies(Bytes, signature));
        Assert.False(PublicOf(key).Verifies([.. Bytes, 0], signature));
        Assert.False(PublicOf(key).Verifies(Bytes, []));
        Assert.False(PublicOf(key).Verifies(Bytes, signature.AsSpan(0, signature.Length - 1)));
        for (var at = 0; at < signature.Length; at++)
        {
            var flipped = signature.ToArray();
            flipped[at] ^= 1;
            Assert.False(PublicOf(key).Verifies(Bytes, flipped));
        }
    }

    [Fact]
    public void A_key_is_read_back_from_its_file()
    {
        using var key = SigningKey.New();

        var (read, problem) = SigningKey.Read(key.PrivatePem);

        using (read)
        {
            Assert.Null(problem);
            Assert.Equal(key.Fingerprint, read?.Fingerprint);
            Assert.Equal(key.Fingerprint, PublicOf(key).Fingerprint);
            Assert.True(PublicOf(key).Verifies(Bytes, read?.Sign(Bytes)));
        }
    }

    [Fact]
    public void A_file_may_hold_several_public_keys_with_words_between_them()
    {
        using var one = SigningKey.New();
        using var two = SigningKey.New();

        var (keys, problem) = VerifyingKey.Read($"# the first\n{one.PublicPem}\n# the second\r\n{two.PublicPem}");

        Assert.Null(problem);
        Assert.Equal([one.Fingerprint, two.Fingerprint], keys.Select(k => k.Fingerprint));
    }

    [Fact]
    public void What_is_no_key_is_told()
    {
        using var key = SigningKey.New();
        using var rsa = RSA.Create(2048);
        using var large = ECDsa.Create(ECCurve.NamedCurves.nistP384);

        Assert.Equal("is a public key; a private one signs", SigningKey.Read(key.PublicPem).Problem);
        Assert.Equal("is not a private key in PEM form", SigningKey.Read("hello").Problem);
        Assert.Equal("is not a private ECDSA key over P-256", SigningKey.Read(rsa.ExportPkcs8PrivateKeyPem()).Problem);
        Assert.Equal("is not a private ECDSA key over P-256", SigningKey.Read(large.ExportPkcs8PrivateKeyPem()).Problem);
        Assert.Equal("is not a private ECDSA key over P-256", SigningKey.Read(key.PrivatePem.Replace("M", "N", StringComparison.Ordinal)).Problem);
        Assert.StartsWith("is encrypted", SigningKey.Read("-----BEGIN ENCRYPTED PRIVATE KEY-----").Problem, StringComparison.Ordinal);
        Assert.Equal("holds a PRIVATE KEY, and only public keys belong there", VerifyingKey.Read(key.PrivatePem).Problem);
        Assert.Equal("holds no public key in PEM form", VerifyingKey.Read("hello").Problem);
        Assert.Equal("holds a key that is not ECDSA over P-256 (number 2 in it)", VerifyingKey.Read(key.PublicPem + rsa.ExportSubjectPublicKeyInfoPem()).Problem);
        Assert.Equal("holds a key that is not ECDSA over P-256 (number 1 in it)", VerifyingKey.Read(large.ExportSubjectPublicKeyInfoPem()).Problem);
    }

    private static VerifyingKey PublicOf(SigningKey key) => Assert.Single(VerifyingKey.Read(key.PublicPem).Keys);
}
