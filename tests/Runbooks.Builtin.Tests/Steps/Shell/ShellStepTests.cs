using Runbooks.Engine.Kinds;
using Runbooks.Language.Playbooks;
using Runbooks.Testing;

namespace Runbooks.Builtin.Tests.Steps.Shell;

public sealed class ShellStepTests
{
    [Theory]
    [InlineData("shell: echo hello", new[] { "bash", "-euo", "pipefail", "-c", "echo hello" })]
    [InlineData("shell: { script: echo hello, interpreter: sh }", new[] { "sh", "-eu", "-c", "echo hello" })]
    [InlineData("shell: \"-x\"", new[] { "bash", "-euo", "pipefail", "-c", "--", "-x" })]
    [InlineData("shell: { script: \"+x\", interpreter: sh }", new[] { "sh", "-eu", "-c", "--", "+x" })]
    public void The_script_is_one_word_of_a_strict_shell(string step, string[] argv) =>
        Assert.Equal(argv, PlannedPlaybook.Of($"- {step}").Argv());

    [Fact]
    public void PowerShell_is_told_to_stop_at_errors()
    {
        var argv = PlannedPlaybook.Of("- shell: { script: Get-Item x, interpreter: pwsh }").Argv();

        Assert.Equal(["pwsh", "-NoLogo", "-NoProfile", "-NonInteractive", "-Command"], argv[..5]);
        Assert.Equal("$ErrorActionPreference = 'Stop'; $PSNativeCommandUseErrorActionPreference = $true\nGet-Item x", argv[5]);
    }

    [Fact]
    public void Every_character_of_the_script_is_kept()
    {
        var argv = PlannedPlaybook.Of("- shell: |\n    if true; then\n      echo '$x' \"$y\"   \n    fi\n\n").Argv();

        Assert.Equal("if true; then\n  echo '$x' \"$y\"   \nfi\n", argv[^1]);
    }

    [Theory]
    [MemberData(nameof(HostileValues.All), MemberType = typeof(HostileValues))]
    public async Task A_value_reaches_the_script_through_its_environment_only(string value)
    {
        var planned = PlannedPlaybook.Of("- shell: printf %s \"$V\"\n  env: { V: \"{{ v }}\" }", vars: [("v", value)]);
        var processes = new ScriptedProcesses();

        var outcome = await planned.RunAsync(UnusedPorts.All with { Processes = processes });

        Assert.True(outcome.Succeeded);
        var started = Assert.Single(processes.Started);
        Assert.Equal("printf %s \"$V\"", started.Argv[^1]);
        Assert.Equal(value, started.Environment["V"]);
    }

    [Fact]
    public void A_script_that_does_not_fit_into_one_argument_is_refused()
    {
        var planned = PlannedPlaybook.Of($"- shell: |\n    # {new string('x', 120 * 1024)}\n    true");

        Assert.Equal(["RB3110"], planned.Errors);
    }

    [Fact]
    public void A_script_of_the_longest_length_is_taken()
    {
        var planned = PlannedPlaybook.Of($"- shell: \"{new string('x', 120 * 1024)}\"");

        Assert.Empty(planned.Diagnostics);
    }

    [Fact]
    public void Letters_of_several_bytes_count_as_such() =>
        Assert.Equal(["RB3110"], PlannedPlaybook.Of($"- shell: \"{new string('ä', 61 * 1024)}\"").Errors);

    [Fact]
    public void A_zero_byte_is_refused() => Assert.NotEmpty(PlannedPlaybook.Of("- shell: \"echo a\\0b\"").Errors);

    [Fact]
    public void A_template_inside_the_script_is_refused() =>
        Assert.Equal(["RB2004"], PlannedPlaybook.Of("- shell: echo {{ v }}", vars: [("v", "x")]).Errors);

    [Fact]
    public void The_author_says_the_effect()
    {
        var planned = PlannedPlaybook.Of("- shell: df\n  effect: read\n- shell: touch x");

        Assert.Equal(Effect.Read, planned.Action().Effect);
        Assert.Equal(Effect.Change, planned.Action(1).Effect);
    }

    [Fact]
    public void The_shell_must_be_there()
    {
        var program = Assert.Single(PlannedPlaybook.Of("- shell: echo").Action().Requirements.OfType<ProgramRequirement>());

        Assert.Equal("bash", program.Program);
    }

    [Fact]
    public async Task A_script_that_ends_with_a_code_fails_the_step()
    {
        var outcome = await PlannedPlaybook.Of("- shell: exit 3").RunAsync(UnusedPorts.All with { Processes = new ScriptedProcesses(_ => new ScriptedEnd(3)) });

        Assert.Equal("bash ended with exit code 3", outcome.Failure);
        Assert.Equal(3, outcome.ExitCode);
    }
}
