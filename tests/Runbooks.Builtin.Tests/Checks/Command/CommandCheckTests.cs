using System.Collections.Immutable;
using Microsoft.Extensions.Time.Testing;
using Runbooks.Builtin.Checks.Command;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Ports;
using Runbooks.Testing;

namespace Runbooks.Builtin.Tests.Checks.Command;

public sealed class CommandCheckTests
{
    private static ScriptedProcesses Ends(int exitCode, string output = "") => new(_ => new ScriptedEnd(exitCode, output));

    [Theory]
    [InlineData("command: probe --quick", 0, VerdictKind.Holds)]
    [InlineData("command: probe --quick", 1, VerdictKind.DoesNotHold)]
    [InlineData("command: { argv: probe, exit: 3 }", 3, VerdictKind.Holds)]
    [InlineData("command: { argv: probe, exit: 3 }", 0, VerdictKind.DoesNotHold)]
    public async Task The_exit_code_decides(string check, int exitCode, VerdictKind expected)
    {
        var verdict = await AskedCheck.Of(check).AskAsync(Ends(exitCode));

        Assert.Equal((expected, $"exit {exitCode}"), (verdict.Kind, verdict.Observed));
    }

    [Theory]
    [InlineData("stdout_contains: ready", VerdictKind.Holds)]
    [InlineData("stdout_contains: [ready, steady]", VerdictKind.DoesNotHold)]
    [InlineData("stdout_matches: '^r\\w+y$'", VerdictKind.Holds)]
    [InlineData("stdout_matches: '^x'", VerdictKind.DoesNotHold)]
    public async Task The_output_must_be_as_asked(string field, VerdictKind expected) =>
        Assert.Equal(expected, (await AskedCheck.Of($"command:\n  argv: probe\n  {field}").AskAsync(Ends(0, "ready"))).Kind);

    [Fact]
    public async Task The_last_lines_are_the_evidence()
    {
        var verdict = await AskedCheck.Of("command: probe").AskAsync(Ends(1, string.Join('\n', Enumerable.Range(1, 100).Select(i => $"line {i}"))));

        Assert.Equal(Enumerable.Range(91, 10).Select(i => $"line {i}"), verdict.Evidence);
    }

    [Fact]
    public async Task Lines_are_shown_whole_or_not_at_all()
    {
        var verdict = await AskedCheck.Of("command: probe").AskAsync(Ends(1, $"{new string('x', 10_000)}\r\n\nlast\r\n"));

        Assert.Equal(["last"], verdict.Evidence);
    }

    [Fact]
    public async Task A_line_without_an_end_that_lost_its_beginning_is_not_shown() =>
        Assert.Empty((await AskedCheck.Of("command: probe").AskAsync(Ends(1, new string('x', 10_000)))).Evidence);

    /// <summary>A secret lies over each place where a line or the output could be cut.</summary>
    [Theory]
    [InlineData(295, 0)]
    [InlineData(0, (8 << 10) - 8)]
    [InlineData(290, (8 << 10) - 8)]
    public async Task No_part_of_a_secret_is_shown(int before, int after)
    {
        var asked = AskedCheck.Of("command: { argv: probe, env: { TOKEN: '{{ token }}' } }", null, ("token!", "s3cr3t-value"));

        var verdict = await asked.AskAsync(Ends(1, $"{new string('.', before)}s3cr3t-value{new string('.', after)}\n"));

        Assert.All(verdict.Evidence, line => Assert.DoesNotContain("s3c", line));
        Assert.All(verdict.Evidence, line => Assert.DoesNotContain("lue", line));
        Assert.Equal(after == 0 ? 1 : 0, verdict.Evidence.Length);
    }

    [Fact]
    public async Task What_was_not_found_in_a_long_output_is_unknown()
    {
        var verdict = await AskedCheck.Of("command: { argv: probe, stdout_contains: needle }").AskAsync(Ends(0, new string('a', 2 << 20) + "needle"));

        Assert.Equal(VerdictKind.Unknown, verdict.Kind);
    }

    [Fact]
    public async Task A_program_that_cannot_be_started_is_unknown()
    {
        var verdict = await AskedCheck.Of("command: probe").AskAsync(new ScriptedProcesses { Missing = ["probe"] });

        Assert.Equal((VerdictKind.Unknown, "probe could not be started: not found on PATH"), (verdict.Kind, verdict.Observed));
    }

    [Theory]
    [InlineData(null, 9, false, "probe was killed by signal 9")]
    [InlineData(null, 2, true, "probe did not end within 30s and was ended")]
    [InlineData(0, null, true, "probe did not end within 30s and was ended")]
    public async Task A_program_that_is_ended_gave_no_answer(int? exitCode, int? signal, bool stopped, string observed)
    {
        var verdict = await AskedCheck.Of("command: probe").AskAsync(new EndedProcess(new ProcessExit { ExitCode = exitCode, Signal = signal, Stopped = stopped }));

        Assert.Equal((VerdictKind.Unknown, observed), (verdict.Kind, verdict.Observed));
    }

    [Fact]
    public async Task A_program_that_does_not_end_is_ended_when_its_time_is_over()
    {
        var time = new FakeTimeProvider();
        var asked = AskedCheck.Of("command: { argv: probe, timeout: 2s }").AskAsync(UnusedPorts.All with { Processes = new EndlessProcesses(), Time = time });
        Assert.False(asked.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(2));

        var verdict = await asked;
        Assert.Equal((VerdictKind.Unknown, "probe did not end within 2s and was ended"), (verdict.Kind, verdict.Observed));
    }

    [Fact]
    public async Task A_question_that_is_taken_back_has_no_answer()
    {
        using var cancel = new CancellationTokenSource();
        var asked = AskedCheck.Of("command: probe");
        var answer = asked.AskAsync(asked.Question, UnusedPorts.All with { Processes = new EndlessProcesses(), Time = new FakeTimeProvider() }, cancel.Token);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
    }

    [Fact]
    public async Task A_pattern_that_is_not_decided_in_time_is_unknown()
    {
        var asked = AskedCheck.Of("command: { argv: probe, stdout_matches: x }");
        var question = Assert.IsType<CommandCheck>(asked.Question);
        question = question with { Expected = question.Expected with { OutputMatches = Slow.Pattern } };

        var verdict = await asked.AskAsync(question, UnusedPorts.All with { Processes = Ends(0, Slow.Text) }, TestContext.Current.CancellationToken);

        Assert.Equal((VerdictKind.Unknown, $"exit 0, but looking for {Slow.Pattern} took too long"), (verdict.Kind, verdict.Observed));
    }

    [Fact]
    public async Task What_it_left_behind_makes_it_unknown()
    {
        var verdict = await AskedCheck.Of("command: probe").AskAsync(new EndedProcess(new ProcessExit { ExitCode = 0, Survivors = [new Survivor(77, "sleep 1000")] }));

        Assert.Equal(VerdictKind.Unknown, verdict.Kind);
        Assert.Contains("77 (sleep 1000)", verdict.Observed);
    }

    [Theory]
    [MemberData(nameof(HostileValues.All), MemberType = typeof(HostileValues))]
    public async Task What_is_started_is_what_the_plan_shows(string value)
    {
        var asked = AskedCheck.Of("command: probe '{{ value }}' \"{{ value }}\" {{ value }}", null, ("value", value));
        var processes = Ends(0);
        await asked.AskAsync(processes);

        var planned = Assert.IsType<ProgramStart>(Assert.Single(asked.Question.Effects));
        var started = Assert.Single(processes.Started);
        Assert.Equal(planned.Argv.Select(w => w.Reveal()), started.Argv);
        Assert.Equal(["probe", .. Enumerable.Repeat(value, 3)], started.Argv);
        Assert.Equal(PlannedPlaybook.Project, started.WorkingDirectory);
        Assert.Equal("r1", started.Environment["RUNBOOK_RUN"]);
        Assert.True(started.EndDescendants);
    }

    [Fact]
    public async Task The_environment_is_added_and_its_secrets_are_masked_in_the_plan()
    {
        var asked = AskedCheck.Of("command: { argv: psql, env: { PGPASSWORD: '{{ pw }}', PGHOST: db } }", null, ("pw!", "hunter2-hunter2"));
        var processes = Ends(0);
        await asked.AskAsync(processes);

        Assert.Equal(["PGHOST=db", "PGPASSWORD=hunter2-hunter2", "RUNBOOK_RUN=r1"], Assert.Single(processes.Started).Environment.Select(e => $"{e.Key}={e.Value}"));
        Assert.Equal(["PGHOST=db", "PGPASSWORD=***"], Assert.IsType<ProgramStart>(Assert.Single(asked.Question.Effects)).Environment.Select(e => $"{e.Name}={e.Value.Display}"));
    }

    [Fact]
    public void The_statement_says_all_that_is_asked() =>
        Assert.Equal("`probe 'a b'` ends with code 0 and prints \"ready\"", AskedCheck.Of("command: { argv: [probe, a b], stdout_contains: ready }").Statement);

    [Theory]
    [InlineData("command: { exit: 0 }", "RB1002")]
    [InlineData("command: 'probe \"x'", "RB2006")]
    [InlineData("command: { argv: probe, exit: 256 }", "RB1005")]
    [InlineData("command: { argv: probe, timeout: 3m }", "RB1005")]
    [InlineData("command: ['', x]", "RB3280")]
    [InlineData("command: \"''\"", "RB3280")]
    [InlineData("command: { argv: probe, env: { 'A=B': c } }", "RB3005")]
    public void Mistakes_are_found_before_anything_runs(string check, string code) => Assert.Equal([code], AskedCheck.Of(check).Errors);

    [Fact]
    public void A_secret_word_is_refused() => Assert.Equal(["RB3004"], AskedCheck.Of("command: probe {{ token }}", null, ("token!", "s3cr3t-value")).Errors);

    private sealed class EndedProcess(ProcessExit exit) : IProcesses
    {
        public Task<ProcessExit> RunAsync(ProcessSpec spec, ProcessOutput output, StopTokens stop) => Task.FromResult(exit);

        public ImmutableArray<Survivor> Marked(string name, string value) => [];

        public string? Find(string program, string workingDirectory, ImmutableSortedDictionary<string, string> environment) => program;
    }
}
