using System.Text.Json;
using System.Xml.Linq;

namespace Runbooks.Cli.Tests;

/// <summary><c>runbook verify</c> asks what a playbook calls success, and does nothing else of it.</summary>
public sealed class VerifyTests
{
    private const string Three = """
        steps:
          - { id: broken, edit: { file: not-there.yml, set: { a: b } } }
          - id: make
            shell: touch made
            validate:
              - { name: the door is open, file: door }
          - { id: never, when: "1 == 2", run: [touch, never], validate: [{ file: never }] }
        validations:
          - { name: the house is there, file: house }
          - { name: the street is known, command: [no-such-program] }
        """;

    [Fact]
    public async Task When_all_hold_it_succeeds_and_leaves_nothing_behind()
    {
        using var project = new Project().Playbook(Three.Replace("[no-such-program]", "['true']", StringComparison.Ordinal));
        project.Write("door", "");
        project.Write("house", "");
        var before = project.Snapshot();

        var answer = (await project.RunAsync("verify", "pb.yml")).Expect(0);

        Assert.Contains("  [x] the door is open  (step make)\n  [x] the house is there\n  [x] the street is known\n\nall 3 hold\n", answer.Out, StringComparison.Ordinal);
        Assert.Equal(before, project.Snapshot());
        Assert.False(Directory.Exists(project.At(project.Store)));
    }

    [Fact]
    public async Task What_does_not_hold_and_what_is_unknown_are_told_apart()
    {
        using var project = new Project().Playbook(Three);
        project.Write("house", "");

        var answer = (await project.RunAsync("verify", "pb.yml")).Expect(1);

        Assert.Contains("  [ ] the door is open  (step make)\n        it does not exist\n", answer.Out, StringComparison.Ordinal);
        Assert.Contains("  [x] the house is there\n  [?] the street is known\n        unknown: ", answer.Out, StringComparison.Ordinal);
        Assert.EndsWith("\n1 of 3 hold, 1 does not, 1 is unknown\n", answer.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Programs_read_it_as_JSON_and_as_JUnit()
    {
        using var project = new Project().Playbook(Three.Replace("the door is open", "\"the <door> is \\\"open\\\" & \\e[31mred\"", StringComparison.Ordinal));
        project.Write("house", "");

        using var json = JsonDocument.Parse((await project.RunAsync("verify", "pb.yml", "--format", "json")).Expect(1).Out);
        var junit = XDocument.Parse((await project.RunAsync("verify", "pb.yml", "--format", "junit")).Expect(1).Out);

        Assert.Equal("does-not-hold", json.RootElement.GetProperty("verdict").GetString());
        Assert.Equal(["does-not-hold", "holds", "unknown"], json.RootElement.GetProperty("checks").EnumerateArray().Select(c => c.GetProperty("verdict").GetString()));
        Assert.Equal(["failure", "", "error"], junit.Descendants("testcase").Select(c => c.Elements().SingleOrDefault()?.Name.LocalName ?? ""));
        Assert.Equal("the <door> is \"open\" & ␛[31mred", junit.Descendants("testcase").First().Attribute("name")?.Value);
        Assert.Equal(("3", "1", "1"), (junit.Root?.Attribute("tests")?.Value, junit.Root?.Attribute("failures")?.Value, junit.Root?.Attribute("errors")?.Value));
    }

    [Fact]
    public async Task In_Markdown_it_is_a_list_to_tick_and_nothing_in_it_is_markup()
    {
        using var project = new Project().Playbook(Three.Replace("the door is open", "'the *door* <b>is</b> [open](x)'", StringComparison.Ordinal));
        project.Write("house", "");

        var answer = (await project.RunAsync("verify", "pb.yml", "--format", "markdown")).Expect(1).Out;

        Assert.Contains("\n- [ ] the \\*door\\* \\<b\\>is\\</b\\> \\[open\\](x) (step make): **does not hold**: ", answer, StringComparison.Ordinal);
        Assert.Contains("\n- [x] the house is there: ", answer, StringComparison.Ordinal);
        Assert.Contains("\n- [ ] the street is known: **unknown**: ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_depends_on_the_output_of_a_step_is_unknown_until_the_playbook_was_run_and_then_asked_of_that_run()
    {
        using var project = new Project().Playbook("""
            steps:
              - { id: find, run: [echo, house], capture: true }
            validations:
              - { command: [test, -e, "{{ steps.find.stdout }}"] }
            """);
        project.Write("house", "");

        var before = (await project.RunAsync("verify", "pb.yml")).Expect(6);
        (await project.ExecAsync()).Expect(0);
        var after = (await project.RunAsync("verify", "pb.yml")).Expect(0);

        Assert.Contains("it depends on the output of a step, and the playbook was not run here", before.Out, StringComparison.Ordinal);
        Assert.Contains($"when run {project.Record().Id} began", after.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_check_that_waits_is_asked_until_it_holds_or_once_when_that_is_wanted()
    {
        using var project = new Project().Playbook("validations: [{ command: [sh, -c, 'echo x >>asked; test $(wc -l <asked) -ge 3'], within: 1m, every: 10ms }]\nsteps: [{ run: 'true' }]\n");

        (await project.RunAsync("verify", "pb.yml", "--once")).Expect(1);
        (await project.RunAsync("verify", "pb.yml")).Expect(0);

        Assert.Equal("x\nx\nx\n", await File.ReadAllTextAsync(project.At("asked"), project.Cancellation));
    }

    [Fact]
    public async Task A_secret_is_not_shown()
    {
        using var project = new Project().Playbook("vars: { token: { type: string, secret: true } }\nsteps: [{ run: 'true' }]\nvalidations: [{ name: it is known, command: { argv: [sh, -c, 'echo no $T; exit 1'], env: { T: '{{ token }}' } } }]\n");
        project.Write("vars.json", """{"token":"hunter2-hunter2"}""");

        var answer = (await project.RunAsync("verify", "pb.yml", "--vars-file", project.At("vars.json"))).Expect(1);

        Assert.Contains("[ ] it is known", answer.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", answer.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_can_be_stopped()
    {
        using var project = new Project().Playbook("validations: [{ name: first, command: [touch, begun] }, { name: second, file: never, within: 10m }]\nsteps: [{ run: 'true' }]\n");
        var live = project.Start("verify", "pb.yml");
        await live.SeesAsync("[x] first");

        live.Send(NativeCalls.Interrupt);

        Assert.Contains("stopped: not every check was asked", (await live.Ended).Expect(130).Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_playbook_without_checks_cannot_be_verified()
    {
        using var project = new Project().Playbook("steps: [{ run: 'true' }]\n");

        Assert.Contains("has nothing to verify", (await project.RunAsync("verify", "pb.yml")).Expect(2).Said, StringComparison.Ordinal);
    }
}
