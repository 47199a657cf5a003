using Runbooks.Engine.Journal;

namespace Runbooks.Cli.Tests;

/// <summary>kill -9 of the engine: no moment may cost more than what was not written yet.</summary>
public sealed class KillTests
{
    private const string Three = """
        lock: shop
        steps:
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

    [Fact]
    public async Task A_kill_after_any_event_loses_no_event_that_was_told()
    {
        for (var events = 1; ; events++)
        {
            using var project = new Project().Playbook(Three);
            var run = project.Start("exec", "pb.yml", "--json");
            var killed = await KilledAfterAsync(run, events);

            var told = killed.Out.Split('\n').Where(l => l.EndsWith('}')).ToList();
            var kept = File.ReadAllLines(project.Record().JournalPath);
            Assert.Equal(told, kept.Take(told.Count));
            IsConsistent(project);
            if (killed.Exit == 0)
            {
                Assert.True(events > 8, $"the run was killed at {events} moments only");
                return;
            }
        }
    }

    [Fact]
    public async Task A_kill_at_any_call_that_writes_the_record_leaves_it_readable_and_never_too_good()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/strace"), "strace is not on this machine");
        var kills = 0;
        foreach (var calls in (string[])["pwrite64", "fsync", "rename,renameat,renameat2"])
        {
            // The kernel counts the calls of each thread for itself.
            for (var at = 1; at < 40; at++)
            {
                using var project = new Project().Playbook(Three);
                project.Set("DOTNET_EnableDiagnostics", "0");
                var run = await project.ProgramAsync("strace", "-f", "-qq", "-o", "/dev/null", "-e", $"trace={calls}", "-e", $"inject={calls}:signal=KILL:when={at}", Project.Binary, "exec", "pb.yml");
                IsConsistent(project);
                if (run.Exit == 0)
                {
                    break;
                }

                kills++;
                foreach (var record in project.Records().Where(r => File.Exists(r.JournalPath)))
                {
                    Assert.Contains(record.Id, (await project.RunAsync("runs", "list")).Expect(0).Out);
                    (await project.RunAsync("runs", "show", record.Id)).Expect(0);
                }
            }
        }

        Assert.True(kills >= 5, $"the run was killed at {kills} moments only");
    }

    private static async Task<Finished> KilledAfterAsync(LiveRun run, int events)
    {
        try
        {
            await run.SeesAsync("\"hash\":", events);
            _ = NativeCalls.Send(run.Pid, NativeCalls.Kill);
        }
        catch (Xunit.Sdk.XunitException) when (run.Ended.IsCompletedSuccessfully)
        {
            // It has fewer events than that: all moments were tried.
        }

        return await run.Ended;
    }

    /// <summary>What is visible outside was announced in the record, and what the record calls done is visible outside.</summary>
    private static void IsConsistent(Project project)
    {
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
        }
    }
}
