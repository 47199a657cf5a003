using System.Security.Cryptography;
using Runbooks.Engine.Audit;
using Runbooks.Engine.Journal;
using Runbooks.Engine.Ports;
using Xunit;

namespace Runbooks.Testing.Contracts;

/// <summary>What every implementation of <see cref="IRunStore"/> does. The real adapter and the fake both inherit it.</summary>
public abstract class RunStoreContract
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    /// <summary>A store that is empty and belongs to this test alone.</summary>
    protected abstract IRunStore Store { get; }

    [Fact]
    public void What_is_appended_is_read_back_in_order_before_and_after_a_flush()
    {
        using var folder = Made("run-1");

        Assert.Null(folder.Append("one\n"u8));
        Assert.Null(folder.Append("two\n"u8));
        Assert.Equal("one\ntwo\n"u8.ToArray(), Store.ReadJournal("run-1").Bytes);
        Assert.Null(folder.Flush());
        Assert.Null(folder.Append("three\n"u8));
        Assert.Equal("one\ntwo\nthree\n"u8.ToArray(), Store.ReadJournal("run-1").Bytes);
    }

    [Fact]
    public void A_run_is_made_once()
    {
        Made("run-1").Dispose();

        var (folder, problem) = Store.Create("run-1");

        Assert.Null(folder);
        Assert.Equal("there is already a run run-1", problem);
    }

    [Fact]
    public void Runs_are_listed_oldest_first()
    {
        Assert.Empty(Store.List());
        foreach (var id in (string[])["b", "a", "c"])
        {
            Made(id).Dispose();
        }

        Assert.Equal(["a", "b", "c"], Store.List());
    }

    [Fact]
    public void An_opened_run_goes_on_after_the_bytes_that_are_good()
    {
        using (var folder = Made("run-1"))
        {
            Assert.Null(folder.Append("one\ntor"u8));
        }

        using (var again = Store.Open("run-1", 4).Folder ?? throw new InvalidOperationException("it could not be opened"))
        {
            Assert.Null(again.Append("two\n"u8));
            Assert.Null(again.Flush());
        }

        Assert.Equal("one\ntwo\n"u8.ToArray(), Store.ReadJournal("run-1").Bytes);
    }

    [Fact]
    public void Files_are_read_measured_and_listed_by_their_names()
    {
        using var folder = Made("run-1");
        Assert.Null(folder.Write("plan.json", "{}"u8));
        Assert.Null(folder.Write("files/0001-a.yml", "abc"u8));
        Assert.Null(folder.Flush());

        Assert.Equal("abc"u8.ToArray(), Store.ReadFile("run-1", "files/0001-a.yml").Bytes);
        Assert.Equal(new FileMeasure(3, Hex("abc"u8), null), Store.Measure("run-1", "files/0001-a.yml"));
        Assert.Equal(new FileMeasure(3, Hex("ab"u8), null), Store.Measure("run-1", "files/0001-a.yml", 2));
        Assert.Equal(["files/0001-a.yml", "journal.jsonl", "plan.json"], Store.ListFiles("run-1"));
    }

    [Fact]
    public void What_is_not_there_is_said_to_be_not_there()
    {
        using var folder = Made("run-1");

        Assert.Equal("there is no such file", Store.ReadFile("run-1", "plan.json").Problem);
        Assert.Equal("there is no such file", Store.Measure("run-1", "plan.json").Problem);
        Assert.Null(Store.ReadJournal("run-2").Bytes);
        Assert.Empty(Store.ListFiles("run-2"));
    }

    [Fact]
    public void The_ledger_is_empty_at_first_and_chains_the_entries_of_all_runs()
    {
        Assert.Equal(([], null), (Store.ReadLedger().Bytes, Store.ReadLedger().Problem));
        using var one = Made("run-1");
        using var two = Made("run-2");

        Assert.Null(one.Enter(new LedgerBegun("run-1", "aa"), Noon));
        Assert.Null(two.Enter(new LedgerBegun("run-2", "bb"), Noon.AddSeconds(1)));
        Assert.Null(one.Enter(new LedgerSealed("run-1", 7, "cc", Conclusion.Undone) { Signature = "signed" }, Noon.AddSeconds(2)));
        Assert.Null(one.Flush());
        Assert.Null(two.Flush());

        var ledger = LedgerReader.Read(Store.ReadLedger().Bytes);
        Assert.Null(ledger.Break);
        Assert.Equal(
            [new LedgerBegun("run-1", "aa"), new LedgerBegun("run-2", "bb"), new LedgerSealed("run-1", 7, "cc", Conclusion.Undone) { Signature = "signed" }],
            ledger.Lines.Select(l => l.Entry));
        Assert.Equal([Noon, Noon.AddSeconds(1), Noon.AddSeconds(2)], ledger.Lines.Select(l => l.Time));
    }

    [Fact]
    public async Task Runs_that_enter_at_the_same_time_lose_no_entry()
    {
        const int Runs = 40;
        using var all = new Barrier(Runs);
        await Task.WhenAll(Enumerable.Range(0, Runs).Select(i => Task.Factory.StartNew(
            () =>
            {
                using var folder = Made($"run-{i:D2}");
                all.SignalAndWait(TestContext.Current.CancellationToken);
                Assert.Null(folder.Enter(new LedgerBegun($"run-{i:D2}", "aa"), Noon));
                Assert.Null(folder.Flush());
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));

        var ledger = LedgerReader.Read(Store.ReadLedger().Bytes);
        Assert.Null(ledger.Break);
        Assert.Equal(Enumerable.Range(0, Runs).Select(i => $"run-{i:D2}"), ledger.Lines.Select(l => l.Entry.RunId).Order(StringComparer.Ordinal));
    }

    private static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private IRunFolder Made(string runId)
    {
        var (folder, problem) = Store.Create(runId);
        Assert.True(folder is not null, problem);
        return folder;
    }
}
