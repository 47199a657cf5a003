using Runbooks.Engine.Journal;

namespace Runbooks.Cli.Tests;

/// <summary>The disk fails at one call after the other while steps run. Nothing may be told better than it was, no journal may become unreadable, no file may be left half-written.</summary>
public sealed class DiskFaultTests
{
    private const string Compose = "services:\n  app:\n    image: myapp:v2  # the bad one\n";

    private const string Rows = "one\ntwo\n";

    private const string Playbook = """
        lock: shop
        on_failure: undo
        steps:
          - { id: first, shell: "echo ready; while ! test -e go; do sleep 0.02; done", effect: read, capture: true }
          - { id: one, run: [touch, one.done], undo: { run: [rm, -f, one.done] } }
          - id: pin
            edit: { file: docker-compose.yml, set: { services.app.image: myapp:v1 } }
          - { id: save, backup: { files: [data.txt], to: saved.tar } }
          - { id: wipe, run: [rm, data.txt], effect: destroy, requires_backup: save, undo: { run: [tar, -xf, saved.tar, -C, /] } }
          - { id: two, run: [touch, two.done], undo: { run: [rm, -f, two.done] } }
        """;

    [Theory]
    [InlineData("pwrite64", "EIO")]
    [InlineData("pwrite64", "ENOSPC")]
    [InlineData("write", "ENOSPC")]
    [InlineData("fsync", "EIO")]
    [InlineData("rename", "EIO")]
    [InlineData("openat", "ENOSPC")]
    public async Task A_call_that_fails_costs_what_it_had_to_write_and_nothing_else(string call, string error)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/strace"), "strace is not on this machine");
        for (var at = 1; ; at++)
        {
            var when = $"{call} {at} fails with {error}";
            using var project = new Project().Set("DOTNET_ThreadPool_ForceMaxWorkerThreads", "1").Set("DOTNET_EnableDiagnostics", "0").Playbook(Playbook);
            project.Write("docker-compose.yml", Compose);
            project.Write("data.txt", Rows);
            var run = project.Start("exec", "pb.yml");
            await run.SeesAsync("│ ready");
            var faults = project.StartProgram("strace", "-f", "-o", project.At("calls"), "-e", $"trace={call}", "-e", $"inject={call}:error={error}:when={at}", "-p", $"{run.Pid}");
            await faults.SeesAsync("attached");
            project.Write("go", "");
            var ended = await run.Ended;
            await faults.Ended;

            IsHonest(project, ended, when);
            await IsKeptAsync(project, when);
            if (!File.ReadAllText(project.At("calls")).Contains("(INJECTED)", StringComparison.Ordinal))
            {
                Assert.True(at > 1 && ended.Exit == 0, $"{when}: no call was made to fail");
                return;
            }
        }
    }

    /// <summary>The data are there, or a backup that can be read to its end; a backup that has its name is never half-written.</summary>
    private static async Task IsKeptAsync(Project project, string when)
    {
        if (project.Has("saved.tar"))
        {
            Assert.True((await project.ProgramAsync("tar", "-xOf", "saved.tar")).Out == Rows, $"{when}: the backup does not hold the data");
        }
        else
        {
            Assert.True(File.ReadAllText(project.At("data.txt")) == Rows, $"{when}: the data are not what they were");
        }
    }

    private static void IsHonest(Project project, Finished run, string when)
    {
        var (record, said) = (project.Record(), $"{when}: {run.Exit} {run.Out}{run.Error}");
        Assert.True(run.Exit is 0 or 1 or 4 or 5 or 7, said);
        Assert.True(record.Journal.Break is null || record.Journal.IsTorn, said);

        var compose = File.ReadAllText(project.At("docker-compose.yml"));
        var isPinned = compose == Compose.Replace("v2", "v1", StringComparison.Ordinal);
        Assert.True(isPinned || compose == Compose, $"{said}\n{compose}");
        Assert.Empty(Directory.GetFiles(project.Folder, ".runbook-*.tmp"));

        (string Step, bool IsThere)[] effects = [("one", project.Has("one.done")), ("pin", isPinned), ("wipe", !project.Has("data.txt")), ("two", project.Has("two.done"))];
        foreach (var (step, isThere) in effects)
        {
            var state = record.Step(step);
            Assert.False(isThere && state.Standing == StepStanding.NotReached, $"{said}\n{step} happened, and the record does not know of it");
            Assert.False(!isThere && state is { Standing: StepStanding.Succeeded, Undo: UndoStanding.None }, $"{said}\n{step} is recorded as done, and is not");
            Assert.False(isThere && state.Undo == UndoStanding.Undone, $"{said}\n{step} is recorded as undone, and is not");
        }

        Assert.True(run.Exit != 0 || (effects.All(e => e.IsThere) && record.State.IsSealed), said);
        Assert.True(run.Exit != 4 || !effects.Any(e => e.IsThere), said);
        Assert.True(record.State.Ended is null || record.State.Ended.ExitCode == run.Exit || run.Exit == 7, said);
    }
}
