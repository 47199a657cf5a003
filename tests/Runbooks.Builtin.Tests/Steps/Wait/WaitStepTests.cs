using System.Collections.Immutable;
using Microsoft.Extensions.Time.Testing;
using Runbooks.Builtin.Steps.Wait;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Planning;
using Runbooks.Engine.Ports;
using Runbooks.Language.Playbooks;
using Runbooks.Testing;

namespace Runbooks.Builtin.Tests.Steps.Wait;

public sealed class WaitStepTests
{
    [Fact]
    public void A_duration_is_shown_as_it_is_written()
    {
        var planned = PlannedPlaybook.Of("- wait: 90s");

        Assert.Equal(new Waiting("for 1m30s"), Assert.Single(planned.Effects()));
        Assert.Equal(Effect.Read, planned.Action().Effect);
    }

    [Theory]
    [InlineData("- wait: {}", "RB3130")]
    [InlineData("- wait: { for: 0s }", "RB1005")]
    [InlineData("- wait: { for: 2d }", "RB1005")]
    [InlineData("- wait: 10", "RB1004")]
    public void A_wait_for_nothing_is_refused(string step, string code) => Assert.Equal([code], PlannedPlaybook.Of(step).Errors);

    [Fact]
    public async Task It_ends_when_the_time_has_passed_and_not_before()
    {
        var time = new FakeTimeProvider();
        var running = PlannedPlaybook.Of("- wait: 10s").RunAsync(UnusedPorts.All with { Time = time });

        time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.False(running.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(0.1));
        var outcome = await running.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        Assert.True(outcome.Succeeded);
        Assert.False(outcome.Changed);
        Assert.Equal("waited 10s", outcome.Observed);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Both_ways_to_stop_end_the_wait(bool isKill)
    {
        using var stop = new CancellationTokenSource();
        var tokens = isKill ? new StopTokens(CancellationToken.None, stop.Token) : new StopTokens(stop.Token, CancellationToken.None);
        var running = PlannedPlaybook.Of("- wait: 10s").RunAsync(UnusedPorts.All with { Time = new FakeTimeProvider() }, change: c => c with { Stop = tokens });

        await stop.CancelAsync();
        var outcome = await running.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        Assert.Equal("the wait was ended early", outcome.Failure);
        Assert.True(outcome.Untouched);
    }

    [Fact]
    public async Task Checks_that_hold_end_the_wait()
    {
        var outcome = await AskAsync(Verdict.Holds("status 200"), Verdict.Holds("2 lines"));

        Assert.True(outcome.Succeeded);
        Assert.Equal("status 200; 2 lines", outcome.Observed);
    }

    [Fact]
    public async Task A_check_that_does_not_hold_fails_the_step() =>
        Assert.Equal("'the door is open' did not hold within 1m: it is shut", (await AskAsync(Verdict.DoesNotHold("it is shut"))).Failure);

    [Fact]
    public async Task An_unknown_answer_is_not_a_pass()
    {
        var outcome = await AskAsync(Verdict.Holds("status 200"), Verdict.Unknown("no Docker Engine"));

        Assert.Equal("whether the door is open could not be found out within 1m: no Docker Engine", outcome.Failure);
        Assert.False(outcome.Changed);
    }

    [Fact]
    public void Each_check_is_shown_with_its_times()
    {
        var step = new WaitStep(null, [Check() with { For = TimeSpan.FromSeconds(10) }]);

        Assert.Equal(new Waiting("until the door is open, within 1m, for 10s, asked every 1s"), Assert.Single(step.Preview.Effects));
    }

    [Fact]
    public void A_check_that_needs_an_output_makes_the_step_unknown() =>
        Assert.False(new WaitStep(null, [Check(isKnown: false)]).Preview.IsKnown);

    private static Task<ActionOutcome> AskAsync(params ImmutableArray<Verdict> verdicts)
    {
        IStepKind kind = new WaitStepKind();
        var context = new StepContext
        {
            Ports = UnusedPorts.All,
            ProjectDirectory = "/srv",
            Output = new ProcessOutput(),
            Stop = new StopTokens(TestContext.Current.CancellationToken, TestContext.Current.CancellationToken),
            Marks = ImmutableSortedDictionary<string, string>.Empty,
            KeepAsync = (_, _, _, _) => throw new InvalidOperationException("nothing is changed"),
            Backups = new UnusedBackups(),
            KeepState = _ => throw new InvalidOperationException("nothing is kept"),
            LeaveState = _ => throw new InvalidOperationException("nothing is left"),
            Mask = text => text,
            Checks = new Answers(verdicts),
            Gate = new PlannedPlaybook.NoGate(),
        };
        return kind.RunAsync(new WaitStep(null, [.. verdicts.Select(_ => Check())]), context);
    }

    private static PlannedCheck Check(bool isKnown = true)
    {
        var kind = new KindDeclaration("door", "whether a door is open", () => new Language.Fields.FieldSet("'door'", []));
        var none = Language.Fields.BoundFields.None(kind.Fields, default);
        return new PlannedCheck("the door is open", "the door is open", new Question(isKnown)) { Syntax = new CheckSyntax(kind, none, none, default), Kind = new Door(kind), Within = TimeSpan.FromMinutes(1) };
    }

    private sealed record Question(bool Known) : CheckQuestion
    {
        public override string Statement => "the door is open";

        public override bool IsKnown => Known;
    }

    private sealed class Door(KindDeclaration declaration) : CheckKind<Question>
    {
        public override KindDeclaration Declaration => declaration;

        public override Question Plan(Inputs inputs, PlanContext context) => new(true);

        public override Task<Verdict> AskAsync(Question question, CheckContext context, CancellationToken cancel) => Task.FromResult(Verdict.Unknown("not asked by hand"));
    }

    private sealed class Answers(ImmutableArray<Verdict> verdicts) : IAskChecks
    {
        public Task<ImmutableArray<Verdict>> AskAsync(ImmutableArray<PlannedCheck> checks, CancellationToken cancel) => Task.FromResult(verdicts);
    }
}
