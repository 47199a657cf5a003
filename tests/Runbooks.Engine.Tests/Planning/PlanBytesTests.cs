using Runbooks.Engine.Planning;

namespace Runbooks.Engine.Tests.Planning;

public sealed class PlanBytesTests
{
    [Fact]
    public void The_digest_is_computed_again_from_the_bytes_and_no_other_bytes_have_it()
    {
        using var bench = new Bench();
        var plan = bench.Plan("steps:\n  - id: a\n    name: '\"digest\": \"sha256:'\n    start: [x, \"a\\nb\"]\n");
        var bytes = PlanJson.Utf8(plan).ToArray();

        Assert.Equal(plan.Digest, PlanBytes.DigestOf(bytes));
        for (var at = 0; at < bytes.Length; at++)
        {
            Assert.NotEqual(plan.Digest, PlanBytes.DigestOf(bytes.AsSpan(0, at)));
            var altered = bytes.ToArray();
            altered[at] ^= 0x01;
            // The digits are compared with the journal's: they are not part of what they are computed over.
            var digits = PlanBytes.OffsetOfDigest(bytes);
            Assert.Equal(at >= digits && at < digits + 64, PlanBytes.DigestOf(altered) == plan.Digest);
        }
    }
}
