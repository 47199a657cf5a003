using Runbooks.Engine.Audit;
using Runbooks.Engine.Journal;
using Runbooks.Testing;

namespace Runbooks.Engine.Tests.Audit;

public sealed class AuditorTests
{
    private const string Steps = "steps:\n  - id: a\n    start: [x]\n    capture: true\n  - start: [y]\n";

    [Fact]
    public async Task A_run_as_it_was_written_is_whole()
    {
        var report = Verify(await RunAsync());

        Assert.Empty(report.Problems);
        Assert.Equal(new RunAudit("run-1", RunStanding.Whole, 9, "sealed"), Assert.Single(report.Runs));
        Assert.Equal(2, report.Ledger.Head.Sequence);
    }

    [Fact]
    public async Task A_run_that_fails_is_whole_too()
    {
        using var bench = new Bench(_ => new ScriptedEnd(1));
        await bench.RunAsync(Steps);

        Assert.Empty(Verify(bench.Store).Problems);
        Assert.Equal(Conclusion.Failed, Assert.IsType<LedgerSealed>(Verify(bench.Store).Ledger.Lines[1].Entry).Conclusion);
    }

    [Fact]
    public async Task A_run_that_stopped_at_any_of_its_writes_is_unsealed_or_whole_and_never_altered_and_between_its_two_seals_not_whole_either()
    {
        using var whole = new Bench();
        await whole.RunAsync(Steps);
        var writes = whole.Transcript.Split('\n').Count(l => l.StartsWith("append", StringComparison.Ordinal) || l.StartsWith("flush", StringComparison.Ordinal) || l.StartsWith("ledger", StringComparison.Ordinal));

        for (var call = 1; call <= writes; call++)
        {
            using var bench = new Bench { Store = new MemoryRunStore { FailsFrom = call } };
            await bench.RunAsync(Steps);
            var report = Verify(bench.Store);
            var isBetween = report.Ledger.Lines.Length == 1 && bench.Store.StateOf("run-1").IsSealed;
            Assert.False(report.IsAltered);
            Assert.Equal(isBetween, report.IsUnknown);
            Assert.Equal(isBetween ? RunStanding.Unknown : call == writes ? RunStanding.Whole : RunStanding.Unsealed, Assert.Single(report.Runs).Standing);

            // While its process lives, the second seal is on its way.
            Assert.Empty(new Auditor(bench.Store, _ => true).Verify(null, null).Problems);
        }
    }

    [Fact]
    public async Task An_anchor_that_the_ledger_contains_holds_and_any_other_does_not()
    {
        var store = await RunAsync();
        var head = Verify(store).Ledger.Head;
        var auditor = new Auditor(store, _ => false);

        Assert.All([Anchor.Empty, new Anchor(1, Verify(store).Ledger.Lines[0].Hash), head], a => Assert.Empty(auditor.Verify(null, a).Problems));
        Assert.All(
            [head with { Sequence = 3 }, head with { Sequence = 1 }, head with { Sequence = 0 }, head with { Hash = new string('0', 64) }],
            a => Assert.Equal(Alteration.Replayed, Assert.Single(auditor.Verify(null, a).Problems).Meaning));
    }

    private static AuditReport Verify(MemoryRunStore store) => new Auditor(store, _ => false).Verify(null, null);

    private static async Task<MemoryRunStore> RunAsync()
    {
        using var bench = new Bench();
        await bench.RunAsync(Steps);
        return bench.Store;
    }
}
