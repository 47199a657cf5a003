using System.Collections.Immutable;
using System.Globalization;
using Runbooks.Engine.Journal;
using Runbooks.Engine.Ports;

namespace Runbooks.Engine.Audit;

/// <summary>Compares everything that is in a store with what was written into it.</summary>
/// <param name="isAlive">Whether the process that wrote a journal still runs: then what is missing is on its way.</param>
public sealed class Auditor(IRunStore store, Func<Operator, bool> isAlive)
{
    private const string Ledger = "ledger.jsonl";

    /// <summary>Ids of the runs that are there or in the ledger, oldest first.</summary>
    public IReadOnlyList<string> Known() => Known(LedgerReader.Read(store.ReadLedger().Bytes));

    /// <param name="runId">Only this run, besides the ledger; null for all.</param>
    /// <param name="anchor">A head that the ledger once had.</param>
    /// <param name="trust">Whose signatures are believed; null when they are not looked at.</param>
    public AuditReport Verify(string? runId, Anchor? anchor, SealTrust? trust = null)
    {
        // The ledger first: a run that is in it has its folder. A run that begins after this is alive.
        var (bytes, problem) = store.ReadLedger();
        var ledger = LedgerReader.Read(bytes);
        var problems = ImmutableArray.CreateBuilder<AuditProblem>();
        problems.AddRange(Unread(problem).Concat(Chain(ledger)).Concat(Anchored(ledger, bytes, anchor)));
        var runs = ImmutableArray.CreateBuilder<RunAudit>();
        var lines = ledger.All.ToLookup(l => l.Entry.RunId, StringComparer.Ordinal);
        foreach (var id in runId is null ? Known(ledger) : [runId])
        {
            var (run, found) = Run(id, ledger, [.. lines[id]], trust);
            runs.Add(run);
            problems.AddRange(found);
        }

        return new AuditReport(ledger, anchor, runs.ToImmutable(), problems.ToImmutable());
    }

    /// <summary>What is wrong with the journal of a run alone, for those who show it; null when nothing is.</summary>
    public AuditProblem? JournalProblem(string runId) => store.ReadJournal(runId).Bytes is { } bytes
        ? JournalAudit.ProblemOf(JournalOf(runId), bytes, JournalReader.Read(bytes), LedgerEntries.Of(LedgerReader.Read(store.ReadLedger().Bytes), runId))
        : null;

    private List<string> Known(LedgerContent ledger) =>
        [.. ledger.All.Select(l => l.Entry.RunId).Concat(store.List()).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private static IEnumerable<AuditProblem> Unread(string? problem) =>
        problem is null ? [] : [new AuditProblem(Ledger, null, null, Alteration.Unreadable, problem)];

    private static IEnumerable<AuditProblem> Chain(LedgerContent ledger) =>
        ledger is { IsAltered: true, Break: { } broken } ? [new AuditProblem(Ledger, broken.Offset, broken.LineNumber, broken.Meaning, broken.Problem)] : [];

    private static IEnumerable<AuditProblem> Anchored(LedgerContent ledger, byte[]? bytes, Anchor? anchor)
    {
        if (anchor is null || bytes is null)
        {
            return [];
        }

        if (anchor.Sequence > ledger.Lines.Length)
        {
            // What is behind a break cannot be counted, and a line is itself by its hash.
            return ledger.Beyond.Any(l => l.Hash == anchor.Hash)
                ? []
                : [new AuditProblem(Ledger, ledger.End.Offset, ledger.End.LineNumber, Alteration.Replayed, $"the anchor is its line {anchor.Sequence}, and its chain has {ledger.Lines.Length}: its end was cut off, or an earlier ledger was put in its place")];
        }

        var hash = anchor.Sequence == 0 ? Anchor.Empty.Hash : ledger.Lines[(int)anchor.Sequence - 1].Hash;
        return hash == anchor.Hash
            ? []
            : [new AuditProblem(Ledger, Places.OffsetOfLine(bytes, Math.Max(1, anchor.Sequence)), Math.Max(1, anchor.Sequence), Alteration.Replayed, "this line is not the one that the anchor names: another ledger was put in its place")];
    }

    private (RunAudit Run, ImmutableArray<AuditProblem> Problems) Run(string id, LedgerContent ledger, ImmutableArray<LedgerLine> lines, SealTrust? trust)
    {
        var entries = LedgerEntries.Of(ledger, lines);
        var file = JournalOf(id);
        var (bytes, why) = store.ReadJournal(id);
        if (bytes is null)
        {
            var isThere = store.List().Contains(id, StringComparer.Ordinal);
            var began = lines.IsEmpty ? default : lines[0].Time;
            var problem = isThere
                ? new AuditProblem(file, null, null, Alteration.Unreadable, why ?? "it cannot be read")
                : new AuditProblem(file, null, null, Alteration.Deleted, string.Create(CultureInfo.InvariantCulture, $"the ledger says that the run began at {began:yyyy-MM-dd HH:mm:ss}Z{(entries.Sealed is { } closed ? $" and was sealed after {closed.Count} events" : "")}, and its journal is gone"));
            return (new RunAudit(id, isThere ? RunStanding.Unknown : RunStanding.Altered, 0, ""), [problem]);
        }

        var journal = JournalReader.Read(bytes);
        var problems = ImmutableArray.CreateBuilder<AuditProblem>();
        if (JournalAudit.ProblemOf(file, bytes, journal, entries) is { } broken)
        {
            problems.Add(broken);
        }

        problems.AddRange(new FileAudit(store, id, FolderOf(id)).Problems(journal));
        var alive = OperatorOf(journal) is { } who && isAlive(who);
        if (problems.Count == 0 && !alive && MissingEntry(id, journal, entries, ledger) is { } missing)
        {
            problems.Add(missing);
        }

        var signature = alive ? default : trust?.Judge(entries.Sealed, id) ?? default;
        if (problems.Count == 0 && signature.Problem is { } unsigned)
        {
            problems.Add(new AuditProblem(Ledger, null, null, signature.IsBad ? Alteration.Edited : Alteration.Unproven, unsigned));
        }

        return (new RunAudit(id, StandingOf(journal, entries, problems), journal.Lines.Length, RemarkOf(journal, alive, entries) + (signature.SignedBy is { } key ? $", signed by key {key}" : "")), problems.ToImmutable());
    }

    /// <summary>Who wrote the last events.</summary>
    private static Operator? OperatorOf(JournalContent journal) => journal.Lines
        .Select(l => l.Event switch { RunStarted e => e.Operator, RunResumed e => e.Operator, _ => null })
        .LastOrDefault(o => o is not null);

    private static AuditProblem? MissingEntry(string id, JournalContent journal, LedgerEntries entries, LedgerContent ledger)
    {
        if (!entries.IsCertain)
        {
            return null;
        }

        var (offset, line) = ledger.End;
        if (entries.Begun is null && (journal.IsSealed || journal.Lines.Any(l => l.Event is StepIntended)))
        {
            return new AuditProblem(Ledger, offset, line, Alteration.Truncated, $"run {id} is not in it: its end was cut off, an earlier ledger was put in its place, or the run does not come from here");
        }

        if (entries.Sealed is { Late: { } late })
        {
            return new AuditProblem(Ledger, null, null, Alteration.Unproven, $"the seal of run {id} was entered late, by {late}: it is since then that the ledger vouches for its journal");
        }

        return journal.IsSealed && entries.Sealed is null
            ? new AuditProblem(Ledger, offset, line, Alteration.Unproven, $"run {id} is sealed, and the ledger does not have its seal: the run was interrupted in the moment between the two, or the ledger was cut there; when you know of an interruption, 'runbook abort {id}' enters the seal as a late one")
            : null;
    }

    private static RunStanding StandingOf(JournalContent journal, LedgerEntries entries, ImmutableArray<AuditProblem>.Builder problems)
    {
        if (problems.Count > 0)
        {
            return problems.All(p => p.Meaning is Alteration.Unreadable or Alteration.Unproven) ? RunStanding.Unknown : RunStanding.Altered;
        }

        return !journal.IsSealed ? RunStanding.Unsealed
            : entries.Sealed is null && !entries.IsCertain ? RunStanding.Unknown
            : RunStanding.Whole;
    }

    private static string RemarkOf(JournalContent journal, bool alive, LedgerEntries entries) => (journal.IsSealed, alive) switch
    {
        (true, _) => entries.Sealed is null && !entries.IsCertain ? "the ledger's lines on it cannot be read" : "sealed",
        (_, true) => "still running",
        _ when journal.IsTorn => "killed while it wrote its last line, which is not whole",
        _ when entries.Begun is null => "killed before it was entered into the ledger, and before its first effect",
        _ => "no seal: it was killed",
    };

    private static string FolderOf(string runId) => $"runs/{runId}/";

    private static string JournalOf(string runId) => $"{FolderOf(runId)}journal.jsonl";
}
