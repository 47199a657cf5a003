using Microsoft.Extensions.Time.Testing;
using Runbooks.Engine.Ports;

namespace Runbooks.Host.Tests.Processes;

[Collection(ProcessTests.Name)]
public sealed class StopTests : IDisposable
{
    private readonly Rig _rig = new();
    private readonly Screen _screen = new();
    private readonly CancellationTokenSource _interrupt = new();
    private readonly CancellationTokenSource _kill = new();

    public void Dispose()
    {
        _rig.Dispose();
        _interrupt.Dispose();
        _kill.Dispose();
    }

    private StopTokens Stop => new(_interrupt.Token, _kill.Token);

    [Fact]
    public async Task An_interrupted_program_may_clean_up_and_its_last_words_are_kept()
    {
        Task<ProcessExit> run = _rig.RunAsync(_rig.Spec(Rig.Dummy, "polite", "7"), _screen.Output with { Path = _rig.OutputPath }, Stop);
        await _screen.WaitForAsync("polite");
        await _interrupt.CancelAsync();
        ProcessExit exit = await run;

        Assert.Equal(7, exit.ExitCode);
        Assert.True(exit.Stopped);
        Assert.Empty(exit.Survivors);
        Assert.Equal("polite\nbye\n", await File.ReadAllTextAsync(_rig.OutputPath, Rig.Cancellation));
    }

    [Fact]
    public async Task Each_rung_of_the_ladder_waits_its_grace_and_is_climbed_once()
    {
        var time = new FakeTimeProvider();
        using var rig = new Rig(time);
        ProcessSpec spec = rig.Shell("trap 'echo got INT' INT; trap 'echo got TERM' TERM; echo ready; while :; do sleep 1000 & wait; done") with { Grace = TimeSpan.FromMinutes(1) };
        Task<ProcessExit> run = rig.RunAsync(spec, _screen.Output, Stop);
        await _screen.WaitForAsync("ready");

        await _interrupt.CancelAsync();
        await _screen.WaitForAsync("got INT");
        time.Advance(TimeSpan.FromSeconds(59));
        Assert.DoesNotContain("TERM", _screen.Text, StringComparison.Ordinal);

        time.Advance(TimeSpan.FromSeconds(1));
        await _screen.WaitForAsync("got TERM");
        Assert.False(run.IsCompleted);

        time.Advance(TimeSpan.FromMinutes(1));
        ProcessExit exit = await run;
        Assert.Equal(9, exit.Signal);
        Assert.True(exit.Stopped);
        Assert.Equal("ready\ngot INT\ngot TERM\n", _screen.Text);
        Assert.Empty(rig.Left());
    }

    [Fact]
    public async Task A_program_that_ignores_every_signal_is_killed()
    {
        await StopsEverything(_rig.Spec(Rig.Dummy, "deaf"), "deaf", signal: 9);
    }

    [Fact]
    public async Task The_kill_token_skips_the_ladder()
    {
        ProcessSpec spec = _rig.Spec(Rig.Dummy, "polite", "0") with { Grace = TimeSpan.FromHours(1) };
        Task<ProcessExit> run = _rig.RunAsync(spec, _screen.Output, Stop);
        await _screen.WaitForAsync("polite");
        await _kill.CancelAsync();
        ProcessExit exit = await run;

        Assert.Equal(9, exit.Signal);
        Assert.True(exit.Stopped);
        Assert.Equal("polite\n", _screen.Text);
    }

    [Fact]
    public async Task A_kill_during_the_grace_of_an_interrupt_does_not_wait_for_its_end()
    {
        ProcessSpec spec = _rig.Shell("trap 'echo got INT' INT; echo ready; while :; do sleep 1000 & wait; done") with { Grace = TimeSpan.FromHours(1) };
        Task<ProcessExit> run = _rig.RunAsync(spec, _screen.Output, Stop);
        await _screen.WaitForAsync("ready");
        await _interrupt.CancelAsync();
        await _screen.WaitForAsync("got INT");
        await _kill.CancelAsync();

        Assert.Equal(9, (await run).Signal);
        Assert.Empty(_rig.Left());
    }

    [Fact]
    public async Task A_stopped_program_gets_its_interrupt()
    {
        Task<ProcessExit> run = _rig.RunAsync(_rig.Shell("trap 'echo bye; exit 3' INT; echo ready $$; kill -STOP $$; echo on; while :; do :; done") with { Grace = TimeSpan.FromHours(1) }, _screen.Output, Stop);
        await _screen.WaitForAsync("ready");
        int pid = _screen.Number("ready");
        // Frozen is a state the program cannot tell us about: look until the kernel shows it.
        while (!(await File.ReadAllTextAsync($"/proc/{pid}/stat", Rig.Cancellation)).Contains(") T ", StringComparison.Ordinal))
        {
            await Task.Yield();
        }

        await _interrupt.CancelAsync();
        ProcessExit exit = await run;

        Assert.Equal(3, exit.ExitCode);
    }

    [Fact]
    public async Task A_program_that_closed_its_outputs_is_still_stopped()
    {
        await StopsEverything(_rig.Spec(Rig.Dummy, "close"), "closing", signal: 2);
    }

    [Fact]
    public async Task Descendants_that_ignore_what_their_parent_obeys_are_ended_too()
    {
        // Background jobs of a shell ignore INT; this one ignores TERM as well.
        await StopsEverything(_rig.Shell("sh -c \"trap '' INT TERM; echo ready; while :; do sleep 1000; done\" & wait"), "ready", signal: 2);
    }

    [Fact]
    public async Task A_double_forked_daemon_in_its_own_session_does_not_survive()
    {
        await StopsEverything(_rig.Shell($"{Daemon("exec sleep 1000")}; exec sleep 1000"), "daemon", signal: 2);
        Assert.False(Rig.Alive(_screen.Number("daemon")));
    }

    [Fact]
    public async Task A_daemon_that_ignores_signals_and_closed_its_streams_does_not_survive()
    {
        await StopsEverything(_rig.Shell($"{Daemon("trap \\\"\\\" INT TERM HUP; exec > /dev/null 2>&1; sleep 1000; sleep 1001")}; exec sleep 1000"), "daemon", signal: 2);
        Assert.False(Rig.Alive(_screen.Number("daemon")));
    }

    [Fact]
    public async Task A_daemon_that_cleared_its_environment_does_not_survive()
    {
        await StopsEverything(_rig.Shell($"{Daemon("exec env -i sleep 1000")}; exec sleep 1000"), "daemon", signal: 2);
        Assert.False(Rig.Alive(_screen.Number("daemon")));
    }

    [Fact]
    public async Task A_daemon_whose_child_made_itself_another_session_does_not_survive()
    {
        await StopsEverything(_rig.Shell($"{Daemon("setsid setsid sleep 1000 & exec sleep 1000")}; exec sleep 1000"), "daemon", signal: 2);
    }

    [Fact]
    public async Task Of_two_steps_at_once_a_stop_ends_only_its_own_daemons()
    {
        using var other = new Rig();
        var otherScreen = new Screen();
        using var otherStop = new CancellationTokenSource();
        Task<ProcessExit> otherRun = other.RunAsync(Marked(other.Shell($"{Daemon("exec sleep 1000")}; exec sleep 1000"), "two"), otherScreen.Output, new StopTokens(default, otherStop.Token));
        Task<ProcessExit> run = _rig.RunAsync(Marked(_rig.Shell($"{Daemon("exec sleep 1000")}; exec sleep 1000"), "one"), _screen.Output, Stop);
        await otherScreen.WaitForAsync("daemon");
        await _screen.WaitForAsync("daemon");

        await _kill.CancelAsync();
        await run;
        Assert.False(Rig.Alive(_screen.Number("daemon")));
        Assert.True(Rig.Alive(otherScreen.Number("daemon")));
        Assert.False(otherRun.IsCompleted);

        await otherStop.CancelAsync();
        await otherRun;
        Assert.False(Rig.Alive(otherScreen.Number("daemon")));
    }

    [Fact]
    public async Task A_daemon_that_an_earlier_step_left_on_purpose_is_not_taken_for_one_of_a_later_step()
    {
        using var earlier = new Rig();
        var earlierScreen = new Screen();
        await earlier.RunAsync(Marked(earlier.Shell(Daemon("exec sleep 1000 > /dev/null 2>&1")), "one"), earlierScreen.Output);
        int daemon = earlierScreen.Number("daemon");

        Task<ProcessExit> run = _rig.RunAsync(Marked(_rig.Shell("echo ready; exec sleep 1000"), "two"), _screen.Output, Stop);
        await _screen.WaitForAsync("ready");
        await _kill.CancelAsync();
        await run;

        Assert.True(Rig.Alive(daemon));
    }

    [Fact]
    public async Task A_storm_of_forks_in_one_group_ends()
    {
        string storm = "trap '' INT TERM; storm() { i=0; while [ $i -lt 400 ]; do sleep 1000 & i=$((i+1)); done; wait; }; storm & storm & echo storm; storm";
        await StopsEverything(_rig.Shell(storm), "storm", signal: 9);
    }

    [Fact]
    public async Task A_chain_that_moves_to_a_new_session_with_every_fork_ends()
    {
        await File.WriteAllTextAsync(Path.Combine(_rig.Folder, "hop.sh"), "trap '' INT TERM; [ $1 -eq 20 ] && echo hopping; [ $1 -lt 3000 ] && setsid sh hop.sh $(($1 + 1)) & exec sleep 1000", Rig.Cancellation);
        Task<ProcessExit> run = _rig.RunAsync(_rig.Spec("sh", "hop.sh", "0"), _screen.Output, Stop);
        await _screen.WaitForAsync("hopping");
        await _kill.CancelAsync();
        ProcessExit exit = await run;

        Assert.Empty(exit.Survivors);
        Assert.Empty(_rig.Left());
    }

    [Fact]
    public async Task What_cannot_be_ended_is_named_and_its_end_is_not_claimed()
    {
        // A frozen group of the first cgroup version keeps even a kill waiting.
        const string Freezer = "/sys/fs/cgroup/freezer";
        Assert.SkipUnless(File.Exists(Freezer + "/cgroup.procs"), "this kernel has no process that survives a kill: no freezer of cgroup version 1");
        string group = $"{Freezer}/runbook-{Guid.NewGuid():N}";
        Directory.CreateDirectory(group);
        var time = new FakeTimeProvider();
        using var rig = new Rig(time);
        int pid = 0;
        try
        {
            Task<ProcessExit> run = rig.RunAsync(rig.Shell("echo pid $$; exec sleep 1000"), _screen.Output, Stop);
            await _screen.WaitForAsync("pid");
            pid = _screen.Number("pid");
            await File.WriteAllTextAsync(group + "/cgroup.procs", $"{pid}", Rig.Cancellation);
            await File.WriteAllTextAsync(group + "/freezer.state", "FROZEN", Rig.Cancellation);
            await _kill.CancelAsync();
            while (!run.IsCompleted)
            {
                time.Advance(TimeSpan.FromSeconds(1));
                await Task.Yield();
            }

            ProcessExit exit = await run;
            Assert.Equal(new Survivor(pid, "sleep 1000"), Assert.Single(exit.Survivors));
            Assert.Null(exit.ExitCode);
            Assert.Null(exit.Signal);
            Assert.True(exit.Stopped);
        }
        finally
        {
            await File.WriteAllTextAsync(group + "/freezer.state", "THAWED", CancellationToken.None);
            while (pid > 0 && Rig.Alive(pid))
            {
                await Task.Yield();
            }

            // Its folder is busy until the kernel has buried it.
            await rig.RunAsync(rig.Spec("true"));
            Directory.Delete(group);
        }
    }

    [Fact]
    public async Task A_stop_after_the_programs_own_end_ends_what_holds_its_output_and_leaves_its_result()
    {
        ProcessSpec spec = _rig.Shell("sleep 1000 & echo own $$; exit 6") with { Drain = TimeSpan.FromHours(1) };
        Task<ProcessExit> run = _rig.RunAsync(spec, _screen.Output, Stop);
        await _screen.WaitForAsync("own");
        while (Rig.Alive(_screen.Number("own")))
        {
            await Task.Yield();
        }

        await _interrupt.CancelAsync();
        ProcessExit exit = await run;

        Assert.Equal(6, exit.ExitCode);
        Assert.False(exit.Stopped);
        Assert.Empty(exit.HoldsOutput);
        Assert.Empty(_rig.Left());
    }

    [Fact]
    public async Task A_bug_in_the_display_is_not_swallowed_and_leaves_nothing_running()
    {
        Task<ProcessExit> run = _rig.RunAsync(_rig.Spec(Rig.Dummy, "deaf"), new ProcessOutput { Seen = _ => throw new InvalidOperationException("bug") });

        Assert.Equal("bug", (await Assert.ThrowsAsync<InvalidOperationException>(() => run)).Message);
        Assert.Empty(_rig.Left());
    }

    [Fact]
    public async Task Descendants_of_a_program_that_ended_by_itself_are_ended_when_asked()
    {
        ProcessSpec spec = _rig.Shell($"{Daemon("exec sleep 1000")}; exit 5") with { EndDescendants = true };
        ProcessExit exit = await _rig.RunAsync(spec, _screen.Output);

        Assert.Equal(5, exit.ExitCode);
        Assert.False(exit.Stopped);
        Assert.Empty(exit.HoldsOutput);
        Assert.False(Rig.Alive(_screen.Number("daemon")));
    }

    [Fact]
    public async Task Descendants_of_a_program_that_ended_by_itself_are_left_when_not_asked()
    {
        ProcessExit exit = await _rig.RunAsync(_rig.Shell(Daemon("exec sleep 1000 > /dev/null 2>&1")), _screen.Output);

        Assert.Equal(0, exit.ExitCode);
        Assert.Empty(exit.Survivors);
        Assert.True(Rig.Alive(_screen.Number("daemon")));
    }

    private static ProcessSpec Marked(ProcessSpec spec, string step) => spec with { Environment = spec.Environment.Add("RUNBOOK_RUN", "r1").Add("RUNBOOK_STEP", step) };

    /// <summary>Shell text that starts a daemon the old way (fork, setsid, fork), waits until it is there, and prints "daemon PID".</summary>
    private static string Daemon(string command) =>
        $"mkfifo p; (setsid sh -c '(sh -c \"echo \\$\\$ > p; {command}\" &)' &); read -r pid < p; echo daemon $pid";

    private async Task StopsEverything(ProcessSpec spec, string whenSeen, int signal)
    {
        Task<ProcessExit> run = _rig.RunAsync(spec, _screen.Output, Stop);
        await _screen.WaitForAsync(whenSeen);
        await _interrupt.CancelAsync();
        ProcessExit exit = await run;

        Assert.Equal(signal, exit.Signal);
        Assert.True(exit.Stopped);
        Assert.Empty(exit.Survivors);
        Assert.Empty(exit.HoldsOutput);
        Assert.Empty(_rig.Left());
    }
}
