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
    [InlineData(null, 9, false, VerdictKind.DoesNotHold, "killed by signal 9")]
    [InlineData(null, 2, true, VerdictKind.DoesNotHold, "probe did not end within 30s")]
    public async Task A_program_that_is_ended_does_not_hold(int? exitCode, int signal, bool stopped, VerdictKind expected, string observed)
    {
        var verdict = await AskedCheck.Of("command: probe").AskAsync(new EndedProcess(new ProcessExit { ExitCode = exitCode, Signal = signal, Stopped = stopped }));

        Assert.Equal((expected, observed), (verdict.Kind, verdict.Observed));
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
    public void The_statement_says_all_that_is_asked() =>
        Assert.Equal("`probe 'a b'` ends with code 0 and prints \"ready\"", AskedCheck.Of("command: { argv: [probe, a b], stdout_contains: ready }").Statement);

    [Theory]
    [InlineData("command: { exit: 0 }", "RB1002")]
    [InlineData("command: 'probe \"x'", "RB2006")]
    [InlineData("command: { argv: probe, exit: 256 }", "RB1005")]
    public void Mistakes_are_found_before_anything_runs(string check, string code) => Assert.Equal([code], AskedCheck.Of(check).Errors);

    [Fact]
    public void A_secret_word_is_refused() => Assert.Equal(["RB3004"], AskedCheck.Of("command: probe {{ token }}", null, ("token!", "s3cr3t-value")).Errors);

    private sealed class EndedProcess(ProcessExit exit) : IProcesses
    {
        public Task<ProcessExit> RunAsync(ProcessSpec spec, ProcessOutput output, StopTokens stop) => Task.FromResult(exit);

        public string? Find(string program, string workingDirectory, System.Collections.Immutable.ImmutableSortedDictionary<string, string> environment) => program;
    }
}
