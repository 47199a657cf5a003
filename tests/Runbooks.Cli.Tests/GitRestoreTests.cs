
namespace Runbooks.Cli.Tests;

/// <summary>A file gets the bytes that it had at a revision, with real git.</summary>
public sealed class GitRestoreTests
{
    private static readonly byte[] Old = [0xEF, 0xBB, 0xBF, 0x61, 0x0D, 0x0A, 0x00, 0xFF, 0x80];

    [Theory]
    [InlineData("conf/a.bin")]
    [InlineData("conf/-rf *.bin")]
    [InlineData("conf/ä\"$(x).bin")]
    public async Task It_has_every_byte_that_it_had_and_the_undo_brings_back_what_was_there(string name)
    {
        using var project = await WithHistoryAsync(name);
        project.Playbook($"steps:\n  - restore: {{ git: {{ path: {System.Text.Json.JsonSerializer.Serialize(name)}, revision: HEAD~1 }} }}\n");

        (await project.ExecAsync()).Expect(0);
        Assert.Equal(Old, await File.ReadAllBytesAsync(project.At(name), project.Cancellation));
        Assert.Contains("is already as in HEAD~1", (await project.ExecAsync()).Expect(0).Out, StringComparison.Ordinal);
        (await project.RunAsync("undo", project.Records()[0].Id)).Expect(0);

        Assert.Equal("new\n", await File.ReadAllTextAsync(project.At(name), project.Cancellation));
    }

    [Fact]
    public async Task A_file_that_is_gone_with_its_folder_comes_back_and_the_undo_takes_it_away()
    {
        using var project = await WithHistoryAsync("conf/a.bin");
        Directory.Delete(project.At("conf"), recursive: true);
        project.Playbook("steps:\n  - restore: { git: { path: conf/a.bin, revision: HEAD~1 } }\n");

        (await project.ExecAsync()).Expect(0);
        Assert.Equal(Old, await File.ReadAllBytesAsync(project.At("conf/a.bin"), project.Cancellation));
        (await project.RunAsync("undo")).Expect(0);

        Assert.False(project.Has("conf/a.bin"));
    }

    [Fact]
    public async Task It_can_go_to_another_place()
    {
        using var project = await WithHistoryAsync("conf/a.bin");
        project.Playbook("steps:\n  - restore: { git: { path: conf/a.bin, revision: HEAD~1, to: other/b.bin } }\n");

        (await project.ExecAsync()).Expect(0);

        Assert.Equal(Old, await File.ReadAllBytesAsync(project.At("other/b.bin"), project.Cancellation));
        Assert.Equal("new\n", await File.ReadAllTextAsync(project.At("conf/a.bin"), project.Cancellation));
    }

    [Theory]
    [InlineData("conf/a.bin", "v9", "there is no revision v9 where conf/a.bin lies")]
    [InlineData("conf/none", "HEAD", "has no conf/none")]
    [InlineData("conf", "HEAD", "conf is a folder in HEAD")]
    [InlineData("link", "HEAD", "link is a symbolic link in HEAD")]
    [InlineData("big.lfs", "HEAD", "has only a Git LFS pointer of big.lfs")]
    public async Task What_cannot_be_restored_changes_nothing(string path, string revision, string why)
    {
        using var project = await WithHistoryAsync("conf/a.bin");
        project.Playbook($"steps:\n  - restore: {{ git: {{ path: {path}, revision: {revision} }} }}\n");
        var before = project.Snapshot();

        var run = (await project.ExecAsync()).Expect(1);

        Assert.Contains(why, run.Said, StringComparison.Ordinal);
        Assert.Equal(before, project.Snapshot());
        Assert.False(project.Record().State.Steps[0].MayHaveChanged);
    }

    [Fact]
    public async Task Outside_a_repository_it_says_so()
    {
        using var project = new Project().Playbook("steps:\n  - restore: { git: { path: a, revision: HEAD } }\n");
        project.Write("a", "x");

        Assert.Contains("there is no revision HEAD where a lies: git ended with exit code 128", (await project.ExecAsync()).Expect(1).Said, StringComparison.Ordinal);
    }

    private static async Task<Project> WithHistoryAsync(string name)
    {
        var project = new Project();
        Directory.CreateDirectory(project.At("conf"));
        await GitAsync(project, "init", "-q", "-b", "main");
        await File.WriteAllBytesAsync(project.At(name), Old, project.Cancellation);
        project.Write("big.lfs", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 3\n");
        File.CreateSymbolicLink(project.At("link"), "conf");
        await CommitAsync(project);
        project.Write(name, "new\n");
        await CommitAsync(project);
        return project;
    }

    private static async Task CommitAsync(Project project)
    {
        await GitAsync(project, "add", "-A");
        await GitAsync(project, "-c", "user.name=o", "-c", "user.email=o@example.org", "commit", "-q", "-m", "x");
    }

    private static async Task GitAsync(Project project, params string[] words) => (await project.ProgramAsync("git", words)).Expect(0);
}
