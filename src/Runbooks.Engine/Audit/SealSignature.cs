using System.Collections.Immutable;
using System.Text;
using Runbooks.Engine.Signing;

namespace Runbooks.Engine.Audit;

/// <summary>The signature of a seal: the fingerprint of the key, a blank, and the signature in Base64.</summary>
/// <remarks>It can be checked without this program: <c>printf 'runbook seal RUN HEAD\n' | openssl dgst -sha256 -verify KEY.pub -signature FILE</c>.</remarks>
public static class SealSignature
{
    /// <param name="head">Hash of the seal, and with it of every byte of the journal.</param>
    public static string Of(string runId, string head, SigningKey key) => $"{key.Fingerprint} {Convert.ToBase64String(key.Sign(Signed(runId, head)))}";

    /// <summary>What is signed says what it is, so that no other signature of the key can be taken for it.</summary>
    internal static byte[] Signed(string runId, string head) => Encoding.UTF8.GetBytes($"runbook seal {runId} {head}\n");
}

/// <summary>Whose signatures of seals are believed.</summary>
/// <param name="IsRequired">Every run must have one.</param>
public sealed record SealTrust(ImmutableArray<VerifyingKey> Keys, bool IsRequired)
{
    /// <param name="closed">What the ledger says of the run's seal; null when it says nothing.</param>
    /// <returns>Who signed it, or what is wrong; a signature that is bad was made over something else.</returns>
    internal (string? SignedBy, string? Problem, bool IsBad) Judge(LedgerSealed? closed, string runId)
    {
        if (closed?.Signature is not { } signature)
        {
            return (null, !IsRequired ? null
                : closed is null ? $"run {runId} has no seal in the ledger, and so no signature"
                : $"the seal of run {runId} is not signed: it never was, or the signature was taken away", false);
        }

        var parts = signature.Split(' ');
        var bytes = new byte[signature.Length];
        if (parts.Length != 2 || !Convert.TryFromBase64String(parts[1], bytes, out var length))
        {
            return (null, $"the signature of the seal of run {runId} is none", true);
        }

        if (Keys.FirstOrDefault(k => k.Fingerprint == parts[0]) is not { } key)
        {
            return (null, $"the seal of run {runId} is signed by key {parts[0]}, which is none of those that are believed", false);
        }

        return key.Verifies(SealSignature.Signed(runId, closed.Head), bytes.AsSpan(0, length))
            ? (key.Fingerprint, null, false)
            : (null, $"the signature of the seal of run {runId} is not over this seal: one of the two was altered", true);
    }
}
