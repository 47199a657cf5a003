using System.Collections.Immutable;
using Runbooks.Engine.Journal;
using Runbooks.Engine.Ports;
using Runbooks.Testing;

namespace Runbooks.Engine.Tests.Running;

/// <summary>Steps that run at the same time, with programs that end when the test lets them.</summary>
public sealed class SideBySideTests
{
    private const string Three = """
        steps:
          - id: many
            beside:
              steps:
                - { id: a, start: [a], undo: { start: [una] } }
                - { id: b, start: [b], undo: { start: [unb] } }
                - { id: c, start: [c], undo: { start: [unc] } }
          - { id: last, start: [last] }
        """;

    /// <summary>Ends programs in a given order: each when all before it in the list have ended, so that only steps that run side by side come to an end.</summary>
    private sealed class InOrder(params string[] order) : IProcesses
    {
        private readonly Dictionary<string, TaskCompletionSource> _ended = order.ToDictionary(o => o, _ => new TaskCompletionSource(), StringComparer.Ordinal);

        public List<string> Began { get; } = [];

        public Action<string> OnBegan { get; set; } = _ => { };

        public int Most { get; private set; }

        public Func<string, int> Exit { get; init; } = _ => 0;

        private int Now { get; set; }

        public async Task<ProcessExit> RunAsync(ProcessSpec spec, ProcessOutput output, StopTokens stop)
        {
            var program = spec.Argv[0];
            Began.Add(program);
            OnBegan(program);
            Most = Math.Max(Most, ++Now);
            try
            {
                var at = Array.IndexOf(order, program);
                if (at > 0)
                {
                    await _ended[order[at - 1]].Task.WaitAsync(stop.Interrupt);
                }

                return new ProcessExit { ExitCode = Exit(program) };
            }
            catch (OperationCanceledException)
            {
                return new ProcessExit { Stopped = true };
            }
            finally
            {
                Now--;
                if (_ended.TryGetValue(program, out var ended))
                {
                    ended.SetResult();
                }
            }
        }

        public string? Find(string program, string workingDirectory, ImmutableSortedDictionary<string, string> environment) => $"/bin/{program}";

        public ImmutableArray<Survivor> Marked(string name, string value) => [];
    }

    [Fact]
    public async Task Steps_run_at_the_same_time_and_the_next_waits_for_all_of_them()
    {
        var programs = new InOrder("c", "b", "a");
        using var bench = new Bench { OtherProcesses = programs };

        var result = await bench.RunAsync(Three);

        Assert.Equal(Conclusion.Succeeded, result.Conclusion);
        Assert.Equal(["a", "b", "c", "last"], programs.Began);
        Assert.Equal(3, programs.Most);
        var events = JournalReader.Read(bench.Store.ReadJournal("run-1").Bytes ?? []).Lines.Select(l => l.Event).ToList();
        Assert.Equal(["c", "b", "a", "last"], events.OfType<StepEnded>().Select(e => e.Step));
    }

    [Fact]
    public async Task One_flush_makes_the_intents_of_all_that_begin_together_durable_before_any_of_them_begins()
    {
        using var bench = new Bench();

        await bench.RunAsync(Three);

        var lines = bench.Transcript.Split('\n').Select(l => l.Trim()).ToList();
        var first = lines.FindIndex(l => l == "effect: a");
        var before = lines.Take(first).ToList();
        Assert.Equal(3, before.Count(l => l.Contains("step.intended", StringComparison.Ordinal)));
        Assert.StartsWith("flush", before[^1], StringComparison.Ordinal);
        Assert.Single(before[before.FindIndex(l => l.Contains("step.intended", StringComparison.Ordinal))..], l => l.StartsWith("flush", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1, "a b c")]
    [InlineData(2, "b a c")]
    [InlineData(2, "b c a")]
    public async Task No_more_than_the_limit_run_at_once(int limit, string order)
    {
        var programs = new InOrder(order.Split(' '));
        using var bench = new Bench { OtherProcesses = programs };

        var result = await bench.RunAsync(Three.Replace("steps:\n        - { id: a", $"limit: {limit}\n      steps:\n        - {{ id: a", StringComparison.Ordinal));

        Assert.Equal((Conclusion.Succeeded, limit), (result.Conclusion, programs.Most));
    }

    [Fact]
    public async Task The_first_failure_ends_the_others_and_all_are_taken_back()
    {
        // 'c' waits for a program that never ends.
        var programs = new InOrder("a", "b", "never", "c") { Exit = program => program == "b" ? 3 : 0 };
        using var bench = new Bench { OtherProcesses = programs };

        var result = await bench.RunAsync("on_failure: undo\n" + Three);

        Assert.Equal((Conclusion.Undone, "step 'b': exit code 3"), (result.Conclusion, result.Why));
        Assert.Equal("it was ended, because a step beside it failed", result.State.Steps[2].Ended?.Failure);
        Assert.Equal(["a", "b", "c", "unc", "unb", "una"], programs.Began);
        Assert.Equal(StepStanding.NotReached, result.State.Steps[3].Standing);
    }

    [Fact]
    public async Task What_has_not_begun_when_one_fails_is_not_begun()
    {
        var programs = new InOrder("a", "b", "c") { Exit = program => program == "a" ? 3 : 0 };
        using var bench = new Bench { OtherProcesses = programs };

        var result = await bench.RunAsync(Three.Replace("steps:\n        - { id: a", "limit: 1\n      steps:\n        - { id: a", StringComparison.Ordinal));

        Assert.Equal(Conclusion.Failed, result.Conclusion);
        Assert.Equal(["a"], programs.Began);
    }

    [Fact]
    public async Task All_come_to_their_end_when_the_playbook_says_so_and_every_failure_is_named()
    {
        var programs = new InOrder("a", "b", "c") { Exit = program => program == "c" ? 0 : 3 };
        using var bench = new Bench { OtherProcesses = programs };

        var result = await bench.RunAsync(Three.Replace("steps:\n        - { id: a", "failures: all\n      limit: 2\n      steps:\n        - { id: a", StringComparison.Ordinal));

        Assert.Equal((Conclusion.Failed, "step 'a': exit code 3; step 'b': exit code 3"), (result.Conclusion, result.Why));
        Assert.Equal(StepStanding.Succeeded, result.State.Steps[2].Standing);
        Assert.DoesNotContain("last", programs.Began);
    }

    [Fact]
    public async Task A_stop_ends_all_of_them_and_the_run_is_cancelled()
    {
        Bench? stopped = null;
        var programs = new InOrder("never", "a", "b", "c");
        programs.OnBegan = program =>
        {
            if (program == "c")
            {
                stopped?.Interrupt();
            }
        };
        using var bench = new Bench { OtherProcesses = programs };
        stopped = bench;

        var result = await bench.RunAsync(Three);

        Assert.Equal(Conclusion.Cancelled, result.Conclusion);
        Assert.All(result.State.Steps.Take(3), s => Assert.Equal("it was ended", s.Ended?.Failure));
        Assert.Equal(["a", "b", "c"], programs.Began);
    }

    [Fact]
    public async Task A_run_that_lost_power_among_them_goes_on_with_those_that_are_not_done()
    {
        using var bench = new Bench();
        var isOff = false;
        bench.Store.LosesPowerAt = text => isOff |= text.Contains("step.ended b ", StringComparison.Ordinal);
        var steps = Three.Replace("start: [b]", "start: [b], on_resume: rerun", StringComparison.Ordinal).Replace("start: [c]", "start: [c], on_resume: rerun", StringComparison.Ordinal);
        await Assert.ThrowsAsync<PowerCutException>(() => bench.RunAsync(steps));
        bench.Store.LosesPowerAt = _ => false;

        var result = await bench.ResumeAsync(steps);

        Assert.Equal(Conclusion.Succeeded, result.Conclusion);
        Assert.Equal([1, 2, 2, 1], result.State.Steps.Select(s => s.Attempts));
    }

    [Theory]
    [InlineData("- { id: a, start: [a], capture: true }\n        - { id: b, start: [b, \"{{ steps.a.stdout }}\"] }", "RB2005")]
    [InlineData("- { id: a, save: text }\n        - { id: b, start: [b], effect: destroy, requires_backup: a }", "RB2015")]
    [InlineData("- { id: a, ask: well }", "RB3014")]
    [InlineData("- { id: last, start: [b] }", "RB2010")]
    [InlineData("- { id: a, part: x.yml }", "RB1019")]
    public void What_cannot_be_side_by_side_is_said_before(string members, string code)
    {
        using var bench = new Bench();

        var made = bench.TryPlan($"""
            steps:
              - id: many
                beside:
                  steps:
                    {members}
              - {"{"} id: last, start: [last] {"}"}
            """);

        Assert.Null(made.Value);
        Assert.Equal([code], made.Diagnostics.Select(d => d.Code).Where(c => c != "RB2030"));
    }

    [Fact]
    public async Task Outputs_of_all_of_them_are_there_for_the_steps_after_them()
    {
        using var bench = new Bench(spec => new ScriptedEnd(0, $"{spec.Argv[0]}-says"));

        await bench.RunAsync("""
            steps:
              - beside:
                  - { id: a, start: [a], capture: true }
                  - { id: b, start: [b], capture: true }
              - start: [last, "{{ steps.a.stdout }}", "{{ steps.b.stdout }}"]
            """);

        Assert.Contains("effect: last a-says b-says", bench.Transcript, StringComparison.Ordinal);
    }
}
