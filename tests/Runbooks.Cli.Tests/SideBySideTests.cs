using Runbooks.Engine.Journal;

namespace Runbooks.Cli.Tests;

/// <summary>Steps that run at the same time, with real programs.</summary>
public sealed class SideBySideTests
{
    [Fact]
    public async Task Two_steps_that_wait_for_each_other_meet_and_each_line_says_whose_it_is()
    {
        using var project = new Project().Playbook($"""
            steps:
              - parallel:
                  - id: left
                    shell: 'touch left; {Meeting("right", "left_met")}'
                  - id: right
                    shell: 'touch right; {Meeting("left", "right_met")}'
              - run: [ls, left_met, right_met]
            """);

        var run = (await project.ExecAsync()).Expect(0);

        Assert.Contains("left │ met", run.Out, StringComparison.Ordinal);
        Assert.Contains("right │ met", run.Out, StringComparison.Ordinal);
        Assert.Equal("met\n", System.Text.Encoding.UTF8.GetString(project.Record().IsWhole().OutputOf("left")));
    }

    [Fact]
    public async Task Many_at_once_leave_a_whole_journal_and_each_its_own_output()
    {
        using var project = new Project().Playbook($"""
            steps:
              - parallel:
                  limit: 64
                  steps:
                    - id: many
                      for_each: [{string.Join(", ", Enumerable.Range(1, 64))}]
                      shell: 'echo "$N of 64"; echo "$N" >&2'
                      env: {"{"} N: "{"{{ item }}"}" {"}"}
            """);

        (await project.ExecAsync()).Expect(0);

        var record = project.Record().IsWhole();
        Assert.All(Enumerable.Range(1, 64), n => Assert.Contains($"{n} of 64\n", System.Text.Encoding.UTF8.GetString(record.OutputOf($"many[{n}]")), StringComparison.Ordinal));
        (await project.RunAsync("audit", "verify")).Expect(0);
    }

    [Fact]
    public async Task The_first_failure_ends_the_others_with_all_that_they_started_and_all_is_taken_back()
    {
        using var project = new Project().Playbook("""
            on_failure: undo
            steps:
              - parallel:
                  - id: long
                    shell: 'touch long; (sleep 600 & sleep 600); touch never'
                    undo: { run: [rm, -f, long] }
                  - id: fails
                    shell: 'while ! test -e long; do sleep 0.02; done; exit 7'
                    undo: { run: [touch, fails_undone] }
            """);

        var run = (await project.ExecAsync()).Expect(4);

        Assert.Contains("it was ended, because a step beside it failed", run.Out, StringComparison.Ordinal);
        Assert.Equal((false, false, true), (project.Has("long"), project.Has("never"), project.Has("fails_undone")));
        Assert.Empty(MarkedProcesses.Alive(project.Record().Id));
    }

    [Fact]
    public async Task Ctrl_C_ends_all_of_them()
    {
        using var project = new Project().Playbook("""
            steps:
              - parallel:
                  - { id: one, shell: 'echo ready one; sleep 600' }
                  - { id: two, shell: 'echo ready two; sleep 600' }
            """);
        var run = project.Start("exec", "pb.yml");
        await run.SeesAsync("ready one");
        await run.SeesAsync("ready two");

        run.Send(NativeCalls.Interrupt);

        (await run.Ended).Expect(130);
        Assert.Equal(Conclusion.Cancelled, project.Record().IsWhole().Ended.Conclusion);
        Assert.Empty(MarkedProcesses.Alive(project.Record().Id));
    }

    [Fact]
    public async Task A_run_that_was_killed_among_them_goes_on_with_what_is_not_done()
    {
        using var project = new Project().Playbook("""
            steps:
              - parallel:
                  - { id: quick, run: [touch, quick] }
                  - { id: slow, shell: 'echo ready; while ! test -e go; do sleep 0.02; done; touch slow', on_resume: rerun }
              - run: [touch, after]
            """);
        var run = project.Start("exec", "pb.yml");
        await run.SeesAsync("quick done");
        await run.SeesAsync("ready");
        run.Send(NativeCalls.Kill);
        await run.Ended;
        project.Write("go", "");
        while (MarkedProcesses.Alive(project.Record().Id).Count > 0)
        {
            project.Cancellation.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        (await project.RunAsync("resume")).Expect(0);

        Assert.Equal((true, true), (project.Has("slow"), project.Has("after")));
        Assert.Equal(2, project.Record().IsWhole().Step("slow").Attempts);
    }

    private static string Meeting(string other, string mine) => $"while ! test -e {other}; do sleep 0.02; done; echo met; touch {mine}";
}
