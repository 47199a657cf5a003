using Runbooks.Advisor.Readiness;
using Runbooks.Builtin.Readiness;
using Runbooks.Engine.Kinds;
using Runbooks.Testing;

namespace Runbooks.Builtin.Tests.Readiness;

public sealed class ReadyAskerTests
{
    [Fact]
    public async Task What_hangs_and_what_breaks_is_unknown_and_the_rest_is_answered()
    {
        using var held = new ManualResetEventSlim();
        var items = new IReadyItem[]
        {
            new Item("waits", async cancel => { await Task.Delay(Timeout.Infinite, cancel); return ReadyAnswer.Ready(""); }),
            new Item("holds_its_thread", _ => { held.Wait(TestContext.Current.CancellationToken); return Task.FromResult(ReadyAnswer.Ready("")); }),
            new Item("breaks", _ => throw new InvalidOperationException("what it did not expect")),
            new Item("answers", _ => Task.FromResult(ReadyAnswer.Ready("it is"))),
        };

        var report = await ReadyAsker.AskAsync([.. items], new ReadyShop().Inputs(), TimeSpan.FromMilliseconds(200), TestContext.Current.CancellationToken);
        held.Set();

        Assert.Equal(["no answer within 200ms", "no answer within 200ms", "looking itself failed: InvalidOperationException: what it did not expect", "it is"], report.Items.Select(i => i.Answer.Summary));
        Assert.Equal([VerdictKind.Unknown, VerdictKind.Unknown, VerdictKind.Unknown, VerdictKind.Holds], report.Items.Select(i => i.Answer.Kind));
        Assert.Equal(VerdictKind.Unknown, report.Verdict);
    }

    [Fact]
    public async Task An_engine_that_does_not_answer_leaves_what_needs_it_unknown()
    {
        var report = await new ReadyShop { Docker = new DockerAnswers { Problem = "no engine" } }.ReportAsync(BuiltinReadiness.All);

        Assert.All(report.Items.Where(i => i.Name is "project" or "healthchecks"), i => Assert.Equal(VerdictKind.Unknown, i.Answer.Kind));
        Assert.Equal(VerdictKind.Holds, report.Items.Single(i => i.Name == "tags").Answer.Kind);
    }

    [Fact]
    public async Task Who_stops_it_gets_no_report() =>
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ReadyAsker.AskAsync([new Item("waits", async cancel => { await Task.Delay(Timeout.Infinite, cancel); return ReadyAnswer.Ready(""); })], new ReadyShop().Inputs(), TimeSpan.FromMinutes(1), new CancellationToken(canceled: true)));

    private sealed class Item(string name, Func<CancellationToken, Task<ReadyAnswer>> ask) : IReadyItem
    {
        public string Name => name;

        public string Statement => "it is";

        public string Why => "It matters.";

        public Task<ReadyAnswer> AskAsync(ReadyProject project, CancellationToken cancel) => ask(cancel);
    }
}
