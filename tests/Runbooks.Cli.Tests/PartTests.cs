namespace Runbooks.Cli.Tests;

/// <summary>Playbooks in playbooks, by the program: found, kept, resumed, taken back.</summary>
public sealed class PartTests
{
    private const string Outer = """
        steps:
          - id: database
            playbook: { file: database.yml, vars: { to: "it's $HOME" } }
          - id: app
            playbook: app.yml
        """;

    private const string Database = """
        runbook: v1
        name: database
        vars: { to: { required: true } }
        steps:
          - { id: ask, run: [echo, found], capture: true, effect: read }
          - { id: migrate, shell: 'printf %s "$TO" > migrated', env: { TO: "{{ to }} {{ steps.ask.stdout }}" }, undo: { run: [rm, -f, migrated] } }
        validations: [{ file: { path: migrated, contains: [found] } }]
        """;

    private const string App = """
        runbook: v1
        name: app
        steps:
          - { id: wait, run: [bash, -c, "echo ready; while ! test -e go; do sleep 0.02; done"], effect: read }
          - { id: start, run: [touch, started], undo: { run: [rm, -f, started] } }
        """;

    private static Project NewProject(string outer = Outer)
    {
        var project = new Project();
        project.Write("playbooks/database.yml", Database);
        project.Write("app.yml", App);
        return project.Playbook(outer);
    }

    [Fact]
    public async Task A_part_is_found_beside_the_playbook_and_in_the_playbooks_of_the_project_and_the_record_keeps_both()
    {
        using var project = NewProject();
        project.Write("go", "");

        var run = (await project.ExecAsync()).Expect(0);

        Assert.Contains("  database  done, and its validations hold\n  app       done\n", run.Out, StringComparison.Ordinal);
        var record = project.Record().IsWhole();
        Assert.Equal("it's $HOME found", File.ReadAllText(project.At("migrated")));
        Assert.Equal(Database, File.ReadAllText(Path.Combine(record.Folder, "playbook.parts", "database.yml")));
        Assert.Equal(App, File.ReadAllText(Path.Combine(record.Folder, "playbook.parts", "app.yml")));
        (await project.RunAsync("audit", "verify")).Expect(0);

        await File.AppendAllTextAsync(Path.Combine(record.Folder, "playbook.parts", "app.yml"), "# somebody was here\n", project.Cancellation);
        Assert.Contains("playbook.parts/app.yml", (await project.RunAsync("audit", "verify")).Expect(1).Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_taken_back_across_the_parts_in_reverse()
    {
        using var project = NewProject();
        project.Write("go", "");
        (await project.ExecAsync()).Expect(0);

        var undone = (await project.RunAsync("undo")).Expect(0);

        Assert.Equal((false, false), (project.Has("started"), project.Has("migrated")));
        Assert.True(undone.Out.IndexOf("app/start", StringComparison.Ordinal) < undone.Out.IndexOf("database/migrate", StringComparison.Ordinal), undone.Out);
    }

    [Fact]
    public async Task A_run_that_was_killed_in_a_part_goes_on_there_with_the_parts_that_it_began_with()
    {
        using var project = NewProject();
        var run = project.Start("exec", "pb.yml");
        await run.SeesAsync("│ ready");
        run.Send(NativeCalls.Kill);
        await run.Ended;
        project.Write("go", "");
        while (MarkedProcesses.Alive(project.Record().Id).Count > 0)
        {
            project.Cancellation.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        project.Write("app.yml", App.Replace("touch, started", "touch, other", StringComparison.Ordinal));
        var refused = (await project.RunAsync("resume")).Expect(3);
        Assert.Contains("the playbook app.yml is not the one that was run", refused.Error, StringComparison.Ordinal);

        (await project.RunAsync("resume", "--accept-changes")).Expect(0);

        Assert.Equal((true, false), (project.Has("other"), project.Has("started")));
        var record = project.Record().IsWhole();
        Assert.Equal(1, record.Step("database/migrate").Attempts);
        Assert.Contains("touch, other", File.ReadAllText(Path.Combine(record.Folder, "playbook-2.parts", "app.yml")), StringComparison.Ordinal);
        (await project.RunAsync("audit", "verify")).Expect(0);
    }

    [Fact]
    public async Task A_saved_plan_is_not_run_when_a_part_has_changed_since()
    {
        using var project = NewProject();
        project.Write("go", "");
        (await project.RunAsync("plan", "pb.yml", "-o", "saved.json")).Expect(0);
        project.Write("playbooks/database.yml", Database.Replace("printf %s", "printf %q", StringComparison.Ordinal));

        var refused = (await project.RunAsync("exec", "--plan", "saved.json")).Expect(3);
        Assert.Contains("step 'database/migrate'", refused.Error, StringComparison.Ordinal);
        Assert.False(project.Has("migrated"));

        project.Write("playbooks/database.yml", Database);
        Directory.CreateDirectory(project.At("elsewhere"));
        (await project.ProgramAsync("/bin/sh", "-c", "cd elsewhere && exec \"$0\" exec --plan ../saved.json --store ../.runbook", Project.Binary)).Expect(0);
        Assert.True(project.Has("migrated"));
    }

    [Fact]
    public async Task Mistakes_of_parts_are_found_by_lint_each_in_its_own_file()
    {
        using var project = NewProject(Outer.Replace("app.yml", "ap.yml", StringComparison.Ordinal));
        project.Write("playbooks/database.yml", Database.Replace("{{ to }}", "{{ tto }}", StringComparison.Ordinal));

        var lint = (await project.RunAsync("lint", "pb.yml", "--format", "line")).Expect(2);

        Assert.Contains("playbooks/database.yml(6,", lint.Out, StringComparison.Ordinal);
        Assert.Contains("there is no file 'ap.yml' beside pb.yml, nor in the project's playbooks/; did you mean 'app.yml'?", lint.Out, StringComparison.Ordinal);
    }
}
