using System.Text.Json;

namespace Runbooks.Cli.Tests;

/// <summary>The command that advice hands over is pasted where it was asked for, and names a playbook that is there.</summary>
public sealed class AdvicePlaceTests
{
    private const string Facts = "changes: [application]\nfailure_time: post-deployment\nsystem_state: degraded\ntraffic: production\nprevious_release_available: true\nother_actors: true\nvars: { version: v1.2.3 }\n";
    private const string Stub = "runbook: v1\nname: app-rollback\nvars:\n  version: { required: true }\nsteps:\n  - run: [touch, \"{{ version }}.done\"]\n";

    [Fact]
    public async Task Of_a_project_elsewhere_the_command_is_pasted_and_runs_there()
    {
        using var project = new Project();
        project.Write("facts.yml", Facts);
        project.Write("my shop/playbooks/app-rollback.yml", Stub);

        using var advice = JsonDocument.Parse((await project.RunAsync("advise", "--facts", "facts.yml", "-C", "my shop", "--store", "record", "-f", "json")).Expect(0).Out);

        var command = advice.RootElement.GetProperty("command").GetString() ?? "";
        Assert.StartsWith($"runbook exec '{project.At("my shop/playbooks/app-rollback.yml")}' --project-directory '{project.At("my shop")}' --store {project.At("record")} --var version=v1.2.3", command, StringComparison.Ordinal);
        (await project.ProgramAsync("bash", "-c", $"runbook() {{ '{Project.Binary}' \"$@\"; }}; cd /; {command}")).Expect(0);
        Assert.True(project.Has("my shop/v1.2.3.done"));
        Assert.Single(Directory.GetDirectories(project.At("record/runs")));
        Assert.Empty(advice.RootElement.GetProperty("notes").EnumerateArray());
    }

    [Fact]
    public async Task Commands_in_the_steps_lead_there_too()
    {
        using var project = new Project();
        project.Write("facts.yml", "changes: [database]\nfailure_time: post-deployment\nsystem_state: degraded\ntraffic: production\nmigrations: [{ id: a1, reversible: true, data_loss: none }]\n");
        project.Write("shop/docker-compose.yml", "services: {}\n");

        var text = (await project.RunAsync("advise", "--facts", "facts.yml", "-C", "shop")).Expect(0).Out;

        Assert.Contains($"runbook exec {project.At("shop")}/playbooks/maintenance-on.yml --project-directory {project.At("shop")}", text, StringComparison.Ordinal);
        Assert.Contains("\n  playbooks/db-migration-rollback.yml, playbooks/maintenance-on.yml and playbooks/maintenance-off.yml are not in this project: copy them from the product's playbooks folder\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_to_be_looked_at_is_found_there_too()
    {
        using var project = new Project();
        project.Write("facts.yml", $"{Facts}tried: [{{ playbook: app-rollback, run: r7, outcome: failed }}]\n");
        project.Write("shop/docker-compose.yml", "services: {}\n");

        var text = (await project.RunAsync("advise", "--facts", "facts.yml", "-C", "shop")).Expect(0).Out;

        foreach (var command in (string[])["runbook runs show", "runbook undo", "runbook advise", "runbook assess", "runbook release bad"])
        {
            Assert.Contains($"{command} --project-directory {project.At("shop")} ", text, StringComparison.Ordinal);
        }

        Assert.Equal(2, (await project.RunAsync("runs", "show", "--project-directory", project.At("shop"), "r7")).Exit);
        Assert.Equal(2, (await project.RunAsync("undo", "--project-directory", project.At("shop"), "r7")).Exit);
        Assert.Equal(2, (await project.RunAsync("release", "bad", "--project-directory", project.At("shop"), "r7", "--reason", "x")).Exit);
    }

    [Fact]
    public async Task A_playbook_that_the_project_does_not_have_is_told_in_every_form()
    {
        using var project = new Project();
        project.Write("facts.yml", Facts);
        const string Note = "playbooks/app-rollback.yml is not in this project: copy it from the product's playbooks folder";

        Assert.Contains($"\n  {Note}\n", (await project.RunAsync("advise", "--facts", "facts.yml")).Expect(0).Out, StringComparison.Ordinal);
        Assert.Contains($"\n- **{Note}**\n", (await project.RunAsync("advise", "--facts", "facts.yml", "-f", "markdown")).Expect(0).Out, StringComparison.Ordinal);
        using var json = JsonDocument.Parse((await project.RunAsync("advise", "--facts", "facts.yml", "-f", "json")).Expect(0).Out);
        Assert.Equal([Note], json.RootElement.GetProperty("notes").EnumerateArray().Select(n => n.GetString()));

        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/script"), "script is not on this machine");
        var refused = (await project.ProgramAsync("script", "-qefc", $"'{Project.Binary}' advise --facts facts.yml --exec", "/dev/null")).Expect(3);
        Assert.Contains($"refused: {Note}; nothing was done", refused.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("run exactly this?", refused.Out, StringComparison.Ordinal);
        Assert.Empty(project.Records());
    }

    [Fact]
    public async Task Facts_can_be_piped()
    {
        using var project = new Project();
        project.Write("facts.yml", Facts);
        project.Write("wrong.yml", "changes: [aplication]\n");
        Task<Finished> Piped(string file, string more = "") => project.ProgramAsync("bash", "-c", $"'{Project.Binary}' advise --facts - {more} <{file}");

        Assert.StartsWith("application: deploy the previous image again", (await Piped("facts.yml")).Expect(0).Out, StringComparison.Ordinal);
        Assert.Contains("--> standard input:1:11", (await Piped("wrong.yml")).Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("error: --facts -: the standard input is empty", (await Piped("/dev/null")).Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("refused: with --facts - the facts are read from where the answers would be", (await Piped("facts.yml", "--exec")).Expect(3).Error, StringComparison.Ordinal);
    }
}
