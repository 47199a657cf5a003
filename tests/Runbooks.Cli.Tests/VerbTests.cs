using System.Text.Json;
using Runbooks.Cli.Commands;

namespace Runbooks.Cli.Tests;

/// <summary>The verbs that answer questions.</summary>
public sealed class VerbTests
{
    [Fact]
    public async Task The_schema_is_JSON_and_knows_every_kind()
    {
        using var project = new Project();
        var schema = (await project.RunAsync("schema")).Expect(0).Out;

        using var document = JsonDocument.Parse(schema);
        Assert.StartsWith("http", document.RootElement.GetProperty("$schema").GetString());
        Assert.All(EveryKind.StepKinds.Concat(EveryKind.CheckKinds), kind => Assert.Contains($"\"{kind}\"", schema));
    }

    [Theory]
    [InlineData("bash", "complete -o default -F _runbook_complete runbook")]
    [InlineData("zsh", "#compdef runbook")]
    [InlineData("fish", "complete -c runbook")]
    public async Task Completion_scripts_are_printed(string shell, string line)
    {
        using var project = new Project();
        Assert.Contains(line, (await project.RunAsync("completion", shell)).Expect(0).Out);
    }

    [Fact]
    public async Task Bash_completes_verbs_and_options_with_the_script()
    {
        using var project = new Project();
        var script = project.Write("completion.sh", (await project.RunAsync("completion", "bash")).Expect(0).Out);
        project.Write("bin/runbook", $"#!/bin/sh\nexec '{Project.Binary}' \"$@\"\n", executable: true);
        project.Set("PATH", $"{project.At("bin")}:{Environment.GetEnvironmentVariable("PATH")}");

        Assert.Equal(["exec", "explain"], await WordsAsync("runbook ex", "runbook", "ex"));
        Assert.Equal(["--dry-run"], await WordsAsync("runbook exec --dr", "runbook", "exec", "--dr"));

        async Task<string[]> WordsAsync(string line, params string[] words)
        {
            var array = string.Join(' ', words.Select(w => $"'{w}'"));
            var ended = await project.ProgramAsync("bash", "-c", $". '{script}'; COMP_LINE='{line}'; COMP_POINT={line.Length}; COMP_WORDS=({array}); COMP_CWORD={words.Length - 1}; _runbook_complete; printf '%s\\n' \"${{COMPREPLY[@]}}\"");
            return [.. ended.Expect(0).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)];
        }
    }

    [Fact]
    public async Task Every_code_and_every_kind_is_explained()
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var composition = new Composition(new Views.Terminal { Out = output, Error = error }, Path.GetTempPath());
        Assert.True(ExplainCommand.Descriptors.Length > 40);

        foreach (var topic in ExplainCommand.Descriptors.Select(d => d.Code).Concat(ExplainCommand.Descriptors.Select(d => d.Name)).Concat(EveryKind.StepKinds).Concat(EveryKind.CheckKinds))
        {
            output.GetStringBuilder().Clear();
            Assert.Equal(0, await App.RunAsync(["explain", topic], composition));
            Assert.True(output.ToString().Length > 40, $"{topic}: {output}");
        }

        Assert.Equal("", error.ToString());
    }

    [Fact]
    public async Task Explain_lists_what_it_knows_and_says_what_it_does_not()
    {
        using var project = new Project();
        var list = (await project.RunAsync("explain")).Expect(0).Out;

        Assert.All(ExplainCommand.Descriptors, d => Assert.Contains(d.Code, list));
        Assert.Contains("did you mean 'edit'?", (await project.RunAsync("explain", "edti")).Expect(2).Error);
    }

    [Fact]
    public async Task Version_and_help_are_told()
    {
        using var project = new Project();
        Assert.Matches(@"^\d+\.\d+\.\d+\s*$", (await project.RunAsync("--version")).Expect(0).Out);
        foreach (var verb in (string[][])[[], ["exec"], ["plan"], ["show"], ["guide"], ["lint"], ["advise"], ["ready"], ["runs"], ["runs", "show"], ["schema"], ["explain"], ["completion"], ["keys"], ["keys", "new"]])
        {
            var help = (await project.RunAsync([.. verb, "--help"])).Expect(0);
            Assert.Contains("Usage:", help.Out);
            Assert.Empty(help.Error);
        }
    }

    [Theory]
    [InlineData("text")]
    [InlineData("markdown")]
    public async Task A_plan_can_be_written_to_a_file_to_be_read(string format)
    {
        using var project = new Project().Playbook("steps:\n  - run: [touch, one.done]\n");
        var shown = (await project.RunAsync("plan", "pb.yml", "--format", format)).Expect(0).Out;

        var written = (await project.RunAsync("plan", "pb.yml", "--format", format, "--output", "plan.txt")).Expect(0);

        Assert.Empty(written.Out);
        Assert.Equal(shown, await File.ReadAllTextAsync(project.At("plan.txt"), project.Cancellation));
        Assert.Contains("pb.yml/plan.txt", (await project.RunAsync("plan", "pb.yml", "--format", format, "--output", "pb.yml/plan.txt")).Expect(2).Error);
        Assert.False(project.Has("one.done"));
    }

    [Fact]
    public async Task A_saved_plan_is_the_plan_as_JSON_with_what_marks_the_copy()
    {
        using var project = new Project().Playbook("steps:\n  - run: [touch, one.done]\n");
        var shown = (await project.RunAsync("plan", "pb.yml", "--format", "json")).Expect(0).Out;

        foreach (var options in (string[][])[["-o", "one.json"], ["--format", "json", "--out", "one.json"]])
        {
            var written = (await project.RunAsync(["plan", "pb.yml", .. options])).Expect(0);
            Assert.Empty(written.Out);
            Assert.Contains(JsonDocument.Parse(shown).RootElement.GetProperty("digest").GetString() ?? "no digest", written.Error);
            var saved = await File.ReadAllTextAsync(project.At("one.json"), project.Cancellation);
            var copy = saved[saved.IndexOf("  \"saved\"", StringComparison.Ordinal)..(saved.IndexOf("},\n", StringComparison.Ordinal) + 3)];
            Assert.Equal(shown, saved.Replace(copy, "", StringComparison.Ordinal));
        }

        Assert.Contains("pb.yml/plan.json", (await project.RunAsync("plan", "pb.yml", "--output", "pb.yml/plan.json")).Expect(2).Error);
        Assert.False(project.Has("one.done"));
    }

    [Fact]
    public async Task A_probe_asks_the_guards_and_runs_nothing()
    {
        using var project = new Project().Playbook("guards:\n  - file: pb.yml\n  - file: missing.txt\nsteps:\n  - run: [touch, one.done]\n");
        var before = project.Snapshot();

        var probed = (await project.RunAsync("plan", "pb.yml", "--probe")).Expect(3);

        Assert.Matches(@"\n  holds +.*pb\.yml", probed.Error);
        Assert.Matches(@"\n  does-not-hold +.*missing\.txt", probed.Error);
        Assert.Equal(before, project.Snapshot());
        Assert.Empty(project.Records());
    }

    [Fact]
    public async Task Mistakes_are_told_in_four_forms()
    {
        using var project = new Project();
        using var good = new Project().Playbook("steps:\n  - run: [x]\n");
        project.Write("pb.yml", "runbook: v1\nname: a\nsteps:\n  - runn: [x]\n  - run: [\"{{ nobody }}\"]\n");

        Assert.Equal("no mistakes\n", (await good.RunAsync("lint", "pb.yml")).Expect(0).Out);
        Assert.Contains("2 errors", (await project.RunAsync("lint", "pb.yml")).Expect(2).Out);
        Assert.Equal(2, (await project.RunAsync("lint", "pb.yml", "--format", "line")).Expect(2).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Count(l => l.StartsWith("pb.yml(", StringComparison.Ordinal)));
        Assert.NotEqual(JsonValueKind.Undefined, JsonDocument.Parse((await project.RunAsync("lint", "pb.yml", "--format", "json")).Expect(2).Out).RootElement.ValueKind);
        using var sarif = JsonDocument.Parse((await project.RunAsync("lint", "pb.yml", "--format", "sarif")).Expect(2).Out);
        Assert.Equal("2.1.0", sarif.RootElement.GetProperty("version").GetString());
    }
}
