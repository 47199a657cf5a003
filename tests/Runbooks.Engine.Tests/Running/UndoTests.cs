using Runbooks.Engine.Journal;
using Runbooks.Engine.Kinds;
using Runbooks.Testing;

namespace Runbooks.Engine.Tests.Running;

public sealed class UndoTests
{
    private const string ThreeSteps = """
        on_failure: undo
        steps:
          - id: stop
            start: [stop, app]
            undo:
              start: [start, app]
              validate:
                - says: the app runs
          - id: look
            start: [look]
            effect: read
          - id: pin
            start: [pin, new]
            undo:
              start: [pin, old]
          - id: go
            start: [go, app]
            undo:
              start: [ungo, app]
        """;

    private static Bench Failing(string program, int code = 7) => new(spec => new ScriptedEnd(spec.Argv[0] == program ? code : 0));

    [Fact]
    public async Task What_was_changed_is_taken_back_in_reverse_order_and_validated_the_half_done_step_included()
    {
        using var bench = Failing("go");

        var result = await bench.RunAsync(ThreeSteps);

        Assert.Equal((Conclusion.Undone, 4), (result.Conclusion, result.ExitCode));
        Assert.Equal("step 'go': exit code 7", result.Why);
        Golden.Verify(bench.Transcript, "run/undo.golden");
        Assert.Equal([UndoStanding.Undone, UndoStanding.None, UndoStanding.Undone, UndoStanding.Undone], result.State.Steps.Select(s => s.Undo));
        Assert.DoesNotContain(result.State.Steps, s => s.MayHaveChanged);
    }

    [Theory]
    // The service was brought back while the file was still the new one.
    [InlineData("{ id: pin, start: [pin], undo: { start: [unpin] } }", "{ id: up, start: [looking], env: { OF: shop } }", "back old new, unpin, again back old new")]
    // Nothing was taken back after it.
    [InlineData("{ id: up, start: [looking], env: { OF: shop } }", "{ id: pin, start: [pin], undo: { start: [unpin] } }", "unpin, back old new")]
    // Another one of the same was performed later, with what everything was before that.
    [InlineData("{ id: stop, start: [looking], env: { OF: shop } }", "{ id: up, start: [looking], env: { OF: shop } }", "back old new, back old new")]
    // Another one, and of something else.
    [InlineData("{ id: stop, start: [looking], env: { OF: other } }", "{ id: up, start: [looking], env: { OF: shop } }", "back old new, back old new, again back old new")]
    public async Task What_depends_on_what_other_steps_change_is_looked_at_once_more_when_all_else_is_taken_back(string first, string second, string effects)
    {
        using var bench = Failing("go");

        var result = await bench.RunAsync($"on_failure: undo\nsteps:\n  - {first}\n  - {second}\n  - {{ id: go, start: [go], undo: {{ start: [ungo] }} }}\n");

        Assert.Equal(Conclusion.Undone, result.Conclusion);
        var undos = bench.Transcript.Split('\n').Select(l => l.Trim()).Where(l => l.StartsWith("effect: ", StringComparison.Ordinal)).Select(l => l["effect: ".Length..]).SkipWhile(e => e != "ungo").Skip(1);
        Assert.Equal(effects, string.Join(", ", undos));
    }

    [Fact]
    public async Task When_the_second_look_fails_the_run_is_not_undone()
    {
        using var bench = new Bench(spec => new ScriptedEnd(spec.Argv[0] is "go" or "again" ? 1 : 0));

        var result = await bench.RunAsync("on_failure: undo\nsteps:\n  - { id: pin, start: [pin], undo: { start: [unpin] } }\n  - { id: up, start: [looking], env: { OF: shop } }\n  - { id: go, start: [go], effect: read }\n");

        Assert.Equal(Conclusion.UndoFailed, result.Conclusion);
        Assert.Equal(UndoStanding.Failed, result.State.Steps.First(s => s.Head.Id == "up").Undo);
    }

    [Fact]
    public async Task A_step_that_was_not_reached_is_not_undone()
    {
        using var bench = Failing("pin");

        await bench.RunAsync(ThreeSteps);

        Assert.DoesNotContain(bench.Processes.Started, spec => spec.Argv[0] == "ungo");
    }

    [Fact]
    public async Task An_undo_that_fails_leaves_the_steps_before_it_as_they_are_and_says_so()
    {
        using var bench = new Bench(spec => new ScriptedEnd(string.Join(' ', spec.Argv) is "go app" or "pin old" ? 1 : 0));

        var result = await bench.RunAsync(ThreeSteps);

        Assert.Equal((Conclusion.UndoFailed, 5), (result.Conclusion, result.ExitCode));
        Assert.Equal([UndoStanding.Left, UndoStanding.None, UndoStanding.Failed, UndoStanding.Undone], result.State.Steps.Select(s => s.Undo));
        Assert.Equal("the undo of 'pin' failed before", result.State.Steps[0].UndoProblem);
        Assert.DoesNotContain(bench.Processes.Started, spec => spec.Argv[0] == "start");
    }

    [Theory]
    [InlineData("does-not-hold")]
    [InlineData("unknown")]
    public async Task An_undo_whose_validation_does_not_hold_or_is_unknown_is_not_called_undone(string verdict)
    {
        using var bench = new Bench(spec => new ScriptedEnd(spec.Argv[0] == "go" ? 1 : 0)) { Says = new SaysKind(verdict == "unknown" ? Verdict.Unknown("no engine") : Verdict.DoesNotHold("it is down")) };

        var result = await bench.RunAsync(ThreeSteps);

        Assert.Equal(Conclusion.UndoFailed, result.Conclusion);
        Assert.Equal(UndoStanding.Failed, result.State.Steps[0].Undo);
    }

    [Fact]
    public async Task A_step_without_an_undo_is_left_and_the_others_are_taken_back()
    {
        using var bench = Failing("go");

        var result = await bench.RunAsync("""
            on_failure: undo
            steps:
              - id: stop
                start: [stop]
                undo: { start: [start] }
              - id: drop
                start: [drop]
                effect: destroy
                acknowledge: nobody needs it
              - id: go
                start: [go]
            """);

        Assert.Equal(Conclusion.UndoFailed, result.Conclusion);
        Assert.Equal(["", "it is a point of no return", "it has no undo"], result.State.Steps.Select(s => s.UndoProblem));
        Assert.Equal(UndoStanding.Undone, result.State.Steps[0].Undo);
    }

    [Fact]
    public async Task A_failed_validation_of_the_run_undoes_it_and_one_that_is_unknown_does_not()
    {
        const string Playbook = """
            on_failure: undo
            steps:
              - id: stop
                start: [stop]
                undo: { start: [start] }
            validations:
              - says: it answers
            """;
        using var failing = new Bench { Says = new SaysKind(Verdict.DoesNotHold("500")) };
        using var unknown = new Bench { Says = new SaysKind(Verdict.Unknown("no network")) };

        Assert.Equal(Conclusion.Undone, (await failing.RunAsync(Playbook)).Conclusion);
        Assert.Equal(Conclusion.Inconclusive, (await unknown.RunAsync(Playbook)).Conclusion);
    }

    [Fact]
    public async Task A_step_says_itself_what_its_failure_does()
    {
        const string Playbook = """
            on_failure: undo
            steps:
              - id: stop
                start: [stop]
                undo: { start: [start] }
              - id: go
                start: [go]
                on_failure: stop
            """;
        using var bench = Failing("go");

        var result = await bench.RunAsync(Playbook);

        Assert.Equal(Conclusion.Failed, result.Conclusion);
        Assert.Equal(UndoStanding.None, result.State.Steps[0].Undo);
    }

    [Fact]
    public async Task A_run_that_is_stopped_is_undone_too_and_the_request_is_on_record()
    {
        Bench? stopped = null;
        using var bench = stopped = new Bench(spec =>
        {
            if (spec.Argv[0] == "go")
            {
                stopped?.Interrupt();
            }

            return new ScriptedEnd(0);
        });

        var result = await bench.RunAsync(ThreeSteps);

        Assert.Equal(Conclusion.Undone, result.Conclusion);
        Assert.Equal("SIGINT", result.State.StopSignal);
        Assert.Contains(bench.Processes.Started, spec => spec.Argv[0] == "start");
    }

    [Fact]
    public async Task When_nothing_was_changed_nothing_is_undone()
    {
        using var bench = new Bench(spec => new ScriptedEnd(1));

        var result = await bench.RunAsync("""
            on_failure: undo
            steps:
              - id: look
                start: [look]
                effect: read
            """);

        Assert.Equal((Conclusion.Failed, ""), (result.Conclusion, result.State.UndoWhy));
    }

    [Fact]
    public async Task A_step_whose_kind_kept_a_state_is_taken_back_by_it_in_the_environment_of_the_step_with_its_secrets_masked()
    {
        using var bench = Failing("go");

        var result = await bench.RunAsync(
            """
            on_failure: undo
            steps:
              - id: pin
                start: [pin]
                undo: { start: [unpin] }
              - id: swap
                start: [looking]
                env: { TOKEN: "{{ token }}" }
                timeout: 1s
              - id: go
                start: [go]
                effect: read
            """,
            ("token", "hunter2-hunter2", true));

        Assert.Equal(Conclusion.Undone, result.Conclusion);
        Assert.Equal(["pin", "looking", "go", "back old new", "unpin"], bench.Processes.Started.Select(s => string.Join(' ', s.Argv)));
        Assert.Equal("hunter2-hunter2", bench.Processes.Started[3].Environment["TOKEN"]);
        Assert.DoesNotContain("hunter2", bench.Transcript, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_state_is_on_record_between_the_intent_and_the_effect()
    {
        using var bench = new Bench();

        await bench.RunAsync("steps: [{ id: swap, start: [looking] }]");

        var order = bench.Transcript.Split('\n').Select(l => l.Trim()).Where(l => l.Contains("step.intended", StringComparison.Ordinal) || l.Contains("StateKept", StringComparison.Ordinal) || l.StartsWith("effect", StringComparison.Ordinal) || l == "flush").ToList();
        var kept = order.FindIndex(l => l.Contains("StateKept", StringComparison.Ordinal));
        Assert.Contains("step.intended", order[kept - 2], StringComparison.Ordinal);
        Assert.Equal("flush", order[kept + 1]);
        Assert.Equal("effect: looking", order[kept + 2]);
    }

    [Fact]
    public async Task Of_a_step_that_was_tried_again_the_first_state_counts_and_what_an_attempt_left_that_was_interrupted_is_not_known()
    {
        using var bench = new Bench();
        var lines = (await bench.RunAsync("steps: [{ id: swap, start: [looking] }]")).State;

        var again = lines.Apply(Line(new StepIntended("swap", 2, default))).Apply(Line(new StateKept("swap", System.Text.Json.JsonDocument.Parse("""{"had":"other"}""").RootElement)));

        Assert.Equal("old", $"{again.Steps[0].StateBefore?.GetProperty("had")}");
        Assert.NotNull(lines.Steps[0].StateAfter);
        Assert.Null(again.Steps[0].StateAfter);

        static JournalLine Line(JournalEvent entry) => new(JournalCodec.Format, 99, default, entry, "", "");
    }
}
