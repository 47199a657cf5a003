using CsCheck;
using Runbooks.Engine.Hashing;

namespace Runbooks.Engine.Tests.Hashing;

public sealed class Sha256Tests
{
    [Fact]
    public void It_is_the_digest_that_the_runtime_computes_in_however_many_pieces() =>
        Gen.Byte.Array[0, 300].Array[0, 5].Sample(pieces =>
        {
            var hash = new Sha256();
            foreach (var piece in pieces)
            {
                hash.Append(piece);
            }

            var whole = pieces.SelectMany(piece => piece).ToArray();
            var expected = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(whole));
            return hash.HexAndReset() == expected && Sha256.Hex(whole) == expected && hash.HexAndReset() == Sha256.OfNothing;
        });
}
