using System.Text;
using Runbooks.Engine.Journal;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Running;
using Runbooks.Testing;

namespace Runbooks.Engine.Tests.Gates;

/// <summary>A person lets a run pass, or does not.</summary>
public sealed class GateTests
{
    private const string Guarded = """
        guards:
          - says: the image is there
        steps:
          - id: count
            start: [count, rows]
            effect: read
            capture: true
          - id: gate
            ask: { text: "{{ steps.count.stdout }} rows are lost. Go on?", by: [alice, bob] }
          - id: drop
            start: [drop, "{{ steps.count.stdout }}"]
            undo:
              start: [undrop]
          - id: second
            ask: Really?
          - id: last
            start: [last]
        """;

    private const string AfterChange = """
        steps:
          - id: stop
            start: [stop, app]
            undo:
              start: [go, app]
          - id: gate
            ask: Go on?
          - id: drop
            start: [drop]
        """;

    private static Bench Counting(ScriptedPrompt? prompt = null) => new(spec => new ScriptedEnd(0, spec.Argv[0] == "count" ? "42" : "")) { Prompt = prompt };

    [Fact]
    public async Task What_comes_next_is_shown_with_its_values_and_who_let_it_pass_is_on_record()
    {
        using var bench = Counting(ScriptedPrompt.Answering("yes, ticket 42", "alice", "yes", ""));

        var result = await bench.RunAsync(Guarded);

        Assert.Equal(Conclusion.Succeeded, result.Conclusion);
        var (first, second) = (Given(result, "gate"), Given(result, "second"));
        Assert.Equal(("alice", "ticket 42", "terminal"), (first.By, first.Reason, first.Through));
        Assert.Equal(("operator", "", bench.Plan(Guarded).Digest), (second.By, second.Reason, second.PlanDigest));
        Assert.Equal(bench.Time.GetUtcNow().AddHours(1), second.Until);
        var shown = Encoding.UTF8.GetString(bench.Store.ReadFile("run-1", first.Shown).Bytes ?? []);
        Golden.Verify(shown.Replace(first.PlanDigest, "DIGEST", StringComparison.Ordinal), "run/gate.golden");
        Assert.Equal(first.ShownSha256, Engine.Hashing.Sha256.Hex(Encoding.UTF8.GetBytes(shown)));
        Assert.Contains(shown, ((ScriptedPrompt)bench.Prompt!).Screen, StringComparison.Ordinal); // set above
    }

    [Fact]
    public async Task A_no_before_anything_was_changed_refuses_the_run()
    {
        using var bench = Counting(ScriptedPrompt.Answering("no: not today", "mallory"));

        var result = await bench.RunAsync(Guarded);

        Assert.Equal((Conclusion.Refused, 3, "step 'gate': mallory did not approve: not today"), (result.Conclusion, result.ExitCode, result.Why));
        Assert.DoesNotContain(bench.Processes.Started, spec => spec.Argv[0] == "drop");
    }

    [Theory]
    [InlineData("", Conclusion.Failed)]
    [InlineData("on_failure: undo\n", Conclusion.Undone)]
    public async Task A_no_after_a_change_fails_the_run_or_takes_it_back(string head, Conclusion conclusion)
    {
        using var bench = new Bench { Prompt = ScriptedPrompt.Answering("no", "") };

        var result = await bench.RunAsync(head + AfterChange);

        Assert.Equal(conclusion, result.Conclusion);
        Assert.DoesNotContain(bench.Processes.Started, spec => spec.Argv[0] == "drop");
        Assert.Equal(conclusion == Conclusion.Undone, bench.Processes.Started.Any(spec => spec.Argv[0] == "go"));
    }

    [Fact]
    public async Task A_no_is_not_asked_again()
    {
        using var bench = new Bench { Prompt = ScriptedPrompt.Answering("no", "", "yes", "") };

        var result = await bench.RunAsync(AfterChange.Replace("ask: Go on?", "ask: Go on?\n    retry: 3", StringComparison.Ordinal));

        Assert.Equal((Conclusion.Failed, 1), (result.Conclusion, result.State.Steps[1].Attempts));
    }

    [Fact]
    public async Task Who_may_not_approve_is_asked_for_another_name()
    {
        using var bench = Counting(ScriptedPrompt.Answering("maybe", "yes", "", "mallory", "bob", "yes", ""));

        var result = await bench.RunAsync(Guarded);

        Assert.Equal("bob", Given(result, "gate").By);
        var screen = ((ScriptedPrompt)bench.Prompt!).Screen; // set above
        Assert.Contains("write 'yes' or 'no'", screen, StringComparison.Ordinal);
        Assert.Contains("mallory may not approve this: alice, bob may", screen, StringComparison.Ordinal);
        Assert.Contains("an approval needs a name", screen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_anybody_to_ask_the_run_is_refused_before_its_first_step()
    {
        using var bench = Counting();

        var result = await bench.RunAsync(Guarded);

        Assert.Equal((Conclusion.Refused, 3), (result.Conclusion, result.ExitCode));
        Assert.Equal(
            ["step 'gate' needs an approval, and there is no terminal to ask at: give '--approve gate=NAME', with the name of who approves (alice or bob)",
             "step 'second' needs an approval, and there is no terminal to ask at: give '--approve second=NAME', with the name of who approves"],
            result.State.PreflightProblems);
        Assert.Empty(bench.Processes.Started);
    }

    [Fact]
    public async Task An_approval_can_come_with_the_command_from_those_who_may()
    {
        using var bench = Counting();
        bench.Approvals["gate"] = "mallory";
        bench.Approvals["second"] = "mallory";
        Assert.Equal(["step 'gate' may be approved by alice, bob, and '--approve' says mallory"], (await bench.RunAsync(bench.Plan(Guarded), "run-0")).State.PreflightProblems);

        bench.Approvals["gate"] = "alice";
        var result = await bench.RunAsync(Guarded);

        Assert.Equal(Conclusion.Succeeded, result.Conclusion);
        Assert.Equal(("alice", "command-line"), (Given(result, "gate").By, Given(result, "gate").Through));
    }

    [Fact]
    public async Task An_approval_that_came_with_the_command_is_good_from_the_begin_of_the_run_only()
    {
        var bench = new Bench(_ => new ScriptedEnd(0)) { Says = new SaysKind(Verdict.Holds("yes")) };
        using (bench)
        {
            bench.Approvals["gate"] = "alice";

            var result = await bench.RunAsync("""
                steps:
                  - id: stop
                    start: [stop]
                    validate:
                      - { says: it is down, for: 2h, every: 1m }
                  - id: gate
                    ask: Go on?
                  - id: drop
                    start: [drop]
                """);

            Assert.Equal((Conclusion.Failed, "step 'gate': the approval of alice was given when the run was begun, was good for 1h and has expired"), (result.Conclusion, result.Why));
        }
    }

    [Fact]
    public async Task A_gate_at_which_nobody_answers_in_time_lets_nothing_pass()
    {
        using var bench = new Bench { Prompt = new ScriptedPrompt(_ => ScriptedPrompt.Silence) };

        var result = await bench.RunAsync("steps:\n  - id: gate\n    ask: Go on?\n    timeout: 5m\n  - id: drop\n    start: [drop]\n");

        Assert.Equal((Conclusion.Refused, "step 'gate': it took longer than its timeout of 5m and was ended"), (result.Conclusion, result.Why));
        Assert.Empty(bench.Processes.Started);
    }

    [Fact]
    public async Task Nothing_that_is_secret_stands_in_what_is_shown_or_on_record()
    {
        using var bench = new Bench { Prompt = ScriptedPrompt.Answering("yes because of hunter2-hunter2", ""), Secrets = ["hunter2-hunter2"] };

        var result = await bench.RunAsync("steps:\n  - id: gate\n    ask: Go on?\n  - id: use\n    start: [use]\n    env: { TOKEN: \"{{ token }}\" }\n", ("token", "hunter2-hunter2", true));

        Assert.Equal(Conclusion.Succeeded, result.Conclusion);
        Assert.DoesNotContain("hunter2", Given(result, "gate").Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", Encoding.UTF8.GetString(bench.Store.ReadFile("run-1", Given(result, "gate").Shown).Bytes ?? []), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", Encoding.UTF8.GetString(bench.Store.ReadJournal("run-1").Bytes ?? []), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_goes_on_in_time_and_with_the_same_plan_is_not_asked_again()
    {
        using var bench = await CutAsync();

        var result = await bench.ResumeAsync(AfterChange);

        Assert.Equal((Conclusion.Succeeded, 1), (result.Conclusion, result.State.Steps[1].Attempts));
    }

    [Fact]
    public async Task A_run_that_goes_on_too_late_is_asked_again()
    {
        using var bench = await CutAsync();
        bench.Time.Advance(TimeSpan.FromHours(2));

        Assert.Contains("needs an approval", (await bench.ResumeAsync(AfterChange)).Why, StringComparison.Ordinal);
        bench.Approvals["gate"] = "bob";
        var result = await bench.ResumeAsync(AfterChange);

        Assert.Equal((Conclusion.Succeeded, "bob", 2), (result.Conclusion, Given(result, "gate").By, result.State.Steps[1].Attempts));
    }

    [Fact]
    public async Task A_run_that_goes_on_with_another_plan_is_asked_again()
    {
        using var bench = await CutAsync();
        var other = AfterChange.Replace("[drop]", "[drop, everything]", StringComparison.Ordinal);

        Assert.Contains("needs an approval", (await bench.ResumeAsync(other, acceptsChanges: true)).Why, StringComparison.Ordinal);
        Assert.DoesNotContain(bench.Processes.Started, spec => spec.Argv[0] == "drop");
    }

    [Fact]
    public async Task Before_each_step_the_operator_runs_it_skips_it_for_a_reason_or_stops()
    {
        using var bench = new Bench { AsksBeforeSteps = true, Prompt = ScriptedPrompt.Answering("run", "what?", "skip", "skip it is done", "stop: lunch") };

        var result = await bench.RunAsync("""
            on_failure: undo
            steps:
              - { id: one, start: [one], undo: { start: [unone] } }
              - { id: two, start: [two] }
              - { id: three, start: [three] }
            """);

        Assert.Equal((Conclusion.Undone, "the operator stopped it before step 'three': lunch"), (result.Conclusion, result.Why));
        Assert.Equal(["one", "unone"], bench.Processes.Started.Select(s => s.Argv[0]));
        Assert.Equal("the operator: it is done", result.State.Steps[1].SkipReason);
        Assert.Equal(["run", "skip", "stop"], Events(bench).OfType<StepChosen>().Select(c => c.Choice));
    }

    [Fact]
    public async Task A_terminal_that_is_gone_stops_a_run_that_asks_before_steps()
    {
        using var bench = new Bench { AsksBeforeSteps = true, Prompt = ScriptedPrompt.Answering() };

        var result = await bench.RunAsync("steps:\n  - { id: one, start: [one] }\n");

        Assert.Equal((Conclusion.Cancelled, 130), (result.Conclusion, result.ExitCode));
        Assert.Empty(bench.Processes.Started);
    }

    /// <summary>Alice approves, and then the power is cut before the next step begins.</summary>
    private static async Task<Bench> CutAsync()
    {
        var bench = new Bench();
        bench.Approvals["gate"] = "alice";
        bench.Store.LosesPowerAt = what => what.StartsWith("step.intended drop", StringComparison.Ordinal);
        await Assert.ThrowsAsync<PowerCutException>(() => bench.RunAsync(AfterChange));
        bench.Store.LosesPowerAt = _ => false;
        bench.Approvals.Clear();
        return bench;
    }

    private static IEnumerable<JournalEvent> Events(Bench bench) => JournalReader.Read(bench.Store.ReadJournal("run-1").Bytes).Lines.Select(l => l.Event);

    private static ApprovalGiven Given(RunResult result, string step) => Assert.IsType<ApprovalGiven>(result.State.Steps.Single(s => s.Head.Id == step).Approval);
}
