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
    public async Task A_kill_at_any_call_that_writes_leaves_a_record_that_can_be_read_and_is_never_too_good()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/strace"), "strace is not on this machine");
        var kills = 0;
        foreach (var calls in (string[])["pwrite64", "fsync", "write", "rename,renameat,renameat2"])
        {
            // The kernel counts the calls of each thread for itself.
            for (var at = 1; at < 40; at++)
            {
                using var project = new Project().Playbook(Three);
                project.Set("DOTNET_EnableDiagnostics", "0");
                var run = await project.ProgramAsync("strace", "-f", "-qq", "-o", "/dev/null", "-e", $"trace={calls}", "-e", $"inject={calls}:signal=KILL:when={at}", Project.Binary, "exec", "pb.yml", "--json");
                IsConsistent(project, run);
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

    /// <summary>What was told is in the record, what is visible outside was announced in it, and what it calls done is visible outside.</summary>
    private static void IsConsistent(Project project, Finished run)
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
        }
    }
}
