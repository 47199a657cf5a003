using Runbooks.Engine.Gates;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Ports;
using Runbooks.Language.Playbooks;
using Runbooks.Testing;

namespace Runbooks.Builtin.Tests.Steps.Approve;

public sealed class ApproveStepTests
{
    [Fact]
    public void The_plan_shows_what_is_asked_of_whom_and_how_long_a_yes_is_good()
    {
        var planned = PlannedPlaybook.Of("- approve: { question: Drop it?, by: [alice, bob], expires: 15m }");

        Assert.Equal(new Waiting("for an approval by alice or bob, good for 15m: Drop it?"), Assert.Single(planned.Effects()));
        Assert.Equal(Effect.Read, planned.Action().Effect);
        Assert.Equal(["alice", "bob"], planned.Action().Approval?.By ?? []);
        Assert.Equal(new Waiting("for an approval, good for 1h: Go on?"), Assert.Single(PlannedPlaybook.Of("- approve: Go on?").Effects()));
    }

    [Theory]
    [InlineData("- approve: ''", "RB3190")]
    [InlineData("- approve: { question: Go on?, by: [''] }", "RB3191")]
    [InlineData("- approve: { question: Go on?, expires: 0s }", "RB1005")]
    [InlineData("- approve: { question: Go on?, expires: 8d }", "RB1005")]
    [InlineData("- approve: {}", "RB1002")]
    public void A_gate_that_could_not_hold_anybody_is_refused(string step, string code) => Assert.Equal([code], PlannedPlaybook.Of(step).Errors);

    [Fact]
    public void An_output_does_not_decide_who_may_approve() =>
        Assert.Equal(["RB3191"], PlannedPlaybook.Of("- { id: who, run: [whoami], capture: true }\n- approve: { question: Go on?, by: [\"{{ steps.who.stdout }}\"] }").Errors);

    [Theory]
    [InlineData(null)]
    [InlineData("alice did not approve: not today")]
    public async Task It_changes_nothing_and_ends_as_the_gate_says(string? refusal)
    {
        var gate = new Answer(refusal);

        var outcome = await PlannedPlaybook.Of("- approve: { question: Go on?, by: [alice] }").RunAsync(UnusedPorts.All, change: c => c with { Gate = gate });

        Assert.Equal((refusal, false, true), (outcome.Failure, outcome.Changed, outcome.Untouched));
        Assert.Equal(("Go on?", "alice", TimeSpan.FromHours(1)), (gate.Asked?.Question, gate.Asked?.By.Single(), gate.Asked?.Expires));
    }

    [Fact]
    public async Task It_ends_when_the_run_is_stopped()
    {
        using var stop = new CancellationTokenSource();
        var running = PlannedPlaybook.Of("- approve: Go on?").RunAsync(UnusedPorts.All, change: c => c with { Gate = new Answer(ScriptedPrompt.Silence), Stop = new StopTokens(stop.Token, CancellationToken.None) });
        Assert.False(running.IsCompleted);

        await stop.CancelAsync();

        Assert.Equal("nobody answered before the wait ended", (await running).Failure);
    }

    private sealed class Answer(string? refusal) : IGate
    {
        public GateTerms? Asked { get; private set; }

        public async Task<string?> PassAsync(GateTerms terms, CancellationToken cancel)
        {
            Asked = terms;
            if (refusal == ScriptedPrompt.Silence)
            {
                await Task.Delay(Timeout.Infinite, cancel);
            }

            return refusal;
        }
    }
}
