using Runbooks.Engine.Journal;
using Runbooks.Engine.Ports;
using Runbooks.Testing;

namespace Runbooks.Engine.Tests.Running;

/// <summary>A lock is taken from another run only by ending that run.</summary>
public sealed class LockTheftTests
{
    private const string Steps = """
        lock: shop
        steps:
          - { id: one, start: [app] }
        """;

    private static readonly LockHolder Other = new("run 7 by ada on build-1 (process 99)", "7", "boot:5", null) { Host = "build-1", ProcessId = 99 };

    [Fact]
    public async Task The_run_that_holds_it_is_asked_to_end_once_that_is_on_disk_and_then_the_lock_is_taken()
    {
        using var bench = Held(Other, out var release, asked: null);

        var run = await bench.RunAsync(Steps);

        Assert.Equal(Conclusion.Succeeded, run.Conclusion);
        Assert.Equal([99], bench.Machine.AskedToEnd);
        Assert.Equal(1, release.FlushesBefore);
        Assert.Equal(["LockClaimed", "LockTaken"], JournalReader.Read(bench.Store.ReadJournal("run-1").Bytes).Lines.Select(l => l.Event.GetType().Name).Where(n => n.StartsWith("Lock", StringComparison.Ordinal)));
        Assert.Equal(Other.Text, JournalReader.Read(bench.Store.ReadJournal("run-1").Bytes).Lines.Select(l => l.Event).OfType<LockTaken>().Single().StolenFrom);
    }

    [Fact]
    public async Task A_run_that_does_not_end_keeps_its_lock()
    {
        using var bench = Held(Other, out _, asked: "stays");

        var run = await bench.RunAsync(Steps);

        Assert.Equal(Conclusion.Refused, run.Conclusion);
        Assert.Contains("held by run 7 by ada on build-1 (process 99); it was asked to end and has not within 2 minutes", run.Why, StringComparison.Ordinal);
        Assert.Empty(bench.Processes.Started);
    }

    [Fact]
    public async Task A_process_that_may_not_be_asked_keeps_its_lock()
    {
        using var bench = Held(Other, out _, asked: "it belongs to another user");

        var run = await bench.RunAsync(Steps);

        Assert.Equal(Conclusion.Refused, run.Conclusion);
        Assert.Contains("it is not stolen, process 99 could not be asked to end: it belongs to another user", run.Why, StringComparison.Ordinal);
        Assert.Empty(bench.Processes.Started);
    }

    [Theory]
    [InlineData("build-2", 99, "boot:5", "that run is on build-2")]
    [InlineData("build-1", 0, "boot:5", "which process that is cannot be found out")]
    [InlineData("build-1", 99, "", "which process that is cannot be found out")]
    public async Task Nobody_is_asked_when_it_is_not_certain_who_holds_it(string host, int process, string stamp, string why)
    {
        using var bench = Held(Other with { Host = host, ProcessId = process, ProcessStamp = stamp }, out _, asked: null);

        var run = await bench.RunAsync(Steps);

        Assert.Equal(Conclusion.Refused, run.Conclusion);
        Assert.Contains(why, run.Why, StringComparison.Ordinal);
        Assert.Empty(bench.Machine.AskedToEnd);
    }

    [Fact]
    public async Task Without_leave_nobody_is_asked()
    {
        using var bench = Held(Other, out _, asked: null, steals: false);

        Assert.Equal(Conclusion.Refused, (await bench.RunAsync(Steps)).Conclusion);
        Assert.Empty(bench.Machine.AskedToEnd);
    }

    /// <param name="asked">What the machine answers; null when the other run ends then, "stays" when it goes on.</param>
    private static Bench Held(LockHolder holder, out Seen seen, string? asked, bool steals = true)
    {
        var noted = seen = new Seen();
        Bench? bench = null;
        bench = new Bench
        {
            StealsLock = steals,
            Machine = new FixedMachine
            {
                WhenAsked = _ =>
                {
                    noted.FlushesBefore = bench?.Transcript.Split('\n').Count(l => l.StartsWith("flush", StringComparison.Ordinal)) ?? 0;
                    if (asked is null)
                    {
                        noted.Held?.Dispose();
                    }

                    return asked is null or "stays" ? null : asked;
                },
            },
        };
        noted.Held = bench.Locks.Take("shop", holder).Held;
        return bench;
    }

    private sealed class Seen
    {
        public IDisposable? Held { get; set; }

        public int FlushesBefore { get; set; }
    }
}
