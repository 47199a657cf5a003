using Runbooks.Engine.Journal;

namespace Runbooks.Cli.Tests;

/// <summary>Cancelling and running out of time, with a child that does everything to stay alive.</summary>
public sealed class StopTests
{
    /// <summary>Ignores every signal that can be ignored, and so do its daemon in a session of its own and the daemon's child.</summary>
    internal const string Stubborn = """
        trap '' INT TERM HUP QUIT
        (setsid bash -c 'trap "" INT TERM HUP QUIT; (setsid sleep 1001 &); echo "daemon is up"; while :; do sleep 1002; done' &)
        echo "child is up"
        while :; do sleep 1003; done
        """;

    [Theory]
    [InlineData(NativeCalls.Interrupt, 130, "SIGINT")]
    [InlineData(NativeCalls.Terminate, 143, "SIGTERM")]
    public async Task A_signal_ends_every_process_of_the_step_and_the_run_records_who_asked(int signal, int exit, string name)
    {
        using var project = Playbook("5m");
        var run = await UpAsync(project);

        run.Send(signal);

        var ended = (await run.Ended).Expect(exit);
        IsOver(project, Conclusion.Cancelled);
        Assert.Equal(name, project.Record().State.StopSignal);
        Assert.Contains("cancelled", ended.Out);
        Assert.Contains($"{name}: step 'stubborn' is asked to end", ended.Out);
        Assert.Equal([StepStanding.Failed, StepStanding.NotReached], project.Record().State.Steps.Select(s => s.Standing));
    }

    [Fact]
    public async Task A_second_interrupt_kills_without_waiting()
    {
        using var project = Playbook("5m", "trap 'echo \"heard it\"' INT\n(trap '' INT TERM; setsid sleep 1001 &)\necho \"daemon is up\"; echo \"child is up\"\nwhile :; do sleep 1003; done");
        var run = await UpAsync(project);

        run.Send(NativeCalls.Interrupt);
        await run.SeesAsync("heard it");
        run.Send(NativeCalls.Interrupt);

        (await run.Ended).Expect(130);
        IsOver(project, Conclusion.Cancelled);
        Assert.InRange(project.Record().EndOf("stubborn").ElapsedMs, 0, 60_000);
    }

    [Fact]
    public async Task A_step_whose_time_is_over_is_ended_with_everything_it_started()
    {
        using var project = Playbook("3s");

        var ended = (await project.ExecAsync()).Expect(1);

        IsOver(project, Conclusion.Failed);
        Assert.True(project.Record().EndOf("stubborn").TimedOut);
        Assert.Contains("longer than its timeout of 3s", ended.Out);
    }

    [Fact]
    public async Task An_interrupt_before_the_first_step_changes_nothing()
    {
        using var project = new Project().Playbook("steps:\n  - { id: pause, wait: 10m }\n  - { id: after, run: [touch, after.done] }\n");
        var run = project.Start("exec", "pb.yml");
        await run.SeesAsync("1/2 pause");

        run.Send(NativeCalls.Interrupt);

        Assert.Contains("nothing was changed", (await run.Ended).Expect(130).Out);
        IsOver(project, Conclusion.Cancelled);
        Assert.False(project.Has("after.done"));
    }

    [Fact]
    public async Task An_interrupt_between_two_attempts_ends_the_wait_for_the_next()
    {
        using var project = new Project().Playbook("steps:\n  - { id: again, run: [\"false\"], retry: { attempts: 3, delay: 10m, max_delay: 10m } }\n");
        var run = project.Start("exec", "pb.yml");
        await run.SeesAsync("attempt 2 in");

        run.Send(NativeCalls.Interrupt);

        (await run.Ended).Expect(130);
        IsOver(project, Conclusion.Cancelled);
        Assert.Equal(1, project.Record().Step("again").Attempts);
    }

    [Fact]
    public async Task A_grandchild_that_holds_the_output_does_not_hold_the_step()
    {
        using var project = new Project().Playbook("""
            steps:
              - { id: starts, run: [bash, -c, "sleep 1001 & echo started"] }
              - { id: after, run: [touch, after.done] }
            """);

        (await project.ExecAsync()).Expect(0);

        var end = project.Record().IsWhole().EndOf("starts");
        Assert.InRange(end.ElapsedMs, 0, 60_000);
        var holder = Assert.Single(MarkedProcesses.Alive(project.Record().Id));
        Assert.Contains(end.Notes, n => n.Contains($"process {holder.Pid} (sleep 1001)", StringComparison.Ordinal));
        Assert.True(project.Has("after.done"));
    }

    private static Project Playbook(string timeout, string script = Stubborn) => new Project().Playbook($$"""
        steps:
          - id: stubborn
            timeout: {{timeout}}
            shell: |
        {{string.Join('\n', script.Split('\n').Select(l => "      " + l))}}
          - { id: after, run: [touch, after.done] }
        """);

    private static async Task<LiveRun> UpAsync(Project project)
    {
        var run = project.Start("exec", "pb.yml");
        await run.SeesAsync("child is up");
        await run.SeesAsync("daemon is up");
        Assert.True(MarkedProcesses.Alive(project.Record().Id).Count >= 2);
        return run;
    }

    private static void IsOver(Project project, Conclusion conclusion)
    {
        var record = project.Record().IsWhole();
        Assert.Equal([], MarkedProcesses.Alive(record.Id));
        Assert.Equal(conclusion, record.Ended.Conclusion);
        Assert.False(project.Has("after.done"));
    }
}
