using Runbooks.Engine.Journal;

namespace Runbooks.Engine.Audit;

/// <summary>The journal of a run against its own chain and against what the ledger says of it.</summary>
internal static class JournalAudit
{
    /// <param name="file">Its name in the store.</param>
    public static AuditProblem? ProblemOf(string file, ReadOnlySpan<byte> bytes, JournalContent journal, LedgerEntries entries)
    {
        if (journal is { Break: { } broken, IsTorn: false })
        {
            return new AuditProblem(file, broken.Offset, broken.LineNumber, broken.Meaning, broken.Problem);
        }

        var count = journal.Lines.Length;
        if (count > 0 && entries.Begun is { } begun && journal.Lines[0].Hash != begun.First)
        {
            return new AuditProblem(file, 0, 1, Alteration.Replayed, "its first line is not the one that the ledger names: another journal was put in its place");
        }

        if (count == 0 && entries.Begun is not null)
        {
            return new AuditProblem(file, 0, 1, Alteration.Truncated, "it holds no whole line, and the ledger says that the run began");
        }

        return entries.Sealed is { } closed ? ProblemOf(file, bytes, journal, closed) : null;
    }

    private static AuditProblem? ProblemOf(string file, ReadOnlySpan<byte> bytes, JournalContent journal, LedgerSealed closed)
    {
        var count = journal.Lines.Length;
        if (!journal.IsSealed)
        {
            return new AuditProblem(file, journal.Break?.Offset ?? bytes.Length, count + 1, Alteration.Truncated, $"the ledger says that it was sealed after {closed.Count} events, {count} are left");
        }

        return count == closed.Count && journal.Lines[^1].Hash == closed.Head
            ? null
            : new AuditProblem(file, Places.OffsetOfLine(bytes, count), count, Alteration.Edited, "its seal is not the one that the ledger names: it was written anew, in part or altogether");
    }
}

/// <summary>What the ledger says of one run.</summary>
/// <param name="IsCertain">False when lines of the ledger cannot be read: what is not here may have been in them.</param>
internal sealed record LedgerEntries(LedgerBegun? Begun, LedgerSealed? Sealed, bool IsCertain)
{
    public static LedgerEntries Of(LedgerContent ledger, string runId) => Of(ledger, ledger.All.Where(l => l.Entry.RunId == runId));

    /// <param name="lines">Those on the run.</param>
    public static LedgerEntries Of(LedgerContent ledger, IEnumerable<LedgerLine> lines)
    {
        var entries = lines.Select(l => l.Entry).ToList();
        return new LedgerEntries(entries.OfType<LedgerBegun>().FirstOrDefault(), entries.OfType<LedgerSealed>().FirstOrDefault(), !ledger.IsAltered);
    }
}
