using System.Text;
using Runbooks.Engine.Kinds;
using Runbooks.Testing;

namespace Runbooks.Builtin.Tests.Steps.Run;

public sealed class RunStepTests
{
    [Theory]
    [MemberData(nameof(HostileValues.All), MemberType = typeof(HostileValues))]
    public async Task A_value_stays_inside_its_word_in_both_forms(string value)
    {
        foreach (var step in (string[])["- run: tool a{{ v }}b {{ v }} 'c {{ v }}'", "- run: [tool, \"a{{ v }}b\", \"{{ v }}\", \"c {{ v }}\"]"])
        {
            var processes = new ScriptedProcesses();
            var outcome = await PlannedPlaybook.Of($"{step}\n  env: {{ V: \"{{{{ v }}}}\" }}", vars: [("v", value)]).RunAsync(UnusedPorts.All with { Processes = processes });

            Assert.True(outcome.Succeeded, outcome.Failure);
            var started = Assert.Single(processes.Started);
            Assert.Equal(["tool", $"a{value}b", value, $"c {value}"], started.Argv);
            Assert.Equal(value, started.Environment["V"]);
        }
    }

    [Theory]
    [InlineData("{{ v | split ';' }}", "tool", "a b", "$HOME 'x'", "")]
    [InlineData("{{ v }}", "tool;a b;$HOME 'x';")]
    [InlineData("{{ v }} {{ v | first }}")]
    [InlineData("{{ [] }}")]
    public void A_line_that_is_one_expression_may_be_a_list_and_its_items_are_the_words(string run, params string[] words)
    {
        var planned = PlannedPlaybook.Of($"- run: \"{run}\"", vars: [("v", "tool;a b;$HOME 'x';")]);

        if (words.Length > 0)
        {
            Assert.Equal(words, planned.Argv());
        }
        else
        {
            Assert.NotEmpty(planned.Errors);
        }
    }

    [Fact]
    public async Task What_is_started_is_what_was_planned_and_the_marks()
    {
        var planned = PlannedPlaybook.Of("- run: { argv: [psql, -c, select], stdin: \"SELECT '{{ pw }}';\" }\n  cwd: db\n  env: { PGPASSWORD: \"{{ pw }}\" }", vars: [("pw!", "hunter2")]);
        var processes = new ScriptedProcesses();

        await planned.RunAsync(UnusedPorts.All with { Processes = processes });

        var (start, started) = ((ProgramStart)planned.Effects()[0], Assert.Single(processes.Started));
        Assert.Equal(start.Argv.Select(w => w.Reveal()), started.Argv);
        Assert.Equal($"{PlannedPlaybook.Project}/db", started.WorkingDirectory);
        Assert.Equal(start.WorkingDirectory, started.WorkingDirectory);
        Assert.Equal(["PGPASSWORD=hunter2", "RUNBOOK_RUN=r1", "RUNBOOK_STEP=step_1"], started.Environment.Select(e => $"{e.Key}={e.Value}"));
        Assert.Equal("SELECT 'hunter2';", Encoding.UTF8.GetString(started.StandardInput.Span));
        Assert.Equal(("***", "SELECT '***';"), (start.Environment[0].Value.Display, start.StandardInput.Display));
    }

    [Fact]
    public async Task A_program_that_is_not_there_leaves_the_world_untouched()
    {
        var outcome = await PlannedPlaybook.Of("- run: nothing").RunAsync(UnusedPorts.All with { Processes = new ScriptedProcesses { Missing = ["nothing"] } });

        Assert.Equal("nothing could not be started: not found on PATH", outcome.Failure);
        Assert.True(outcome.Untouched);
    }
}
