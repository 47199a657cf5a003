using Runbooks.Engine.Audit;
using Runbooks.Engine.Ports;
using Runbooks.Host.Files;
using Runbooks.Host.Runs;
using Runbooks.Testing.Contracts;

namespace Runbooks.Host.Tests.Runs;

public sealed class FileRunStoreTests : RunStoreContract, IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    private readonly string _root = Directory.CreateTempSubdirectory("runbook-store-").FullName;

    protected override IRunStore Store => new FileRunStore(_root, new HostFiles());

    private string Ledger => Path.Combine(_root, "ledger.jsonl");

    [Fact]
    public void What_a_crash_left_of_a_ledger_line_is_taken_away_and_nothing_else()
    {
        Enter("run-1");
        var whole = File.ReadAllBytes(Ledger);
        File.AppendAllText(Ledger, "{\"v\":1,\"seq\":2,\"ti");

        Enter("run-2");

        var ledger = LedgerReader.Read(File.ReadAllBytes(Ledger));
        Assert.Null(ledger.Break);
        Assert.Equal(["run-1", "run-2"], ledger.Lines.Select(l => l.Entry.RunId));
        Assert.Equal(whole, File.ReadAllBytes(Ledger)[..whole.Length]);
    }

    [Fact]
    public void An_edited_last_line_of_the_ledger_stops_no_run_and_stays_to_be_found()
    {
        Enter("run-1");
        Enter("run-2");
        File.WriteAllText(Ledger, File.ReadAllText(Ledger).Replace("run-2", "run-X", StringComparison.Ordinal));

        Enter("run-3");

        var ledger = LedgerReader.Read(File.ReadAllBytes(Ledger));
        Assert.Equal(2, ledger.Break?.LineNumber);
        Assert.Equal(["run-3"], ledger.Beyond.Select(l => l.Entry.RunId));
        Assert.Equal(3, ledger.Beyond[0].Sequence);
    }

    [Fact]
    public void A_ledger_that_cannot_be_opened_is_told_in_a_sentence()
    {
        Directory.CreateDirectory(Ledger);
        using var folder = Made("run-1");

        Assert.Equal("permission denied", folder.Enter(new LedgerBegun("run-1", "aa"), Noon));
    }

    [Fact]
    public void An_export_of_the_same_bytes_is_the_same_file_and_replaces_none()
    {
        Enter("run-1");
        var (one, two) = (Path.Combine(_root, "one.tar"), Path.Combine(_root, "two.tar"));

        Assert.Null(new RunExport(_root, Store).Write(["run-1"], one).Problem);
        File.SetLastWriteTimeUtc(Ledger, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        Assert.Equal(new ExportAnswer(2, null), new RunExport(_root, Store).Write(["run-1"], two));

        Assert.Equal(File.ReadAllBytes(one), File.ReadAllBytes(two));
        Assert.Equal("it exists already", new RunExport(_root, Store).Write(["run-1"], two).Problem);
        Assert.Equal(["one.tar", "two.tar"], Directory.GetFiles(_root, "*.tar*").Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal));
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private IRunFolder Made(string runId) => Store.Create(runId).Folder ?? throw new InvalidOperationException("it could not be made");

    private void Enter(string runId)
    {
        using var folder = Made(runId);
        Assert.Null(folder.Enter(new LedgerBegun(runId, "aa"), Noon));
        Assert.Null(folder.Flush());
    }
}
