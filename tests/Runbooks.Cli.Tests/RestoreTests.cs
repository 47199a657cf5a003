using Runbooks.Engine.Journal;

namespace Runbooks.Cli.Tests;

/// <summary>Backups are put back, and that can be taken back.</summary>
public sealed class RestoreTests
{
    private const string Playbook = """
        on_failure: undo
        steps:
          - { id: save, backup: { files: [data] }, capture: true }
          - id: spoil
            shell: |
              echo spoilt >data/a.txt; rm -r data/sub; echo new >data/new.txt
            effect: destroy
            requires_backup: save
            undo:
              restore: { from: "{{ steps.save.stdout }}", files: true }
          - { id: last, shell: "test -e fine", effect: read }
        """;

    [Fact]
    public async Task What_a_step_destroyed_is_put_back_when_the_run_fails()
    {
        using var project = WithData(Playbook);

        (await project.ExecAsync()).Expect(4);

        Assert.Equal("precious\n", Text(project, "data/a.txt"));
        Assert.Equal("deep\n", Text(project, "data/sub/b.txt"));
        Assert.True(project.Has("data/new.txt"));
        project.Record().IsWhole();
        (await project.RunAsync("audit", "verify")).Expect(0);
    }

    [Fact]
    public async Task And_when_it_is_taken_back_later()
    {
        using var project = WithData(Playbook);
        project.Write("fine", "");
        (await project.ExecAsync()).Expect(0);
        Assert.Equal("spoilt\n", Text(project, "data/a.txt"));

        Assert.Contains("puts back what is in", (await project.RunAsync("undo", "latest", "--dry-run")).Expect(0).Out, StringComparison.Ordinal);
        var undone = await project.RunAsync("undo", "latest");

        Assert.Equal(0, undone.Exit);
        Assert.Equal("precious\n", Text(project, "data/a.txt"));
        Assert.Equal("deep\n", Text(project, "data/sub/b.txt"));
    }

    [Fact]
    public async Task A_backup_that_was_altered_since_is_not_restored()
    {
        using var project = WithData("""
            steps:
              - { id: save, backup: { files: [data], to: save.tar } }
              - shell: echo spoilt >data/a.txt; printf x | dd of=save.tar bs=1 seek=1500 conv=notrunc status=none
              - restore: { from: save.tar, files: true }
            """);

        Assert.Contains("is not the backup that is on record", (await project.ExecAsync()).Expect(1).Said, StringComparison.Ordinal);
        Assert.Equal("spoilt\n", Text(project, "data/a.txt"));
    }

    [Fact]
    public async Task A_restore_that_is_taken_back_leaves_everything_as_it_was_before_it()
    {
        using var project = WithData("steps:\n  - { id: save, backup: { files: [data], to: save.tar } }\n");
        (await project.ExecAsync()).Expect(0);
        File.WriteAllText(project.At("data/a.txt"), "newer\n");
        File.Delete(project.At("data/sub/b.txt"));
        project.Playbook("steps:\n  - { id: back, restore: { from: save.tar, files: true } }\n", "back.yml");

        var run = (await project.RunAsync("exec", "back.yml")).Expect(0);
        Assert.Contains("1 file put back and 1 file made, compared with the backup", run.Said, StringComparison.Ordinal);
        Assert.Equal("precious\n", Text(project, "data/a.txt"));
        Assert.Contains("was not there", (await project.RunAsync("runs", "show")).Out, StringComparison.Ordinal);
        (await project.RunAsync("undo", "latest")).Expect(0);

        Assert.Equal("newer\n", Text(project, "data/a.txt"));
        Assert.False(project.Has("data/sub/b.txt"));
        (await project.RunAsync("audit", "verify")).Expect(0);
    }

    [Fact]
    public async Task What_somebody_changed_since_the_restore_is_left_alone()
    {
        using var project = WithData("steps:\n  - { id: save, backup: { files: [data], to: save.tar } }\n");
        (await project.ExecAsync()).Expect(0);
        File.Delete(project.At("data/a.txt"));
        project.Playbook("steps:\n  - { id: back, restore: { from: save.tar, files: true } }\n", "back.yml");
        (await project.RunAsync("exec", "back.yml")).Expect(0);
        File.WriteAllText(project.At("data/a.txt"), "mine\n");

        Assert.Contains("was changed by somebody else", (await project.RunAsync("undo", "latest")).Expect(1).Said, StringComparison.Ordinal);
        Assert.Equal("mine\n", Text(project, "data/a.txt"));
    }

    [Fact]
    public async Task Nothing_is_changed_when_something_else_is_in_the_way()
    {
        using var project = WithData("steps:\n  - { id: save, backup: { files: [data], to: save.tar } }\n");
        (await project.ExecAsync()).Expect(0);
        File.WriteAllText(project.At("data/a.txt"), "newer\n");
        Directory.Delete(project.At("data/sub"), recursive: true);
        File.CreateSymbolicLink(project.At("data/sub"), "/etc");
        project.Playbook("steps:\n  - { id: back, restore: { from: save.tar, files: true } }\n", "back.yml");

        Assert.Contains("it is in the way", (await project.RunAsync("exec", "back.yml")).Expect(1).Said, StringComparison.Ordinal);
        Assert.Equal("newer\n", Text(project, "data/a.txt"));
        Assert.False(project.Records()[^1].Step("back").MayHaveChanged);
    }

    [Fact]
    public async Task What_is_as_in_the_backup_is_not_written()
    {
        using var project = WithData("steps:\n  - { id: save, backup: { files: [data], to: save.tar } }\n  - { id: back, restore: { from: save.tar, files: true } }\n");

        (await project.ExecAsync()).Expect(0);

        Assert.False(project.Record().EndOf("back").Changed);
        Assert.Empty(project.Record().Events<FileKept>());
    }

    private static string Text(Project project, string name) => File.ReadAllText(project.At(name));

    private static Project WithData(string body)
    {
        var project = new Project().Playbook(body);
        project.Write("data/a.txt", "precious\n");
        project.Write("data/sub/b.txt", "deep\n");
        return project;
    }
}
