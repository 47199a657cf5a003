using System.Formats.Tar;
using Runbooks.Engine.Journal;

namespace Runbooks.Cli.Tests;

/// <summary>Data is destroyed after a verified backup and never before: with real files, a real disk and the whole program.</summary>
public sealed class BackupTests
{
    private const string Drop = """
          - id: drop
            run: rm -r data
            effect: destroy
            requires_backup: save
        """;

    [Fact]
    public async Task What_is_destroyed_is_in_the_backup_and_the_record_says_so()
    {
        using var project = WithData($"""
            steps:
              - {"{"} id: save, backup: {"{"} files: [data] {"}"}, capture: true {"}"}
            {Drop}
              - run: [tar, -xf, "{"{{"} steps.save.stdout {"}}"}", -C, out]
            """);
        Directory.CreateDirectory(project.At("out"));

        (await project.ExecAsync()).Expect(0);

        var record = project.Record().IsWhole();
        var made = Assert.Single(record.Events<BackupMade>());
        Assert.False(Directory.Exists(project.At("data")));
        Assert.Equal("precious\n", await File.ReadAllTextAsync(project.At("out" + project.At("data/a.txt")), project.Cancellation));
        Assert.Equal(Path.Combine(record.Folder, "backups", "0001-save.tar"), made.Path);
        Assert.Equal(["save"], Assert.IsType<System.Collections.Immutable.ImmutableArray<string>>(record.Events<StepIntended>().Single(e => e.Step == "drop").Backups));
        Assert.Contains($"backup: {made.Path}, {made.Length} bytes, sha256:{made.Sha256}", (await project.RunAsync("runs", "show")).Expect(0).Out, StringComparison.Ordinal);
        (await project.RunAsync("audit", "verify")).Expect(0);
    }

    [Fact]
    public async Task An_audit_finds_a_backup_that_was_altered()
    {
        using var project = WithData("steps:\n  - { id: save, backup: { files: [data] } }\n");
        (await project.ExecAsync()).Expect(0);

        await File.AppendAllTextAsync(project.Record().Events<BackupMade>().Single().Path, "x", project.Cancellation);

        Assert.Contains("backups/0001-save.tar", (await project.RunAsync("audit", "verify")).Expect(1).Said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rm {0}", "is gone")]
    [InlineData("truncate -s -1 {0}", "are on record")]
    [InlineData("printf x | dd of=$(ls {0}) bs=1 seek=700 conv=notrunc status=none", "is not the one on record")]
    public async Task A_backup_that_is_not_what_it_was_lets_nothing_be_destroyed(string damage, string why)
    {
        using var project = WithData($"""
            steps:
              - {"{"} id: save, backup: {"{"} files: [data] {"}"} {"}"}
              - shell: {damage.Replace("{0}", ".runbook/runs/*/backups/0001-save.tar", StringComparison.Ordinal)}
            {Drop}
            """);

        var run = (await project.ExecAsync()).Expect(1);

        Assert.Matches(why, run.Said);
        Assert.Contains("nothing was destroyed", run.Said, StringComparison.Ordinal);
        IsUntouched(project);
    }

    [Fact]
    public async Task A_disk_that_is_too_small_is_found_before_the_first_step()
    {
        using var project = WithData($"steps:\n  - run: touch begun\n  - {{ id: save, backup: {{ files: [data], to: small/save.tar }} }}\n{Drop}\n");
        await using var small = await SmallDisk.MountAsync(project, "small", "size=64k");
        File.WriteAllBytes(project.At("data/large"), new byte[100_000]);

        var run = (await project.ExecAsync()).Expect(3);

        Assert.Contains("bytes of room", run.Said, StringComparison.Ordinal);
        Assert.False(project.Has("begun"));
        Assert.True(project.Has("data/a.txt"));
    }

    [Theory]
    [InlineData("head -c 50000 /dev/zero >small/other", "it needs up to")]
    [InlineData("mount -o remount,ro small", "the file system is read-only")]
    public async Task A_disk_that_fails_during_the_run_lets_nothing_be_destroyed_and_leaves_no_half_a_backup(string meanwhile, string why)
    {
        using var project = WithData($"steps:\n  - shell: {meanwhile}\n  - {{ id: save, backup: {{ files: [data], to: small/save.tar }} }}\n{Drop}\n");
        await using var small = await SmallDisk.MountAsync(project, "small", "size=64k");
        File.WriteAllBytes(project.At("data/large"), new byte[20_000]);

        var run = (await project.ExecAsync()).Expect(1);

        Assert.Contains(why, run.Said, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(project.At("small"), "save*"));
        IsUntouched(project);
    }

    [Fact]
    public async Task What_changes_while_it_is_saved_is_not_saved()
    {
        using var project = WithData($"steps:\n  - {{ id: save, backup: {{ files: [data], to: save.tar }} }}\n{Drop}\n");
        File.WriteAllBytes(project.At("data/large"), new byte[150_000_000]);
        var writer = project.StartProgram("/bin/bash", "-c", "echo writes; while :; do echo x >>data/large; sleep 0.005; done");
        await writer.SeesAsync("writes");

        var run = (await project.ExecAsync()).Expect(1);

        writer.Send(NativeCalls.Kill);
        await writer.Ended;
        Assert.Contains("it was changed while it was read", run.Said, StringComparison.Ordinal);
        Assert.False(project.Has("save.tar") || project.Has("save.tar.partial"));
        IsUntouched(project);
    }

    [Fact]
    public async Task Nothing_is_overwritten()
    {
        using var project = WithData($"steps:\n  - {{ id: save, backup: {{ files: [data], to: save.tar }} }}\n{Drop}\n");
        project.Write("save.tar", "somebody's");

        Assert.Contains("is there already, and is not overwritten", (await project.ExecAsync()).Expect(1).Said, StringComparison.Ordinal);
        Assert.Equal("somebody's", await File.ReadAllTextAsync(project.At("save.tar"), project.Cancellation));
        IsUntouched(project);
    }

    [Fact]
    public async Task The_folder_of_the_runs_is_never_in_it()
    {
        using var project = WithData("steps:\n  - { id: save, backup: { files: [.] } }\n");

        (await project.ExecAsync()).Expect(0);

        await using var archive = File.OpenRead(project.Record().Events<BackupMade>().Single().Path);
        await using var tar = new TarReader(archive);
        var names = new List<string>();
        while (await tar.GetNextEntryAsync(cancellationToken: project.Cancellation) is { } entry)
        {
            names.Add(entry.Name);
        }

        Assert.Contains(names, n => n.EndsWith("data/a.txt", StringComparison.Ordinal));
        Assert.DoesNotContain(names, n => n.Contains(".runbook", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task After_an_interruption_the_backup_counts_as_long_as_it_is_whole(bool isDamaged)
    {
        using var project = WithData($"""
            steps:
              - {"{"} id: save, backup: {"{"} files: [data] {"}"} {"}"}
              - {"{"} id: hold, shell: "echo ready; while ! test -e go; do sleep 0.02; done", on_resume: rerun {"}"}
            {Drop}
            """);
        var run = project.Start("exec", "pb.yml");
        await run.SeesAsync("│ ready");
        run.Send(NativeCalls.Kill);
        await run.Ended;
        project.Write("go", "");
        await Gone(project);
        if (isDamaged)
        {
            File.Delete(project.Record().Events<BackupMade>().Single().Path);
        }

        var resumed = await project.RunAsync("resume");

        Assert.True(resumed.Exit == (isDamaged ? 1 : 0), resumed.ToString());
        Assert.Equal(isDamaged, project.Has("data/a.txt"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_undo_that_destroys_needs_the_backup_of_the_run_that_it_takes_back(bool isDamaged)
    {
        using var project = WithData("""
            steps:
              - { id: save, backup: { files: [data] } }
              - id: fill
                run: touch filled
                undo:
                  run: rm filled
                  effect: destroy
                  requires_backup: save
            """);
        (await project.ExecAsync()).Expect(0);
        if (isDamaged)
        {
            File.Delete(project.Record().Events<BackupMade>().Single().Path);
        }

        var undone = await project.RunAsync("undo", "latest");

        Assert.True(undone.Exit == (isDamaged ? 1 : 0), undone.ToString());
        Assert.Equal(isDamaged, project.Has("filled"));
    }

    [Fact]
    public async Task A_step_that_destroys_without_a_word_about_its_data_is_refused_by_lint()
    {
        using var project = WithData("steps:\n  - run: rm -r data\n    effect: destroy\n");

        Assert.Contains("RB2014", (await project.RunAsync("lint", "pb.yml")).Expect(2).Said, StringComparison.Ordinal);
        Assert.Contains("RB2014", (await project.ExecAsync()).Expect(2).Said, StringComparison.Ordinal);
        IsUntouched(project);
    }

    private static async Task Gone(Project project)
    {
        // The step's own shell sees the file and ends by itself.
        while (MarkedProcesses.Alive(project.Record().Id).Count > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), project.Cancellation);
        }
    }

    private static Project WithData(string body)
    {
        var project = new Project().Playbook(body);
        project.Write("data/a.txt", "precious\n");
        return project;
    }

    private static void IsUntouched(Project project)
    {
        Assert.True(project.Has("data/a.txt"), "the data was destroyed");
        foreach (var record in project.Records())
        {
            Assert.DoesNotContain(record.Events<StepIntended>(), e => e.Step == "drop");
            Assert.False(record.Step("drop").MayHaveChanged);
        }
    }
}
