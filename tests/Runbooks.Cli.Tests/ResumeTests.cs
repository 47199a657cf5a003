using Runbooks.Engine.Journal;

namespace Runbooks.Cli.Tests;

/// <summary>Going on with a run, ending it and taking it back, by the verbs for it.</summary>
public sealed class ResumeTests
{
    private const string Steps = """
        lock: shop
        steps:
          - { id: one, run: [touch, one.done], undo: { run: [rm, -f, one.done] } }
          - { id: two, run: [bash, -c, "echo ready; while ! test -e go; do sleep 0.02; done"], effect: read }
          - { id: three, run: [touch, three.done], undo: { run: [rm, -f, three.done] } }
        """;

    [Fact]
    public async Task A_run_is_not_resumed_while_a_process_of_it_is_alive()
    {
        using var project = await InterruptedAsync(Steps);

        var refused = (await project.RunAsync("resume")).Expect(3);

        Assert.Contains("processes of it are still alive", refused.Out, StringComparison.Ordinal);
        Assert.Contains("while ! test -e go", refused.Out, StringComparison.Ordinal);
        Assert.False(project.Record().State.IsSealed);
        await GoneAsync(project);
        Assert.Contains("it only reads", (await project.RunAsync("resume")).Expect(0).Out, StringComparison.Ordinal);
        Assert.Equal(Conclusion.Succeeded, project.Record().IsWhole().Ended.Conclusion);
        Assert.True(project.Has("three.done"));
        Assert.Equal(1, project.Record().Step("one").Attempts);
    }

    [Fact]
    public async Task A_playbook_that_changed_is_refused_with_the_difference_and_taken_when_that_is_accepted()
    {
        using var project = await InterruptedAsync(Steps);
        await GoneAsync(project);
        project.Playbook(Steps.Replace("[touch, three.done]", "[touch, other.done]", StringComparison.Ordinal));

        var refused = (await project.RunAsync("resume")).Expect(3);
        Assert.Contains("the playbook pb.yml is not the one that was run", refused.Error, StringComparison.Ordinal);
        Assert.False(project.Has("three.done") || project.Has("other.done"));

        var resumed = (await project.RunAsync("resume", "--accept-changes")).Expect(0);
        Assert.Contains("other.done", resumed.Error, StringComparison.Ordinal);
        Assert.True(project.Has("other.done") && !project.Has("three.done"));
        Assert.True(File.Exists(Path.Combine(project.Record().Folder, "playbook-2.yml")));
        Assert.Equal("plan-2.json", project.Record().State.Basis?.Plan);
    }

    [Fact]
    public async Task A_playbook_with_other_steps_is_not_gone_on_with()
    {
        using var project = await InterruptedAsync(Steps);
        await GoneAsync(project);
        project.Playbook(Steps + "\n  - { id: four, run: [touch, four.done] }\n");

        var refused = (await project.RunAsync("resume", "--accept-changes")).Expect(3);

        Assert.Contains("step 'four': was not in the plan", refused.Error, StringComparison.Ordinal);
        Assert.False(project.Has("three.done") || project.Has("four.done"));
    }

    [Fact]
    public async Task A_file_that_the_rest_of_the_plan_edits_and_that_changed_meanwhile_is_refused()
    {
        using var project = new Project();
        project.Write("a.env", "TAG=v1\n");
        await InterruptAsync(project, Steps + "\n  - { id: pin, edit: { file: a.env, set: { TAG: v2 } } }\n");
        await GoneAsync(project);
        project.Write("a.env", "TAG=v9\n");

        var refused = (await project.RunAsync("resume")).Expect(3);

        Assert.Contains("step 'pin', file a.env: its content has changed", refused.Error, StringComparison.Ordinal);
        Assert.False(project.Has("three.done"));
    }

    [Fact]
    public async Task A_guard_that_the_run_itself_broke_refuses_and_is_accepted()
    {
        using var project = await InterruptedAsync("guards:\n  - file: { path: one.done, exists: false }\n" + Steps);
        await GoneAsync(project);

        var refused = (await project.RunAsync("resume")).Expect(3);
        Assert.Contains("--accept-changes goes on", refused.Out, StringComparison.Ordinal);
        Assert.False(project.Record().State.IsSealed || project.Has("three.done"));
        (await project.RunAsync("resume", "--accept-changes")).Expect(0);

        Assert.True(project.Has("three.done"));
        Assert.Equal("does-not-hold", Assert.Single(project.Record().State.Guards).Verdict);
    }

    [Fact]
    public async Task Secrets_are_asked_for_again()
    {
        using var project = new Project().Set("TOKEN", "a-long-secret");
        await InterruptAsync(project, "vars:\n  token: { secret: true, required: true, from_env: TOKEN }\n" + Steps.Replace("[touch, three.done]", "{ argv: [tee, three.done], stdin: \"{{ token }}\" }", StringComparison.Ordinal));
        await GoneAsync(project);

        project.Set("TOKEN", null);
        Assert.Contains("'token' has no value", (await project.RunAsync("resume")).Expect(2).Error, StringComparison.Ordinal);
        project.Set("TOKEN", "a-long-secret");
        (await project.RunAsync("resume")).Expect(0);

        Assert.Equal("a-long-secret", File.ReadAllText(project.At("three.done")));
    }

    [Fact]
    public async Task An_aborted_run_is_sealed_and_not_resumed()
    {
        using var project = await InterruptedAsync(Steps);
        await GoneAsync(project);

        (await project.RunAsync("abort", "--reason", "we roll forward")).Expect(0);

        Assert.Equal(("it was aborted: we roll forward", Conclusion.Cancelled), (project.Record().IsWhole().Ended.Why, project.Record().Ended.Conclusion));
        Assert.Contains("is over", (await project.RunAsync("resume")).Expect(3).Error, StringComparison.Ordinal);
        Assert.False(project.Has("three.done"));
    }

    [Fact]
    public async Task What_a_run_changed_is_taken_back_from_a_step_on_then_the_rest_then_nothing()
    {
        using var project = new Project().Playbook(Steps);
        project.Write("go", "");
        (await project.ExecAsync()).Expect(0);
        var id = project.Record().Id;

        var preview = (await project.RunAsync("undo", id, "--from", "three", "--dry-run")).Expect(0).Out;
        Assert.Contains("rm -f three.done", preview, StringComparison.Ordinal);
        Assert.DoesNotContain("rm -f one.done", preview, StringComparison.Ordinal);
        Assert.True(project.Has("three.done"));
        (await project.RunAsync("undo", id, "--from", "three")).Expect(0);
        Assert.True(project.Has("one.done") && !project.Has("three.done"));
        (await project.RunAsync("undo", id)).Expect(0);
        Assert.False(project.Has("one.done"));

        Assert.Contains("changed nothing that is not taken back", (await project.RunAsync("undo", id)).Expect(0).Out, StringComparison.Ordinal);
        Assert.All(project.Records().Skip(1), r => Assert.Equal(id, r.State.Started?.Undoes));
    }

    [Fact]
    public async Task A_file_that_somebody_else_changed_since_is_not_put_back()
    {
        using var project = new Project().Playbook("steps:\n  - { id: pin, edit: { file: a.env, set: { TAG: v2 } } }\n");
        project.Write("a.env", "TAG=v1\n");
        (await project.ExecAsync()).Expect(0);
        project.Write("a.env", "TAG=v3\n");

        var undone = (await project.RunAsync("undo")).Expect(1);

        Assert.Contains("changed by somebody else since the step", undone.Out, StringComparison.Ordinal);
        Assert.Equal("TAG=v3\n", File.ReadAllText(project.At("a.env")));
    }

    [Fact]
    public async Task What_cannot_be_taken_back_is_said_and_the_undo_is_not_called_complete()
    {
        using var project = new Project().Playbook("steps:\n  - { id: one, run: [touch, one.done], undo: { run: [rm, one.done] } }\n  - { id: two, run: [touch, two.done] }\n");
        (await project.ExecAsync()).Expect(0);

        var undone = (await project.RunAsync("undo")).Expect(5);

        Assert.Contains("step 'two': it has no undo", undone.Said, StringComparison.Ordinal);
        Assert.True(project.Has("two.done") && !project.Has("one.done"));
    }

    private static async Task<Project> InterruptedAsync(string steps)
    {
        var project = new Project();
        await InterruptAsync(project, steps);
        return project;
    }

    /// <summary>Killed in the middle of its second step, which waits for a file.</summary>
    private static async Task InterruptAsync(Project project, string steps)
    {
        var run = project.Playbook(steps).Start("exec", "pb.yml");
        await run.SeesAsync("│ ready");
        run.Send(NativeCalls.Kill);
        await run.Ended;
    }

    /// <summary>What the killed run left behind ends, and is gone.</summary>
    private static async Task GoneAsync(Project project)
    {
        project.Write("go", "");
        while (MarkedProcesses.Alive(project.Record().Id).Count > 0)
        {
            project.Cancellation.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
