using System.Security.Cryptography;
using System.Text;
using Runbooks.Engine.Hashing;

namespace Runbooks.Engine.Tests.Hashing;

public sealed class KeyedHashTests
{
    [Theory]
    [InlineData("")]
    [InlineData("what do ya want for nothing?")]
    [InlineData("ümläute and a text that is longer than one block of the hash, which has sixty-four bytes in all")]
    public void It_is_the_hmac_that_others_compute(string text)
    {
        var key = Enumerable.Range(1, Sha256.Size).Select(i => (byte)i).ToArray();

        Assert.Equal(Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text))), new KeyedHash(key).Whole(Encoding.UTF8.GetBytes(text)));
    }

    [Fact]
    public void Another_key_gives_another_hash()
    {
        Assert.NotEqual(new KeyedHash(new byte[Sha256.Size]).Of("x"), new KeyedHash([1, .. new byte[Sha256.Size - 1]]).Of("x"));
    }
}
