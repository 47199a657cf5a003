using System.Globalization;
using Runbooks.Advisor.Advising;
using Runbooks.Advisor.Situations;
using Runbooks.Builtin;
using Runbooks.Testing;
using DataLoss = Runbooks.Advisor.Migrations.DataLoss;

namespace Runbooks.Advisor.Tests;

public sealed class InterviewTests
{
    private static readonly Adviser Adviser = new(BuiltinStrategies.All);

    [Fact]
    public async Task The_handbooks_questions_are_asked_and_then_what_decides()
    {
        var prompt = ScriptedPrompt.Answering("application, database", "post", "yes", "degraded", "production", "0007, 0008", "yes", "none", "y", "possible", "yes");

        var facts = await new Interview(prompt, Adviser).AskAsync(Facts.None, TestContext.Current.CancellationToken);

        Assert.Equal([ChangeKind.Application, ChangeKind.Database], facts.Changes ?? []);
        Assert.Equal((FailureTime.PostDeployment, SystemState.Degraded, Traffic.Production, Answer.Yes, Answer.Yes), (facts.FailureTime, facts.SystemState, facts.Traffic, facts.CauseInRelease, facts.PreviousReleaseAvailable));
        Assert.Equal([new Migration("0007", Answer.Yes, DataLoss.None), new Migration("0008", Answer.Yes, DataLoss.Possible)], facts.Migrations ?? []);
        Assert.Equal("database", Adviser.Advise(facts).Strategy);
        Assert.Equal(["changes", "migrations", "failure_time", "system_state", "traffic", "cause_in_release", "previous_release_available"], facts.Evidence.Where(e => e.Source == "the operator").Select(e => e.Fact));
    }

    [Fact]
    public async Task What_somebody_has_answered_is_called_unknown_no_longer()
    {
        var seen = new Facts { Evidence = [new Evidence("traffic", "GET /", "", "no answer", "unknown"), new Evidence("traffic", "docker ps", "", "it runs", ""), new Evidence("changes", "runbook release list", "", "none", "unknown")] };

        var facts = await new Interview(ScriptedPrompt.Answering("?", "?", "?", "?", "production", "?", "?"), Adviser).AskAsync(seen, TestContext.Current.CancellationToken);

        Assert.Equal(["docker ps", "runbook release list", "the operator"], facts.Evidence.Select(e => e.Source));
    }

    [Fact]
    public async Task What_is_known_is_not_asked()
    {
        var prompt = new ScriptedPrompt(question => throw new InvalidOperationException($"it asks '{question}'"));
        var known = new Facts
        {
            Changes = [ChangeKind.Application],
            FailureTime = FailureTime.Gradual,
            CauseInRelease = Answer.Yes,
            SystemState = SystemState.Crashed,
            Traffic = Traffic.Offline,
            PreviousReleaseAvailable = Answer.Yes,
        };

        Assert.Equal(known, await new Interview(prompt, Adviser).AskAsync(known, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_wrong_answer_is_asked_again_and_a_question_mark_is_not_knowing()
    {
        var prompt = ScriptedPrompt.Answering("aplication", "application", "?", "", "crash", "unknown", "no");

        var facts = await new Interview(prompt, Adviser).AskAsync(Facts.None, TestContext.Current.CancellationToken);

        Assert.Contains("did you mean 'application'?", prompt.Screen, StringComparison.Ordinal);
        Assert.Equal((FailureTime.Unknown, Answer.Unknown, SystemState.Crashed, Traffic.Unknown, Answer.No), (facts.FailureTime, facts.CauseInRelease, facts.SystemState, facts.Traffic, facts.PreviousReleaseAvailable));
    }

    [Theory]
    [InlineData("yes", "application", 1)]
    [InlineData("no", "none", 2)]
    [InlineData("?", "none", 2)]
    public async Task Who_says_that_the_reason_is_gone_may_try_it_again(string answer, string strategy, int left)
    {
        var known = new Facts
        {
            Changes = [ChangeKind.Application],
            FailureTime = FailureTime.PostDeployment,
            CauseInRelease = Answer.Yes,
            SystemState = SystemState.Crashed,
            Traffic = Traffic.Offline,
            PreviousReleaseAvailable = Answer.Yes,
            Tried = [FactSpace.Tried("app-rollback", ""), FactSpace.Tried("env-rollback", "") with { Run = "run-8" }],
        };
        var prompt = ScriptedPrompt.Answering(answer);

        var facts = await new Interview(prompt, Adviser).AskAsync(known, TestContext.Current.CancellationToken);

        Assert.Equal((strategy, left), (Adviser.Advise(facts).Strategy, facts.Tried?.Length));
        Assert.Equal(answer == "yes" ? ["tried"] : [], facts.Evidence.Select(e => e.Fact));
    }

    [Fact]
    public async Task Nothing_is_asked_for_ever()
    {
        var asked = 0;
        var facts = await new Interview(new ScriptedPrompt(_ => (++asked).ToString(CultureInfo.InvariantCulture) is var n && asked < 100 ? "?" : throw new InvalidOperationException(n)), Adviser).AskAsync(Facts.None, TestContext.Current.CancellationToken);
        Assert.Null(facts.Changes);

        var gone = await new Interview(ScriptedPrompt.Answering("application"), Adviser).AskAsync(Facts.None, TestContext.Current.CancellationToken);
        Assert.Equal("inconclusive", Adviser.Advise(gone).Strategy);
    }

    [Fact]
    public async Task What_is_missing_in_the_command_is_asked_for()
    {
        var advice = Adviser.Advise(new Facts { Changes = [ChangeKind.Database], Migrations = [new Migration("0007", Answer.Yes, DataLoss.None)] });

        var complete = await new Interview(ScriptedPrompt.Answering("alembic", "0006", "?"), Adviser).CompleteAsync(advice, TestContext.Current.CancellationToken);

        Assert.Equal("runbook exec playbooks/db-migration-rollback.yml --var tool=alembic --var head=0006 --var 'database=<DATABASE>'", complete.CommandLine);
    }
}
