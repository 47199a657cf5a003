using System.Collections.Immutable;
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
                RunStarted e => [Plan("plan.json", e.PlanDigest), Measured("playbook.yml", null, e.PlaybookSha256), .. Parts(e.Parts)],
                RunResumed { Basis: { } e } => [Plan(e.Plan, e.PlanDigest), Measured(e.Playbook, null, e.PlaybookSha256), .. Parts(e.Parts)],
                StepEnded e => [e.OutputSha256.Length > 0 ? Measured(e.Output, e.OutputLength, e.OutputSha256) : null, e is { Captured: { } name, CapturedSha256: { } sha256 } ? Measured(name, null, sha256) : null],
                FileKept { Copy.Length: > 0 } e => [Measured(e.Copy, null, e.Sha256)],
                ApprovalGiven e => [Measured(e.Shown, null, e.ShownSha256)],
                ApprovalDenied e => [Measured(e.Shown, null, e.ShownSha256)],
                BackupMade { Copy: { } name } e when IsKept(e, line.Sequence, journal) => [Measured(name, e.Length, e.Sha256)],
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

    private IEnumerable<AuditProblem?> Parts(ImmutableArray<PartCopy>? parts) => (parts ?? []).Select(p => Measured(p.Copy, null, p.Sha256));

    /// <summary>A backup gets its name after its record, and a later attempt of the step replaces it.</summary>
    private static bool IsKept(BackupMade made, long sequence, JournalContent journal)
    {
        var later = journal.Lines.Where(l => l.Sequence > sequence).Select(l => l.Event).ToList();
        return later.Any(e => e is StepEnded { Failure: null } ended && ended.Step == made.Step && ended.Undo == made.Undo)
            && !later.Any(e => e is BackupMade other && other.Copy == made.Copy);
    }

    private AuditProblem? Plan(string name, string digest)
    {
        var (bytes, why) = store.ReadFile(runId, name);
        if (bytes is null)
        {
            return Unread(name, why);
        }

        var digits = PlanBytes.OffsetOfDigest(bytes);
        if (digits >= 0 && !bytes.AsSpan(digits, Sha256.HexLength).SequenceEqual(System.Text.Encoding.ASCII.GetBytes(digest)))
        {
            return At(name, bytes, digits, Alteration.Edited, "its digest is not the one in the journal");
        }

        return PlanBytes.DigestOf(bytes) == digest ? null : Damage(name, bytes);
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
                : At(name, bytes, at, Alteration.Edited, "here it is no JSON any more: what was edited is here or before");
        }

        return bytes is [.., (byte)'\n']
            ? new AuditProblem(folder + name, null, null, Alteration.Edited, "its digest does not match its bytes")
            : At(name, bytes, bytes.Length, Alteration.Truncated, "its last line break is missing");
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
