namespace Runbooks.Cli.Tests;

/// <summary>What people see: on a terminal, and without one.</summary>
public sealed class TerminalTests
{
    private const string Steps = """
        steps:
          - id: slow
            shell: |
              echo waiting for the file
              while ! test -e go; do sleep 0.05; done
        """;

    [Fact]
    public async Task Without_a_terminal_there_are_plain_lines_only()
    {
        using var project = new Project().Playbook("steps:\n  - run: [echo, hello]\n");

        var ended = (await project.Set("TERM", "xterm-256color").ExecAsync()).Expect(0);

        Assert.Contains("│ hello", ended.Out);
        Assert.DoesNotContain('\u001b', ended.Said);
        Assert.DoesNotContain('\r', ended.Said);
        Assert.Empty(ended.Error);
    }

    [Fact]
    public async Task On_a_terminal_a_status_line_comes_and_goes_and_nothing_of_it_is_left()
    {
        using var project = new Project().Set("TERM", "xterm-256color").Playbook(Steps);
        var run = Terminal(project);
        await run.SeesAsync("▸ 1/1 slow");
        await run.SeesAsync("waiting for the file");
        project.Write("go", "");

        var ended = (await run.Ended).Expect(0);

        Assert.Contains("\u001b[32m", ended.Out);
        Assert.DoesNotContain("▸", Screen(ended.Out));
        Assert.Contains("succeeded", Screen(ended.Out));
    }

    [Theory]
    [InlineData("NO_COLOR", "1")]
    [InlineData("TERM", "dumb")]
    public async Task Colours_are_left_out_where_they_are_not_wanted(string name, string value)
    {
        using var project = new Project().Set("TERM", "xterm-256color").Set(name, value).Playbook("steps:\n  - run: [echo, hello]\n");

        var ended = (await Terminal(project).Ended).Expect(0);

        Assert.DoesNotMatch("\u001b\\[[0-9;]*m", ended.Out);
        Assert.Contains("hello", ended.Out);
    }

    [Fact]
    public async Task A_reader_that_goes_away_does_not_stop_the_run()
    {
        using var project = new Project().Playbook("steps:\n  - run: [bash, -c, \"for i in {1..100}; do echo $i; done\"]\n  - run: [touch, done.done]\n");

        await project.ProgramAsync("bash", "-c", $"'{Project.Binary}' exec pb.yml | head -n 1");

        Assert.True(project.Has("done.done"));
        project.Record().IsWhole();
    }

    /// <summary>The program on a terminal of its own, made by script(1); an interrupt of the tests' own terminal is none of its business.</summary>
    private static LiveRun Terminal(Project project)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/script"), "script is not on this machine");
        return project.StartProgram("script", "-qefc", $"'{Project.Binary}' exec pb.yml", "/dev/null");
    }

    /// <summary>What stands on the screen at the end: lines that were erased are gone.</summary>
    private static string Screen(string text) => string.Join('\n', text.Split('\n').Select(line => line[(line.LastIndexOf("\u001b[2K", StringComparison.Ordinal) is >= 0 and var at ? at + 4 : 0)..]));
}
