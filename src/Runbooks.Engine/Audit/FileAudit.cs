using System.Text.Json;
using Runbooks.Engine.Hashing;
using Runbooks.Engine.Journal;
using Runbooks.Engine.Planning;
using Runbooks.Engine.Ports;

namespace Runbooks.Engine.Audit;

/// <summary>The files of a run against what its journal says of them.</summary>
/// <param name="folder">Name of the run's folder in the store, with its '/'.</param>
internal sealed class FileAudit(IRunStore store, string runId, string folder)
{
    private const string Missing = "there is no such file";

    public IEnumerable<AuditProblem> Problems(JournalContent journal)
    {
        foreach (var line in journal.Lines)
        {
            AuditProblem?[] problems = line.Event switch
            {
                RunStarted e => [Plan(e.PlanDigest), Playbook(e.PlaybookSha256)],
                StepEnded { OutputSha256.Length: > 0 } e => [Measured(e.Output, e.OutputLength, e.OutputSha256)],
                FileKept e => [Measured(e.Copy, null, e.Sha256)],
                _ => [],
            };
            foreach (var problem in problems)
            {
                if (problem is not null)
                {
                    yield return problem;
                }
            }
        }
    }

    private AuditProblem? Plan(string digest)
    {
        const string Name = "plan.json";
        var (bytes, why) = store.ReadFile(runId, Name);
        if (bytes is null)
        {
            return Unread(Name, why);
        }

        var digits = PlanBytes.OffsetOfDigest(bytes);
        if (digits >= 0 && !bytes.AsSpan(digits, Sha256.HexLength).SequenceEqual(System.Text.Encoding.ASCII.GetBytes(digest)))
        {
            return At(Name, bytes, digits, Alteration.Edited, "its digest is not the one in the journal");
        }

        return PlanBytes.DigestOf(bytes) == digest ? null : Damage(Name, bytes);
    }

    /// <summary>Only the digest of the whole is on record: the place can be told when the bytes are no JSON any more.</summary>
    private AuditProblem Damage(string name, byte[] bytes)
    {
        var reader = new Utf8JsonReader(bytes);
        try
        {
            while (reader.Read())
            {
            }
        }
        catch (JsonException)
        {
            var at = reader.BytesConsumed;
            return at >= bytes.Length || bytes.AsSpan((int)at).Trim(" \n"u8).IsEmpty
                ? At(name, bytes, bytes.Length, Alteration.Truncated, "its end is missing")
                : At(name, bytes, at, Alteration.Edited, "from here on it is no JSON, and its digest does not match its bytes");
        }

        return bytes is [.., (byte)'\n']
            ? new AuditProblem(folder + name, null, null, Alteration.Edited, "its digest does not match its bytes")
            : At(name, bytes, bytes.Length, Alteration.Truncated, "its last line break is missing");
    }

    private AuditProblem? Playbook(string sha256)
    {
        const string Name = "playbook.yml";
        var (bytes, why) = store.ReadFile(runId, Name);
        return bytes is null ? Unread(Name, why)
            : Sha256.Hex(bytes) == sha256 ? null
            : new AuditProblem(folder + Name, null, null, Alteration.Edited, $"it has {bytes.Length} bytes whose SHA-256 is not the one in the journal");
    }

    /// <param name="length">Null when it is not on record.</param>
    private AuditProblem? Measured(string name, long? length, string sha256)
    {
        var measure = store.Measure(runId, name, length ?? long.MaxValue);
        if (measure.Sha256 is null)
        {
            return Unread(name, measure.Problem);
        }

        if (measure.Length < length)
        {
            return new AuditProblem(folder + name, measure.Length, null, Alteration.Truncated, $"it has {measure.Length} bytes, the journal says {length}");
        }

        if (measure.Sha256 != sha256)
        {
            return new AuditProblem(folder + name, null, null, Alteration.Edited, $"it has {measure.Length} bytes whose SHA-256 is not the one in the journal");
        }

        return measure.Length > length
            ? new AuditProblem(folder + name, length, null, Alteration.Added, $"{measure.Length - length} bytes were added at its end")
            : null;
    }

    private AuditProblem Unread(string name, string? why) => why == Missing
        ? new AuditProblem(folder + name, null, null, Alteration.Deleted, Missing)
        : new AuditProblem(folder + name, null, null, Alteration.Unreadable, why ?? "it cannot be read");

    private AuditProblem At(string name, byte[] bytes, long offset, Alteration meaning, string text) =>
        new(folder + name, offset, Places.LineAt(bytes, offset), meaning, text);
}
