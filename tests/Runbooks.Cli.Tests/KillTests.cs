using Runbooks.Engine.Journal;

namespace Runbooks.Cli.Tests;

/// <summary>kill -9 of the engine: no moment may cost more than what was not written yet.</summary>
public sealed class KillTests
{
    private const string Three = """
        lock: shop
        steps:
          - { id: first, shell: "echo ready; if test -n \"${RUNBOOK_WAITS:-}\"; then while ! test -e go; do sleep 0.02; done; fi", effect: read }
          - { id: one, run: [touch, one.done] }
          - { id: two, run: [touch, two.done], retry: { attempts: 2 } }
          - { id: three, run: [touch, three.done] }
        """;

    [Fact]
    public async Task A_kill_during_a_step_leaves_a_record_that_names_the_step_in_doubt()
    {
        using var project = new Project().Playbook("""
            lock: shop
            steps:
              - { id: one, run: [touch, one.done] }
              - { id: two, run: [bash, -c, "echo ready; exec sleep 1000"] }
              - { id: three, run: [touch, three.done] }
            """);
        var run = project.Start("exec", "pb.yml");
        await run.SeesAsync("│ ready");
        run.Send(NativeCalls.Kill);
        await run.Ended;

        var record = project.Record();
        Assert.Null(record.Journal.Break);
        Assert.Equal([StepStanding.Succeeded, StepStanding.InDoubt, StepStanding.NotReached], record.State.Steps.Select(s => s.Standing));
        var show = (await project.RunAsync("runs", "show")).Expect(0).Out;
        Assert.Matches(@"IN DOUBT\s+two", show);
        Assert.Contains("interrupted", show);
        Assert.Contains("not sealed", show);
        Assert.Matches($@"{record.Id}\s+interrupted .*in doubt: two", (await project.RunAsync("runs", "list")).Expect(0).Out);
    }

    [Fact]
    public async Task A_killed_run_leaves_no_lock_although_what_it_started_is_still_alive()
    {
        using var project = new Project().Playbook("""
            lock: shop
            steps:
              - run: [bash, -c, "echo ready; exec sleep 1000"]
            """);
        project.Playbook("lock: shop\nsteps:\n  - run: [touch, next.done]\n", "next.yml");
        var run = project.Start("exec", "pb.yml");
        await run.SeesAsync("│ ready");
        Assert.Contains("is held by run", (await project.RunAsync("exec", "next.yml")).Expect(3).Out);

        run.Send(NativeCalls.Kill);
        await run.Ended;

        Assert.NotEmpty(MarkedProcesses.Alive(project.Records()[0].Id));
        (await project.RunAsync("exec", "next.yml")).Expect(0);
        Assert.True(project.Has("next.done"));
    }

    [Fact]
    public async Task A_running_run_is_told_from_a_killed_one()
    {
        using var project = new Project().Playbook("steps:\n  - run: [bash, -c, \"echo ready; exec sleep 1000\"]\n");
        var run = project.Start("exec", "pb.yml");
        await run.SeesAsync("│ ready");

        Assert.Contains($"still running (process {run.Pid})", (await project.RunAsync("runs", "show")).Expect(0).Out);
        run.Send(NativeCalls.Kill);
        await run.Ended;
        Assert.DoesNotContain("still running", (await project.RunAsync("runs", "show")).Expect(0).Out);
    }

    [Theory]
    [InlineData("pwrite64")]
    [InlineData("fsync")]
    public async Task A_kill_at_any_call_that_writes_the_beginning_of_a_run_leaves_a_record_that_is_never_too_good(string calls)
    {
        for (var at = 1; ; at++)
        {
            using var project = new Project().Playbook(Three);
            project.Set("DOTNET_EnableDiagnostics", "0");
            var run = await project.ProgramAsync(Strace, ["-f", "-qq", "-o", "/dev/null", .. Kill(calls, at), Project.Binary, "exec", "pb.yml", "--json"]);
            await IsConsistentAsync(project, run);
            if (run.Exit == 0)
            {
                Assert.True(at > 1, "nothing was killed");
                return;
            }
        }
    }

    [Theory]
    [InlineData("pwrite64")]
    [InlineData("fsync")]
    [InlineData("write")]
    public async Task A_kill_at_any_call_that_writes_while_steps_run_leaves_a_record_that_is_never_too_good(string calls)
    {
        for (var at = 1; ; at++)
        {
            // strace counts the calls of each thread for itself: the one that began the run waits from the first step on, and the others are one.
            using var project = new Project().Set("DOTNET_ThreadPool_ForceMaxWorkerThreads", "1").Set("DOTNET_EnableDiagnostics", "0").Set("RUNBOOK_WAITS", "1").Playbook(Three);
            var run = project.Start("exec", "pb.yml", "--json");
            await run.SeesAsync("│ ready");
            var killer = project.StartProgram(Strace, ["-f", "-o", "/dev/null", .. Kill(calls, at), "-p", $"{run.Pid}"]);
            await killer.SeesAsync("attached");
            project.Write("go", "");

            var ended = await run.Ended;
            await killer.Ended;
            await IsConsistentAsync(project, ended);
            if (ended.Exit == 0)
            {
                Assert.True(at > 3, $"the run was killed at {at - 1} moments only");
                return;
            }
        }
    }

    private static string Strace
    {
        get
        {
            Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/strace"), "strace is not on this machine");
            return "strace";
        }
    }

    private static string[] Kill(string calls, int at) => ["-e", $"trace={calls}", "-e", $"inject={calls}:signal=KILL:when={at}"];

    /// <summary>What was told is in the record, what is visible outside was announced in it, and what it calls done is visible outside.</summary>
    private static async Task IsConsistentAsync(Project project, Finished run)
    {
        var told = run.Out.Split('\n').Where(l => l.EndsWith("\"}", StringComparison.Ordinal)).ToList();
        if (told.Count > 0)
        {
            Assert.Equal(told, File.ReadAllLines(project.Record().JournalPath).Take(told.Count));
        }

        foreach (var record in project.Records().Where(r => File.Exists(r.JournalPath)))
        {
            var journal = record.Journal;
            Assert.True(journal.Break is null || journal.IsTorn, journal.Break?.Problem);
            foreach (var step in (string[])["one", "two", "three"])
            {
                var standing = record.State.Steps.Where(s => s.Head.Id == step).Select(s => s.Standing).SingleOrDefault(StepStanding.NotReached);
                Assert.False(project.Has($"{step}.done") && standing == StepStanding.NotReached, $"{step} happened, and the record does not know of it");
                Assert.False(!project.Has($"{step}.done") && standing == StepStanding.Succeeded, $"{step} is recorded as done, and did not happen");
            }

            Assert.Contains(record.Id, (await project.RunAsync("runs", "list")).Expect(0).Out);
            var shown = (await project.RunAsync("runs", "show", record.Id)).Expect(0).Out;
            Assert.All(record.State.Steps.Where(s => s.Standing == StepStanding.InDoubt), s => Assert.Matches($@"IN DOUBT\s+{s.Head.Id}", shown));
        }
    }
}
