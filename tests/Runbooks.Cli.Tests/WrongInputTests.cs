namespace Runbooks.Cli.Tests;

/// <summary>What is wrong with a command line, a playbook or a machine has its own message and exit code, and nothing is changed.</summary>
public sealed class WrongInputTests
{
    private const string Good = "steps:\n  - { id: one, run: [touch, one.done] }\n";
    private const string Vars = "vars:\n  count: { type: integer, required: true }\n" + Good;

    [Theory]
    [InlineData("'exce'", "did you mean 'exec'?", "exce", "pb.yml")]
    [InlineData("'--dryrun'", "did you mean '--dry-run'?", "exec", "pb.yml", "--dryrun")]
    [InlineData("'--verbos'", "", "exec", "pb.yml", "--verbos")]
    [InlineData("required argument 'playbook' missing", "runbook exec --help", "exec")]
    [InlineData("'yaml'", "markdown", "plan", "pb.yml", "--format", "yaml")]
    [InlineData("there is no file 'missing.yml' here", "playbooks", "exec", "missing.yml")]
    [InlineData("'folder' is a folder", "name a playbook in it", "exec", "folder")]
    [InlineData("no-such-folder does not exist", "", "exec", "pb.yml", "-C", "no-such-folder")]
    [InlineData("not-there.yml", "there is no such file", "exec", "pb.yml", "--vars-file", "not-there.yml")]
    [InlineData("there is no run 'x'", "", "runs", "show", "x")]
    public async Task A_wrong_command_line_is_refused(string message, string hint, params string[] args)
    {
        using var project = new Project().Playbook(Good);
        Directory.CreateDirectory(project.At("folder"));
        Directory.CreateDirectory(project.At(".runbook/runs/20260101T000000Z-000000"));
        project.Write(".runbook/runs/20260101T000000Z-000000/journal.jsonl", "");

        await RefusedAsync(project, 2, args, message, hint);
    }

    [Theory]
    [InlineData("[", "RB0001", "pb.yml:1:1")]
    [InlineData("just text", "RB10", "pb.yml:1:1")]
    [InlineData("", "RB0005", "pb.yml:1:1")]
    [InlineData("runbook: v9\nname: a\nsteps:\n  - run: [touch, x]\n", "'v9'", "pb.yml:1:10")]
    [InlineData("name: a\nsteps:\n  - run: [touch, x]\n", "'runbook'", "pb.yml:1:1")]
    [InlineData("runbook: v1\nname: a\nsteps:\n  - runn: [touch, x]\n", "did you mean 'run'?", "pb.yml:4:5")]
    [InlineData("runbook: v1\nname: a\nname: b\nsteps:\n  - run: [touch, x]\n", "'name'", "pb.yml:3:1")]
    public async Task A_file_that_is_no_playbook_is_refused_with_its_place(string text, string message, string place)
    {
        using var project = new Project();
        project.Write("pb.yml", text);

        await RefusedAsync(project, 2, ["exec", "pb.yml"], message, place);
        (await project.RunAsync("lint", "pb.yml")).Expect(2);
    }

    [Fact]
    public async Task A_file_that_is_not_text_is_refused()
    {
        using var project = new Project();
        await File.WriteAllBytesAsync(project.At("pb.yml"), [0x7f, (byte)'E', (byte)'L', (byte)'F', 0, 1, 2, 0xff, 0xfe], project.Cancellation);

        await RefusedAsync(project, 2, ["exec", "pb.yml"], "error RB0010");
    }

    [Theory]
    [InlineData("'count' has no value", "--var count=…")]
    [InlineData("'count': 'three'", "RB2022", "--var", "count=three")]
    [InlineData("did you mean 'count'?", "RB2020", "--var", "count=3", "--var", "counts=3")]
    [InlineData("RB2023", "", "--var", "count")]
    [InlineData("RB2023", "", "--var", "=3")]
    public async Task Wrong_variables_are_refused(string message, string hint, params string[] args)
    {
        using var project = new Project().Playbook(Vars);

        await RefusedAsync(project, 2, ["exec", "pb.yml", .. args], message, hint);
    }

    [Fact]
    public async Task All_mistakes_of_variables_are_told_at_once()
    {
        using var project = new Project().Playbook("vars:\n  a: { required: true }\n  b: { type: boolean }\n" + Good);

        await RefusedAsync(project, 2, ["exec", "pb.yml", "--var", "b=maybe", "--var", "c=1"], "'a' has no value", "'b'", "'c'", "3 errors");
    }

    [Fact]
    public async Task A_machine_without_a_Docker_Engine_is_refused_before_the_first_step()
    {
        using var project = new Project().Playbook("steps:\n  - run: [touch, one.done]\n  - compose: { command: up }\n");
        project.Write("compose.yaml", "name: shop\nservices: { app: { image: 'app:v1' } }\n");
        project.Write("bin/docker", "#!/bin/sh\ntouch docker.done\n", executable: true);
        project.Set("PATH", $"{project.At("bin")}:{Environment.GetEnvironmentVariable("PATH")}");

        await RefusedAsync(project, 3, ["exec", "pb.yml"], $"there is no Docker Engine at unix://{project.At("no-engine.sock")}", "nothing was changed");
    }

    [Fact]
    public async Task An_image_that_is_not_there_is_refused()
    {
        using var engine = FakeEngine.Start("app:v1");
        using var project = new Project().Set("DOCKER_HOST", FakeEngine.AddressOf(engine)).Playbook("guards:\n  - image: app:v0\n" + Good);

        await RefusedAsync(project, 3, ["exec", "pb.yml"], "app:v0", "nothing was changed");
        project.Playbook("guards:\n  - image: app:v1\n" + Good);
        (await project.ExecAsync()).Expect(0);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_refused_with_the_one_who_has_it()
    {
        using var taken = new Listener();
        using var project = new Project().Playbook($"guards:\n  - port: {taken.Port}\n" + Good);

        await RefusedAsync(project, 3, ["exec", "pb.yml"], $"port {taken.Port}", $"{Environment.ProcessId}", "nothing was changed");
    }

    [Fact]
    public async Task All_reasons_to_refuse_are_told_at_once()
    {
        using var taken = new Listener();
        using var project = new Project().Playbook($"guards:\n  - port: {taken.Port}\n  - file: missing.txt\nsteps:\n  - run: [no-such-program]\n  - run: [touch, one.done]\n    cwd: no-such-folder\n");

        await RefusedAsync(project, 3, ["exec", "pb.yml"], $"port {taken.Port}", "missing.txt", "no-such-program", "no-such-folder");
    }

    [Fact]
    public async Task A_program_that_is_not_on_PATH_is_refused_before_the_first_step()
    {
        using var project = new Project().Playbook(Good + "  - { id: two, run: [no-such-program, x] }\n");

        await RefusedAsync(project, 3, ["exec", "pb.yml"], "step 'two' needs the program 'no-such-program', which is not on PATH");
    }

    [Fact]
    public async Task A_program_that_may_not_be_executed_is_refused_before_the_first_step()
    {
        using var project = new Project().Playbook(Good + "  - { id: two, run: [./tool.sh] }\n");
        project.Write("tool.sh", "#!/bin/sh\ntouch tool.done\n");

        await RefusedAsync(project, 3, ["exec", "pb.yml"], "step 'two' needs the program './tool.sh'", "not executable");
    }

    [Fact]
    public async Task A_lock_that_another_run_holds_is_refused_with_the_one_who_holds_it()
    {
        using var project = new Project().Playbook("lock: shop\nsteps:\n  - run: [bash, -c, \"echo ready; exec sleep 1000\"]\n");
        project.Playbook("lock: shop\n" + Good, "other.yml");
        var run = project.Start("exec", "pb.yml");
        await run.SeesAsync("│ ready");

        await RefusedAsync(project, 3, ["exec", "other.yml"], $"the lock 'shop' is held by run {project.Records()[0].Id} by {Environment.UserName}", $"(process {run.Pid})");

        run.Send(NativeCalls.Interrupt);
        (await run.Ended).Expect(130);
        (await project.RunAsync("exec", "other.yml")).Expect(0);
    }

    /// <summary>Refused, with all of these said, and with the project as it was.</summary>
    private static async Task RefusedAsync(Project project, int exit, string[] args, params string[] said)
    {
        var before = project.Snapshot();
        var ended = (await project.RunAsync(args)).Expect(exit);

        Assert.All(said, text => Assert.Contains(text, ended.Said));
        Assert.Equal(before, project.Snapshot());
        if (exit == 2)
        {
            Assert.Empty(ended.Out);
            Assert.DoesNotContain(project.Records(), r => new FileInfo(r.JournalPath).Length > 0);
        }
    }
}
