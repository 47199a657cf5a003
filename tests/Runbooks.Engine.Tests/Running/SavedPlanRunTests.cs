using Runbooks.Engine.Journal;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Ports;
using Runbooks.Engine.Running;
using Runbooks.Testing;

namespace Runbooks.Engine.Tests.Running;

public sealed class SavedPlanRunTests
{
    private const string PlanId = "0123456789abcdef0123456789abcdef";

    private const string OneStep = """
        guards:
          - says: it is there
        steps:
          - start: [go]
        """;

    [Fact]
    public async Task A_saved_plan_is_taken_after_the_guards_and_before_the_first_effect()
    {
        using var bench = new Bench { SavedPlan = new SavedPlanUse(PlanId, "sha256:aa") };

        var result = await bench.RunAsync(OneStep);

        Assert.Equal(Conclusion.Succeeded, result.Conclusion);
        Assert.Equal(new PlanTaken(PlanId, "sha256:aa"), result.State.SavedPlan);
        var claimed = bench.Transcript.IndexOf($"claim   {PlanId}", StringComparison.Ordinal);
        Assert.InRange(claimed, bench.Transcript.IndexOf("PreflightDone", StringComparison.Ordinal), bench.Transcript.IndexOf("PlanTaken", StringComparison.Ordinal));
        Assert.InRange(bench.Transcript.IndexOf("PlanTaken", StringComparison.Ordinal), claimed, bench.Transcript.IndexOf("effect:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_plan_that_was_used_is_refused_before_anything_is_asked()
    {
        using var bench = new Bench { SavedPlan = new SavedPlanUse(PlanId, "") };
        bench.Store.Claims[PlanId] = "run before by operator";

        var result = await bench.RunAsync(OneStep);

        Assert.Equal((Conclusion.Refused, ExitCodes.Refused), (result.Conclusion, result.ExitCode));
        Assert.StartsWith("the saved plan was used before, by run before by operator", result.Why, StringComparison.Ordinal);
        Assert.DoesNotContain("check.answered", bench.Transcript, StringComparison.Ordinal);
        Assert.Empty(bench.Processes.Started);
    }

    [Fact]
    public async Task Who_takes_it_in_the_last_moment_wins()
    {
        MemoryRunStore? store = null;
        using var bench = new Bench
        {
            SavedPlan = new SavedPlanUse(PlanId, ""),
            Says = new SaysKind(Verdict.Holds("yes")) { OnAsked = _ => store?.ClaimPlan(PlanId, "another run") },
        };
        store = bench.Store;

        var result = await bench.RunAsync(OneStep);

        Assert.Equal(Conclusion.Refused, result.Conclusion);
        Assert.StartsWith("the saved plan was used before, by another run", result.Why, StringComparison.Ordinal);
        Assert.Empty(bench.Processes.Started);
    }

    [Fact]
    public async Task A_refused_run_does_not_use_it_up()
    {
        using var bench = new Bench { SavedPlan = new SavedPlanUse(PlanId, ""), Says = new SaysKind(Verdict.DoesNotHold("no")) };

        Assert.Equal(Conclusion.Refused, (await bench.RunAsync(OneStep)).Conclusion);
        Assert.Equal(PlanClaim.None, bench.Store.ClaimOf(PlanId));
    }

    [Fact]
    public async Task The_journals_remember_when_the_claim_is_lost()
    {
        using var bench = new Bench { SavedPlan = new SavedPlanUse(PlanId, "") };
        Assert.Equal(Conclusion.Succeeded, (await bench.RunAsync(OneStep)).Conclusion);
        bench.Store.Claims.Clear();

        var result = await bench.RunAsync(bench.Plan(OneStep), "run-2");

        Assert.StartsWith("the saved plan was used before, by run run-1;", result.Why, StringComparison.Ordinal);
        Assert.Single(bench.Processes.Started);
    }

    [Fact]
    public async Task A_run_that_only_mentions_its_id_has_not_used_it()
    {
        using var bench = new Bench();
        Assert.Equal(Conclusion.Succeeded, (await bench.RunAsync($"steps:\n  - start: [echo, {PlanId}]\n")).Conclusion);

        using var again = new Bench { Store = bench.Store, SavedPlan = new SavedPlanUse(PlanId, "") };

        Assert.Equal(Conclusion.Succeeded, (await again.RunAsync(again.Plan(OneStep), "run-2")).Conclusion);
    }
}
