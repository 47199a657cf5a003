using Runbooks.Engine.Journal;

namespace Runbooks.Cli.Tests;

/// <summary>A record that cannot be written: then nothing is done.</summary>
public sealed class StoreTests
{
    private const string Steps = "steps:\n  - { id: one, run: [touch, one.done] }\n";

    [Fact]
    public async Task A_file_where_the_store_should_be_stops_the_run_before_it_begins()
    {
        using var project = new Project().Playbook(Steps);
        project.Write(".runbook", "");

        Unwritable(project, await project.ExecAsync(), $"{project.At(".runbook")} is a file, not a folder");
    }

    [Fact]
    public async Task A_read_only_store_stops_the_run_before_it_begins()
    {
        using var project = new Project().Playbook(Steps);
        using var small = await SmallStore.MountAsync(project, "size=1m");
        await small.MakeReadOnlyAsync();

        Unwritable(project, await project.ExecAsync(), "read-only");
    }

    [Fact]
    public async Task A_full_disk_stops_the_run_before_it_begins()
    {
        using var project = new Project().Playbook(Steps);
        using var small = await SmallStore.MountAsync(project, "size=64k");
        small.Fill();

        Unwritable(project, await project.ExecAsync(), "no space left on the device");
    }

    [Fact]
    public async Task A_disk_that_runs_full_of_output_ends_the_step_and_the_run()
    {
        using var project = new Project().Playbook("steps:\n  - { id: flood, run: [head, -c, 10000000, /dev/zero] }\n  - { id: one, run: [touch, one.done] }\n");
        using var small = await SmallStore.MountAsync(project, "size=1m");

        var ended = await project.ExecAsync();

        Assert.Contains("o space left on", ended.Said, StringComparison.OrdinalIgnoreCase);
        Assert.False(project.Has("one.done"));
        // Whether the outcome still finds room on the disk is a matter of bytes; that the step is not taken for done is not.
        ended.Expect(ended.Exit is 7 ? 7 : 1);
        var record = project.Record();
        Assert.True(record.Journal.Break is null || record.Journal.IsTorn);
        Assert.True(record.Step("flood").Standing is StepStanding.Failed or StepStanding.InDoubt);
        (await project.RunAsync("runs", "show", "--store", project.Store)).Expect(0);
    }

    [Fact]
    public async Task The_store_can_be_elsewhere()
    {
        using var project = new Project().Playbook(Steps);
        (await project.ExecAsync("--store", "trail")).Expect(0);
        (await project.Set("RUNBOOK_STORE", "trail").ExecAsync()).Expect(0);

        project.Store = "trail";
        Assert.Equal(2, project.Records().Count);
        Assert.False(Directory.Exists(project.At(".runbook")));
    }

    private static void Unwritable(Project project, Finished ended, string problem)
    {
        ended.Expect(7);
        Assert.Contains("trail-unwritable: the journal cannot be written", ended.Said);
        Assert.Contains(problem, ended.Said);
        Assert.False(project.Has("one.done"));
    }

    /// <summary>A small file system in memory where the project keeps its runs.</summary>
    private sealed class SmallStore(string path, Project project) : IDisposable
    {
        internal static async Task<SmallStore> MountAsync(Project project, string options)
        {
            Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName == "root", "mounting a small file system needs root on Linux");
            var path = project.At(project.Store);
            Directory.CreateDirectory(path);
            (await project.ProgramAsync("mount", "-t", "tmpfs", "-o", options, "tmpfs", path)).Expect(0);
            return new SmallStore(path, project);
        }

        internal async Task MakeReadOnlyAsync() => (await project.ProgramAsync("mount", "-o", "remount,ro", path)).Expect(0);

        internal void Fill()
        {
            using var file = File.OpenWrite(Path.Combine(path, "filler"));
            var block = new byte[4096];
            Assert.Throws<IOException>(() =>
            {
                for (var i = 0; i < 1000; i++)
                {
                    file.Write(block);
                    file.Flush();
                }
            });
        }

        public void Dispose() => project.ProgramAsync("umount", path).GetAwaiter().GetResult().Expect(0);
    }
}
