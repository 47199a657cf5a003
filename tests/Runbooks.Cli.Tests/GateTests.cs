using Runbooks.Engine.Journal;

namespace Runbooks.Cli.Tests;

/// <summary>Approvals and questions as the operator meets them: at a real terminal, and without one.</summary>
public sealed class GateTests
{
    private const string Steps = """
        steps:
          - { id: count, run: [echo, "42"], effect: read, capture: true }
          - { id: gate, approve: { question: "{{ steps.count.stdout }} rows are lost. Go on?", by: [alice, bob] } }
          - { id: drop, run: [touch, dropped.done] }
        """;

    [Fact]
    public async Task At_a_terminal_a_yes_with_a_name_lets_the_run_pass()
    {
        using var project = new Project().Playbook(Steps);
        var (run, keyboard) = await TerminalAsync(project, "exec pb.yml");
        await using var typing = keyboard;

        await run.SeesAsync("approve? yes or no");
        await run.SeesAsync("touch dropped.done");
        Assert.False(project.Has("dropped.done"));
        await TypeAsync(keyboard, "yes ticket 42");
        await run.SeesAsync("your name (alice or bob):");
        await TypeAsync(keyboard, "alice");
        var ended = (await run.Ended).Expect(0);

        Assert.True(project.Has("dropped.done"));
        var given = Assert.Single(project.Record().IsWhole().Events<ApprovalGiven>());
        Assert.Equal(("alice", "ticket 42", "terminal"), (given.By, given.Reason, given.Through));
        Assert.Contains("42 rows are lost. Go on?", File.ReadAllText(Path.Combine(project.Record().Folder, given.Shown)), StringComparison.Ordinal);
        Assert.Contains("by alice: ticket 42", ended.Out, StringComparison.Ordinal);
        Assert.Contains("approved by alice", (await project.RunAsync("runs", "show")).Expect(0).Out, StringComparison.Ordinal);
        (await project.RunAsync("audit", "verify")).Expect(0);
    }

    [Fact]
    public async Task What_was_typed_before_the_question_stood_there_is_no_answer()
    {
        using var project = new Project().Playbook(Steps.Replace("[echo, \"42\"]", "[bash, -c, \"echo ready >&2; while ! test -e go; do sleep 0.02; done; echo 42\"]", StringComparison.Ordinal));
        var (run, keyboard) = await TerminalAsync(project, "exec pb.yml");
        await using var typing = keyboard;
        await run.SeesAsync("ready");
        await TypeAsync(keyboard, "yes blindly");
        // The terminal echoes what it has taken.
        await run.SeesAsync("yes blindly");
        project.Write("go", "");

        await run.SeesAsync("approve? yes or no");
        await TypeAsync(keyboard, "no I was too fast");
        await run.SeesAsync("your name");
        await TypeAsync(keyboard, "");
        (await run.Ended).Expect(3);

        Assert.False(project.Has("dropped.done"));
        Assert.Equal("I was too fast", Assert.Single(project.Record().IsWhole().Events<ApprovalDenied>()).Reason);
    }

    [Fact]
    public async Task An_interrupt_at_the_question_ends_the_run_and_nothing_after_it_is_begun()
    {
        using var project = new Project().Playbook(Steps);
        var (run, keyboard) = await TerminalAsync(project, "exec pb.yml");
        await using var typing = keyboard;

        await run.SeesAsync("approve? yes or no");
        await TypeAsync(keyboard, "\u0003", end: "");
        (await run.Ended).Expect(130);

        Assert.False(project.Has("dropped.done"));
        Assert.Equal(Conclusion.Cancelled, project.Record().IsWhole().Ended.Conclusion);
    }

    [Fact]
    public async Task Before_each_step_the_operator_can_skip_it_and_stop()
    {
        using var project = new Project().Playbook("steps:\n  - { id: one, run: [touch, one.done] }\n  - { id: two, run: [touch, two.done] }\n  - { id: three, run: [touch, three.done] }\n");
        var (run, keyboard) = await TerminalAsync(project, "exec --interactive pb.yml");
        await using var typing = keyboard;

        foreach (var (question, answer) in new[] { ("one? run, skip or stop", "run"), ("two? run, skip or stop", "skip it is there"), ("three? run, skip or stop", "stop") })
        {
            await run.SeesAsync(question);
            await TypeAsync(keyboard, answer);
        }

        (await run.Ended).Expect(130);
        Assert.True(project.Has("one.done") && !project.Has("two.done") && !project.Has("three.done"));
        Assert.Equal("the operator: it is there", project.Record().IsWhole().Step("two").SkipReason);
    }

    [Fact]
    public async Task Without_a_terminal_the_run_is_refused_before_its_first_step_and_goes_with_an_approval()
    {
        using var project = new Project().Playbook(Steps);

        Assert.Contains("give '--approve gate=NAME', with the name of who approves (alice or bob)", (await project.ExecAsync()).Expect(3).Out, StringComparison.Ordinal);
        Assert.Empty(project.Record().Events<StepIntended>());
        Directory.Delete(project.Record().Folder, recursive: true);
        Assert.Contains("'--approve' says mallory", (await project.ExecAsync("--approve", "gate=mallory")).Expect(3).Out, StringComparison.Ordinal);
        Assert.Contains("refused: --interactive", (await project.ExecAsync("--interactive")).Expect(3).Error, StringComparison.Ordinal);
        Assert.False(project.Has("dropped.done"));

        (await project.ExecAsync("--approve", "gate=alice")).Expect(0);

        Assert.True(project.Has("dropped.done"));
    }

    [Theory]
    [InlineData("gate", "write STEP=NAME")]
    [InlineData("gate= ", "write STEP=NAME")]
    [InlineData("drop=alice", "no step 'drop' that asks for an approval; these do: gate")]
    public async Task An_approval_of_nothing_is_a_wrong_command(string text, string problem)
    {
        using var project = new Project().Playbook(Steps);

        Assert.Contains(problem, (await project.ExecAsync("--approve", text)).Expect(2).Error, StringComparison.Ordinal);
        Assert.False(project.Has("dropped.done"));
    }

    [Fact]
    public async Task Only_the_plan_whose_digest_was_approved_is_run()
    {
        using var project = new Project().Playbook(Steps);
        var plan = (await project.RunAsync("plan", "pb.yml")).Expect(0).Out;
        var digest = plan[(plan.IndexOf("sha256:", StringComparison.Ordinal) + "sha256:".Length)..][..64];

        Assert.Contains("the plan is another one", (await project.ExecAsync("--approve", "gate=alice", "--digest", new string('0', 64))).Expect(3).Error, StringComparison.Ordinal);
        Assert.Contains("no digest", (await project.ExecAsync("--approve", "gate=alice", "--digest", "abc")).Expect(2).Error, StringComparison.Ordinal);
        Assert.False(project.Has("dropped.done"));
        (await project.ExecAsync("--approve", "gate=alice", "--digest", "sha256:" + digest)).Expect(0);

        Assert.Equal(digest, Assert.Single(project.Record().Events<ApprovalGiven>()).PlanDigest);
    }

    /// <summary>The program on a terminal of its own, made by script(1), and the keyboard of it.</summary>
    internal static async Task<(LiveRun Run, FileStream Keyboard)> TerminalAsync(Project project, string arguments)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/script"), "script is not on this machine");
        (await project.ProgramAsync("mkfifo", "keys")).Expect(0);
        var run = project.StartProgram("bash", "-c", $"exec script -qefc \"'{Project.Binary}' {arguments}\" /dev/null <keys");
        // Opened for both: to open a pipe for writing only waits for its reader.
        return (run, new FileStream(project.At("keys"), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0));
    }

    internal static async Task TypeAsync(FileStream keyboard, string text, string end = "\n")
    {
        await keyboard.WriteAsync(System.Text.Encoding.UTF8.GetBytes(text + end), TestContext.Current.CancellationToken);
        await keyboard.FlushAsync(TestContext.Current.CancellationToken);
    }
}
