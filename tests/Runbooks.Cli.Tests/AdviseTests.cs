using System.Text.Json;

namespace Runbooks.Cli.Tests;

/// <summary><c>runbook advise</c> as it is called.</summary>
public sealed class AdviseTests
{
    private const string Application = "changes: [application]\nfailure_time: post-deployment\nsystem_state: degraded\ntraffic: production\nprevious_release_available: true\nvars: { version: v1.2.3 }\n";

    [Fact]
    public async Task A_way_is_recommended_with_its_command()
    {
        using var project = new Project();
        project.Write("facts.yml", Application);
        var before = project.Snapshot();

        var ended = (await project.RunAsync("advise", "--facts", "facts.yml")).Expect(0);

        Assert.StartsWith("application: deploy the previous image again\n\n  runbook exec playbooks/app-rollback.yml --var version=v1.2.3\n", ended.Out);
        Assert.Empty(ended.Error);
        Assert.Equal(before, project.Snapshot());
        Assert.Empty(project.Records());
    }

    [Fact]
    public async Task A_value_that_was_hidden_is_filled_in_by_who_knows_it_and_not_pasted_as_its_mask()
    {
        using var project = new Project();
        project.Write("facts.yml", Application.Replace("v1.2.3", "'***'", StringComparison.Ordinal));

        var ended = (await project.RunAsync("advise", "--facts", "facts.yml")).Expect(0);

        Assert.Contains("runbook exec playbooks/app-rollback.yml --var 'version=<VERSION>'", ended.Out, StringComparison.Ordinal);
        Assert.Contains("(not shown: it looks like a secret): fill it in", ended.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Not_to_roll_back_is_an_answer_and_not_to_know_is_none()
    {
        using var project = new Project();
        project.Write("none.json", """{"changes":["application"],"previous_release_available":false}""");
        project.Write("open.json", "{}");

        using var none = JsonDocument.Parse((await project.RunAsync("advise", "--facts", "none.json", "--format", "json")).Expect(0).Out);
        using var open = JsonDocument.Parse((await project.RunAsync("advise", "--facts", "open.json", "-f", "json")).Expect(6).Out);

        Assert.Equal("none", none.RootElement.GetProperty("strategy").GetString());
        Assert.Equal("inconclusive", open.RootElement.GetProperty("strategy").GetString());
        Assert.Equal("changes", open.RootElement.GetProperty("probe").GetProperty("fact").GetString());
    }

    [Fact]
    public async Task Wrong_facts_are_told_with_their_places_and_no_advice_is_given()
    {
        using var project = new Project();
        project.Write("facts.yml", "changes: [aplication]\nprevious_release_available: yes\nsystem_stat: crashed\n");

        var ended = (await project.RunAsync("advise", "--facts", "facts.yml")).Expect(2);

        Assert.Empty(ended.Out);
        Assert.Contains("--> facts.yml:1:11", ended.Error);
        Assert.Contains("--> facts.yml:2:29", ended.Error);
        Assert.Contains("--> facts.yml:3:1", ended.Error);
        Assert.Contains("did you mean 'application'?", ended.Error);
        Assert.Contains("3 errors", ended.Error);
    }

    [Theory]
    [InlineData("--facts nothing.yml: ", "--facts", "nothing.yml")]
    [InlineData("'xml'", "--facts", "facts.yml", "--format", "xml")]
    [InlineData("--deadline is a time from 1s to 10m", "--deadline", "0s")]
    public async Task With_a_wrong_command_line_there_is_no_advice(string said, params string[] options)
    {
        using var project = new Project();

        Assert.Contains(said, (await project.RunAsync(["advise", .. options])).Expect(2).Error);
    }

    [Fact]
    public async Task Where_nothing_can_be_looked_at_it_says_so_and_asks_the_first_question()
    {
        using var project = new Project();

        var ended = (await project.RunAsync("advise")).Expect(6);

        Assert.Contains("nothing could be looked at: there is no Docker Engine at", ended.Error);
        Assert.StartsWith("inconclusive: ", ended.Out);
    }

    [Theory]
    [InlineData("--interactive")]
    [InlineData("--exec")]
    public async Task Where_nobody_can_be_asked_nothing_is_asked(string option)
    {
        using var project = new Project();
        project.Write("facts.yml", Application);

        var ended = (await project.RunAsync("advise", "--facts", "facts.yml", option)).Expect(3);

        Assert.Contains($"refused: {option} asks, and there is no terminal to ask at", ended.Error);
        Assert.Empty(ended.Out);
    }

    [Fact]
    public async Task On_a_terminal_the_questions_of_the_handbook_are_asked()
    {
        using var project = new Project();
        var (run, keyboard) = await TerminalAsync(project, "advise --interactive");
        await using var typing = keyboard;

        foreach (var (question, answer) in Dialogue)
        {
            await run.SeesAsync(question);
            await TypeAsync(keyboard, answer);
        }

        var ended = (await run.Ended).Expect(0);
        Assert.Contains("runbook exec playbooks/app-rollback.yml --var version=v1.2.3", ended.Out);
    }

    [Fact]
    public async Task Who_stops_the_questions_gets_no_advice()
    {
        using var project = new Project();
        var (run, keyboard) = await TerminalAsync(project, "advise --interactive");
        await using var typing = keyboard;
        await run.SeesAsync("what did the release change?");

        await TypeAsync(keyboard, "\u0003");

        Assert.Contains("stopped: nothing was done", (await run.Ended).Expect(130).Out);
    }

    [Fact]
    public async Task Advice_is_run_when_the_operator_has_seen_the_plan_and_says_yes()
    {
        using var project = new Project();
        project.Write("facts.yml", Application);
        project.Write("playbooks/app-rollback.yml", "runbook: v1\nname: app-rollback\nvars:\n  version: { required: true }\nsteps:\n  - run: [touch, \"{{ version }}.done\"]\n");

        var (refused, keyboard) = await TerminalAsync(project, "advise --facts facts.yml --exec");
        await using (keyboard)
        {
            await refused.SeesAsync("touch v1.2.3.done");
            await refused.SeesAsync("run exactly this?");
            await TypeAsync(keyboard, "no");
            (await refused.Ended).Expect(3);
        }

        Assert.False(project.Has("v1.2.3.done"));
        Assert.Empty(project.Records());
        File.Delete(project.At("keys"));

        var (run, keys) = await TerminalAsync(project, "advise --facts facts.yml --exec");
        await using (keys)
        {
            await run.SeesAsync("run exactly this?");
            await TypeAsync(keys, "yes");
            Assert.Contains("succeeded", (await run.Ended).Expect(0).Out);
        }

        Assert.True(project.Has("v1.2.3.done"));
        project.Record().IsWhole();
    }

    [Fact]
    public async Task Advice_with_an_open_value_is_not_run()
    {
        using var project = new Project();
        project.Write("facts.yml", Application.Replace("vars: { version: v1.2.3 }", "", StringComparison.Ordinal));
        project.Write("playbooks/app-rollback.yml", "runbook: v1\nname: app-rollback\nvars:\n  version: { required: true }\nsteps:\n  - run: [touch, \"{{ version }}.done\"]\n");
        var (run, keyboard) = await TerminalAsync(project, "advise --facts facts.yml --exec");
        await using var typing = keyboard;

        Assert.Contains("the command has no value for version", (await run.Ended).Expect(2).Out);
    }

    private static readonly (string Question, string Answer)[] Dialogue =
    [
        ("what did the release change?", "application"),
        ("when did it fail?", "post-deployment"),
        ("did the trouble begin with the release?", "yes"),
        ("how is the system now?", "degraded"),
        ("whom does it serve?", "production"),
        ("is there a previous release that was well", "yes"),
        ("version, the tag of the release to go back to", "v1.2.3"),
    ];

    /// <summary>The program on a terminal of its own, made by script(1), and the keyboard of it.</summary>
    internal static async Task<(LiveRun Run, FileStream Keyboard)> TerminalAsync(Project project, string arguments)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/script"), "script is not on this machine");
        (await project.ProgramAsync("mkfifo", "keys")).Expect(0);
        var run = project.StartProgram("bash", "-c", $"exec script -qefc \"'{Project.Binary}' {arguments}\" /dev/null <keys");
        // Opened for both: to open a pipe for writing only waits for its reader.
        return (run, new FileStream(project.At("keys"), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0));
    }

    internal static async Task TypeAsync(FileStream keyboard, string text)
    {
        await keyboard.WriteAsync(System.Text.Encoding.UTF8.GetBytes(text + "\n"), TestContext.Current.CancellationToken);
        await keyboard.FlushAsync(TestContext.Current.CancellationToken);
    }
}
