using Runbooks.Engine.Ports;
using Runbooks.Host.Files;
using Runbooks.Host.Runs;
using Runbooks.Host.Tests.Files;

namespace Runbooks.Host.Tests.Runs;

public sealed class PlanClaimTests : IDisposable
{
    private const string PlanId = "0123456789abcdef0123456789abcdef";

    private readonly TemporaryFolder _folder = new();

    private FileRunStore Store => new(Path.Combine(_folder.Path, ".runbook"), new HostFiles());

    private string ClaimFile => Path.Combine(_folder.Path, ".runbook", "plans", PlanId);

    [Fact]
    public async Task Of_all_who_ask_at_the_same_moment_one_gets_it()
    {
        const int Askers = 32;
        using var start = new Barrier(Askers);
        var cancel = TestContext.Current.CancellationToken;

        var answers = await Task.WhenAll(Enumerable.Range(0, Askers).Select(i => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait(cancel);
                return (Asker: i, Claim: Store.ClaimPlan(PlanId, $"asker {i}"));
            },
            cancel,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));

        var winner = Assert.Single(answers, a => a.Claim.IsTaken);
        Assert.All(answers.Where(a => !a.Claim.IsTaken), a => Assert.Contains(a.Claim.By, (string?[])[$"asker {winner.Asker}", "somebody who left no name"]));
        Assert.Equal(new PlanClaim(IsTaken: false, $"asker {winner.Asker}", null), Store.ClaimOf(PlanId));
    }

    [Fact]
    public void Nobody_has_a_plan_that_nobody_asked_for()
    {
        Assert.Equal(PlanClaim.None, Store.ClaimOf(PlanId));
        Assert.True(Store.ClaimPlan(PlanId, "one").IsTaken);
        Assert.True(Store.ClaimPlan(new string('f', 32), "one").IsTaken);
    }

    [Fact]
    public void A_claim_that_was_cut_is_a_claim()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(ClaimFile) ?? "");
        File.WriteAllText(ClaimFile, "");

        Assert.Equal(new PlanClaim(IsTaken: false, "somebody who left no name", null), Store.ClaimPlan(PlanId, "one"));
        Assert.Equal(new PlanClaim(IsTaken: false, "somebody who left no name", null), Store.ClaimOf(PlanId));
    }

    [Fact]
    public void What_cannot_be_written_is_not_taken()
    {
        File.WriteAllText(Path.Combine(_folder.Path, ".runbook"), "a file, not a folder");

        var claim = Store.ClaimPlan(PlanId, "one");

        Assert.False(claim.IsTaken);
        Assert.Null(claim.By);
        Assert.Contains(PlanId, claim.Problem, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}
