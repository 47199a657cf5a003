using Runbooks.Engine.Hashing;

namespace Runbooks.Engine.Planning;

/// <summary>A plan as the bytes of its JSON form: whether they are those that its digest stands for.</summary>
public static class PlanBytes
{
    /// <summary>A line break cannot stand in a JSON text, and two spaces are the depth of the plan's own members: there is one such place.</summary>
    private static ReadOnlySpan<byte> Member => "\n  \"digest\": \"sha256:"u8;

    /// <summary>Where the digest's digits stand in the bytes; -1 when they are not where the form has them.</summary>
    public static int OffsetOfDigest(ReadOnlySpan<byte> bytes)
    {
        var at = bytes.IndexOf(Member);
        var digits = at + Member.Length;
        return at >= 0 && bytes.Length > digits + Sha256.HexLength && bytes[(digits + Sha256.HexLength)..].StartsWith("\",\n"u8) ? digits : -1;
    }

    /// <summary>The digest of the bytes, computed anew: over everything but the digest itself and the last line break.</summary>
    /// <returns>Lower-case hex; null when the bytes do not have the form of a plan.</returns>
    public static string? DigestOf(ReadOnlySpan<byte> bytes)
    {
        var digits = OffsetOfDigest(bytes);
        if (digits < 0 || bytes.Length <= digits + Sha256.HexLength + 3 || bytes[^1] != (byte)'\n')
        {
            return null;
        }

        var hash = new Sha256();
        hash.Append(bytes[..(digits - Member.Length + 1)]);
        hash.Append(bytes[(digits + Sha256.HexLength + 3)..^1]);
        return hash.HexAndReset();
    }
}
