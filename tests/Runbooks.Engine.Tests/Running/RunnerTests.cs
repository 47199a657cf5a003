using Runbooks.Engine.Journal;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Ports;
using Runbooks.Testing;

namespace Runbooks.Engine.Tests.Running;

public sealed class RunnerTests
{
    private const string TwoSteps = """
        guards:
          - says: the image is here
        steps:
          - id: stop
            start: [stop, app]
          - id: go
            start: [go, app]
            validate:
              - says: it runs
        validations:
          - says: it answers
        """;

    [Fact]
    public async Task Every_effect_stands_between_its_flushed_intent_and_its_outcome()
    {
        using var bench = new Bench();

        var result = await bench.RunAsync(TwoSteps);

        Assert.Equal(Conclusion.Succeeded, result.Conclusion);
        Golden.Verify(bench.Transcript, "run/two-steps.golden");
    }

    [Fact]
    public async Task A_failed_step_stops_the_run_and_says_what_is_changed_and_what_is_not()
    {
        using var bench = new Bench(spec => new ScriptedEnd(spec.Argv[0] == "go" ? 7 : 0));

        var result = await bench.RunAsync(TwoSteps);

        Assert.Equal((Conclusion.Failed, 1), (result.Conclusion, result.ExitCode));
        Assert.Equal("step 'go': exit code 7", result.Why);
        Assert.Equal([StepStanding.Succeeded, StepStanding.Failed], result.State.Steps.Select(s => s.Standing));
        Assert.True(result.State.IsSealed);
    }

    [Fact]
    public async Task All_guards_are_asked_and_a_refused_run_starts_nothing()
    {
        using var bench = new Bench { Says = new SaysKind(Verdict.DoesNotHold("no such image"), Verdict.Unknown("no engine"), Verdict.Holds("yes")) };

        var result = await bench.RunAsync("""
            guards:
              - says: one
              - says: two
              - says: three
            steps:
              - start: [x]
            """);

        Assert.Equal((Conclusion.Refused, 3), (result.Conclusion, result.ExitCode));
        Assert.Equal("guard 'one' does not hold: no such image; guard 'two' is unknown: no engine", result.Why);
        Assert.Equal(["does-not-hold", "unknown", "holds"], result.State.Guards.Select(g => g.Verdict));
        Assert.Empty(bench.Processes.Started);
        Assert.Empty(bench.Locks.Held);
    }

    [Fact]
    public async Task A_missing_program_is_found_before_the_first_step()
    {
        using var bench = new Bench { Processes = new ScriptedProcesses { Missing = ["frobnicate"] } };

        var result = await bench.RunAsync("steps:\n  - start: [one]\n  - start: [frobnicate]\n");

        Assert.Equal(Conclusion.Refused, result.Conclusion);
        Assert.Contains("step 'step_2' needs the program 'frobnicate'", result.Why, StringComparison.Ordinal);
        Assert.Empty(bench.Processes.Started);
    }

    [Fact]
    public async Task A_held_lock_refuses_and_names_its_holder()
    {
        using var bench = new Bench();
        var plan = bench.Plan("lock: shop\nsteps:\n  - start: [x]\n");
        using var other = bench.Locks.Take("shop", new LockHolder("run 7 by ada", "", "", null)).Held;

        var result = await bench.RunAsync(plan);

        Assert.Equal("the lock 'shop' is held by run 7 by ada", result.Why);
        Assert.Equal(3, result.ExitCode);
        Assert.Empty(bench.Processes.Started);
    }

    [Fact]
    public async Task An_unknown_validation_makes_the_run_inconclusive_and_a_failed_one_makes_it_failed()
    {
        using var unknown = new Bench { Says = new SaysKind(Verdict.Unknown("nobody knows")) };
        using var failed = new Bench { Says = new SaysKind(Verdict.Unknown("nobody knows"), Verdict.DoesNotHold("500")) };

        Assert.Equal((Conclusion.Inconclusive, 6), Ended(await unknown.RunAsync("steps:\n  - start: [x]\nvalidations:\n  - says: a\n")));
        Assert.Equal((Conclusion.Failed, 1), Ended(await failed.RunAsync("steps:\n  - start: [x]\nvalidations:\n  - says: a\n  - says: b\n")));
    }

    [Fact]
    public async Task A_step_whose_validation_is_unknown_is_not_done()
    {
        using var bench = new Bench { Says = new SaysKind(Verdict.Unknown("no engine")) };

        var result = await bench.RunAsync("steps:\n  - id: a\n    start: [x]\n    validate:\n      - says: it runs\n  - start: [y]\n");

        Assert.Equal(Conclusion.Failed, result.Conclusion);
        Assert.Equal("step 'a': 'it runs' is unknown: no engine", result.Why);
        Assert.Equal(StepStanding.Failed, result.State.Steps[0].Standing);
        Assert.Single(bench.Processes.Started);
    }

    [Fact]
    public async Task A_step_is_tried_again_as_often_as_it_says_with_the_waits_it_says()
    {
        var tries = 0;
        using var bench = new Bench(_ => new ScriptedEnd(++tries < 3 ? 1 : 0));

        var result = await bench.RunAsync("steps:\n  - id: a\n    start: [x]\n    retry: { attempts: 3, delay: 2s, backoff: exponential }\n");

        Assert.Equal(Conclusion.Succeeded, result.Conclusion);
        Assert.Equal(3, result.State.Steps[0].Attempts);
        Golden.Verify(bench.Transcript, "run/retry.golden");
    }

    [Fact]
    public async Task An_attempt_counts_only_when_its_until_holds()
    {
        using var bench = new Bench { Says = new SaysKind(Verdict.DoesNotHold("not yet"), Verdict.Holds("yes")) };

        var result = await bench.RunAsync("steps:\n  - id: a\n    start: [x]\n    retry:\n      attempts: 5\n      delay: 1s\n      until:\n        - says: it is up\n");

        Assert.Equal(Conclusion.Succeeded, result.Conclusion);
        Assert.Equal(2, bench.Processes.Started.Count);
    }

    [Fact]
    public async Task A_step_that_outlives_its_timeout_is_ended_and_the_run_fails()
    {
        using var bench = new Bench { OtherProcesses = new EndlessProcesses() };

        var result = await bench.RunAsync("steps:\n  - id: a\n    start: [x]\n    timeout: 3s\n");

        Assert.Equal(Conclusion.Failed, result.Conclusion);
        Assert.Equal("step 'a': it took longer than its timeout of 3s and was ended", result.Why);
        Assert.True(result.State.Steps[0].Ended?.TimedOut);
    }

    [Fact]
    public async Task An_interrupt_ends_the_step_seals_the_journal_and_begins_nothing_more()
    {
        Bench? running = null;
        using var bench = running = new Bench { OtherProcesses = new EndlessProcesses(_ => running?.Interrupt()) };

        var result = await bench.RunAsync("steps:\n  - id: a\n    start: [x]\n    retry: { attempts: 3 }\n  - id: b\n    start: [y]\nvalidations:\n  - says: a\n");

        Assert.Equal((Conclusion.Cancelled, 130), Ended(result));
        Assert.Equal([StepStanding.Failed, StepStanding.NotReached], result.State.Steps.Select(s => s.Standing));
        Assert.Equal("SIGINT", result.State.StopSignal);
        Assert.True(result.State.IsSealed);
        Assert.Empty(result.State.Validations);
    }

    [Fact]
    public async Task An_interrupt_during_the_guards_changes_nothing()
    {
        Bench? running = null;
        using var bench = running = new Bench { Says = new SaysKind { OnAsked = _ => running?.Interrupt() } };

        var result = await bench.RunAsync(TwoSteps);

        Assert.Equal((Conclusion.Cancelled, 130), Ended(result));
        Assert.Empty(bench.Processes.Started);
    }

    [Fact]
    public async Task A_journal_that_cannot_be_written_stops_the_run_at_any_of_its_writes()
    {
        using var whole = new Bench();
        await whole.RunAsync(TwoSteps);
        var writes = whole.Transcript.Split('\n').Count(l => l.StartsWith("append", StringComparison.Ordinal) || l.StartsWith("flush", StringComparison.Ordinal) || l.StartsWith("ledger", StringComparison.Ordinal));
        Assert.True(writes > 10);

        for (var call = 1; call <= writes; call++)
        {
            var current = new Bench { Store = new MemoryRunStore { FailsFrom = call } };
            using (current)
            {
                var result = await current.RunAsync(TwoSteps);
                Assert.Equal((Conclusion.TrailUnwritable, 7), Ended(result));
                var begun = current.Store.StateOf("run-1").Steps.Count(s => s.Standing != StepStanding.NotReached);
                Assert.True(current.Processes.Started.Count <= begun, $"an effect without a record when write {call} fails");
                Assert.Empty(current.Locks.Held);
            }
        }
    }

    [Fact]
    public async Task A_bug_in_a_kind_is_a_failed_step_and_a_bug_in_a_check_is_unknown()
    {
        using var kind = new Bench();
        using var check = new Bench();

        var broken = await kind.RunAsync("steps:\n  - id: a\n    start: [explode]\n");
        var unknown = await check.RunAsync("steps:\n  - start: [x]\nvalidations:\n  - says: explode\n");

        Assert.Equal("step 'a': 'start' itself broke: InvalidOperationException: a bug in this kind", broken.Why);
        Assert.Equal((Conclusion.Inconclusive, 6), Ended(unknown));
        Assert.Contains("a bug in this check", unknown.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Captured_output_reaches_later_steps_conditions_and_checks()
    {
        using var bench = new Bench(spec => new ScriptedEnd(0, spec.Argv[0] == "find" ? "v1.2.3\n" : ""));

        var result = await bench.RunAsync("""
            steps:
              - id: find
                start: [find]
                capture: true
              - id: use
                when: steps.find.stdout == "v1.2.3"
                start: [use, "app:{{ steps.find.stdout }}"]
              - id: skip
                when: steps.find.exit_code != 0
                start: [never]
            validations:
              - says: "it is {{ steps.find.stdout }}"
            """);

        Assert.Equal(Conclusion.Succeeded, result.Conclusion);
        Assert.Equal(["find", "use app:v1.2.3"], bench.Processes.Started.Select(s => string.Join(' ', s.Argv)));
        Assert.Equal("steps.find.exit_code != 0 is false", result.State.Steps[2].SkipReason);
        Assert.Equal("it is v1.2.3", result.State.Validations[0].Statement);
    }

    [Fact]
    public async Task A_secret_is_in_no_event_though_a_program_a_check_and_a_failure_say_it()
    {
        using var bench = new Bench(_ => new ScriptedEnd(0, "the key is hunter2-hunter2"))
        {
            Secrets = ["hunter2-hunter2"],
            Says = new SaysKind(new Verdict(VerdictKind.DoesNotHold, "saw hunter2-hunter2") { Evidence = ["x hunter2-hunter2 y"] }),
        };

        await bench.RunAsync("steps:\n  - start: [x]\n    env: { KEY: \"{{ key }}\" }\nvalidations:\n  - says: it is well\n", ("key", "hunter2-hunter2", true));

        Assert.DoesNotContain("hunter2", System.Text.Encoding.UTF8.GetString(bench.Store.ReadJournal("run-1").Bytes ?? []), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", System.Text.Encoding.UTF8.GetString(bench.Store.ReadFile("run-1", "plan.json").Bytes ?? []), StringComparison.Ordinal);
        Assert.Equal("hunter2-hunter2", bench.Processes.Started[0].Environment["KEY"]);
    }

    private static (Conclusion, int) Ended(Engine.Running.RunResult result) => (result.Conclusion, result.ExitCode);
}
