using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Runbooks.Cli.Tests;

/// <summary>A plan that is saved, reviewed, and run: exactly that, exactly once.</summary>
public sealed partial class SavedPlanTests
{
    private const string Body = """
        vars:
          version: { type: string, required: true }
          parts: { type: list, default: [web, "a, b"] }
          wait: { type: duration, default: 90s }
          token: { type: string, secret: true, from_env: APP_TOKEN }
        guards:
          - file: app.yml
        steps:
          - id: pin
            edit: { file: app.yml, set: { image: "app:{{ version }}" } }
          - id: each
            for_each: "{{ parts }}"
            run: [sh, -c, 'printf "%s %s %s\n" "$1" "$2" "$TOKEN" >>done.log', sh, "{{ item }}", "{{ wait }}"]
            env: { TOKEN: "{{ token | default 'none' }}" }

        """;

    [Fact]
    public async Task A_saved_plan_runs_from_anywhere_with_the_values_that_it_was_made_with()
    {
        using var project = Made();
        var saved = (await project.RunAsync("plan", "pb.yml", "--var", "version=v2", "--var", "parts=[x, \"y, z\"]", "-o", "out/plan.json")).Expect(0);
        Assert.Empty(saved.Out);
        Assert.Contains("runbook exec --plan out/plan.json", saved.Error);
        var digest = Digest().Match(saved.Error).Groups[1].Value;
        Assert.DoesNotContain("s3cret", await File.ReadAllTextAsync(project.At("out/plan.json"), project.Cancellation));

        (await project.ProgramAsync("/bin/sh", "-c", $"cd / && exec '{Project.Binary}' exec --plan '{project.At("out/plan.json")}'")).Expect(0);

        var record = project.Record();
        Assert.Equal(digest, record.State.Started?.PlanDigest);
        Assert.Equal("image: app:v2 # now\n", await File.ReadAllTextAsync(project.At("app.yml"), project.Cancellation));
        Assert.Equal("x 1m30s s3cret-token\ny, z 1m30s s3cret-token\n", await File.ReadAllTextAsync(project.At("done.log"), project.Cancellation));
        Assert.Equal(PlanIdOf(project, "out/plan.json"), record.State.SavedPlan?.PlanId);
        Assert.Contains("saved plan taken", (await project.RunAsync("runs", "log", record.Id)).Expect(0).Out);
    }

    [Fact]
    public async Task It_is_run_once()
    {
        using var project = await SavedAsync();
        (await project.RunAsync("exec", "--plan", "plan.json")).Expect(0);
        var first = project.Record().Id;
        project.Write("app.yml", "image: app:v1 # now\n");
        var before = project.Snapshot();

        File.Copy(project.At("plan.json"), project.At("copy.json"));
        foreach (var file in (string[])["plan.json", "copy.json"])
        {
            var refused = (await project.RunAsync("exec", "--plan", file)).Expect(3);
            Assert.Contains($"the saved plan was used before, by run {first} by ", refused.Out);
        }

        File.Delete(project.At("copy.json"));
        Directory.Delete(project.At(".runbook/plans"), recursive: true);
        Assert.Contains($"was used before, by run {first};", (await project.RunAsync("exec", "--plan", "plan.json")).Expect(3).Out);
        Assert.Equal(before, project.Snapshot());

        await SaveAsync(project);
        (await project.RunAsync("exec", "--plan", "plan.json")).Expect(0);
    }

    [Fact]
    public async Task Of_many_that_start_at_the_same_moment_one_runs()
    {
        using var project = new Project().Playbook("steps:\n  - run: [sh, -c, 'echo x >>done.log']\n");
        (await project.RunAsync("plan", "pb.yml", "-o", "plan.json")).Expect(0);

        var ended = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => project.RunAsync("exec", "--plan", "plan.json")));

        Assert.Equal([0, 3, 3, 3, 3, 3, 3, 3], ended.Select(e => e.Exit).Order());
        Assert.Equal("x\n", await File.ReadAllTextAsync(project.At("done.log"), project.Cancellation));
        Assert.Single(project.Records(), r => r.State.SavedPlan is not null);
    }

    [Fact]
    public async Task A_plan_whose_run_was_killed_stays_used()
    {
        using var project = new Project().Playbook("steps:\n  - run: [sh, -c, 'echo begun; sleep 60']\n");
        (await project.RunAsync("plan", "pb.yml", "-o", "plan.json")).Expect(0);
        var live = project.Start("exec", "--plan", "plan.json");
        await live.SeesAsync("begun");
        live.Send(NativeCalls.Kill);
        await live.Ended;

        var again = (await project.RunAsync("exec", "--plan", "plan.json")).Expect(3);

        Assert.Contains("the saved plan was used before, by run ", again.Out);
        Assert.Equal(2, project.Records().Count);
    }

    [Fact]
    public async Task A_run_that_was_refused_by_a_guard_has_not_used_it()
    {
        using var project = new Project().Playbook("guards:\n  - file: ready\nsteps:\n  - run: [touch, one.done]\n");
        (await project.RunAsync("plan", "pb.yml", "-o", "plan.json")).Expect(0);
        (await project.RunAsync("exec", "--plan", "plan.json")).Expect(3);

        project.Write("ready", "");
        (await project.RunAsync("exec", "--plan", "plan.json")).Expect(0);

        Assert.True(project.Has("one.done"));
    }

    [Fact]
    public async Task A_changed_playbook_is_refused()
    {
        using var project = await SavedAsync();
        project.Playbook(Body.Replace("90s", "91s", StringComparison.Ordinal));

        await RefusedAsync(project, ["exec", "--plan", "plan.json"], "playbook pb.yml: its content has changed");

        project.Playbook("steps:\n  - run: {{\n");
        await RefusedAsync(project, ["exec", "--plan", "plan.json"], "no plan can be made any more", "playbook pb.yml: its content has changed");

        File.Delete(project.At("pb.yml"));
        await RefusedAsync(project, ["exec", "--plan", "plan.json"], "pb.yml: there is no such file");
    }

    [Fact]
    public async Task A_changed_value_is_refused_and_the_same_value_is_not()
    {
        using var project = await SavedAsync();
        var vars = project.Write("vars.yml", "version: v2\nparts: [web]\n");

        await RefusedAsync(project, ["exec", "--plan", "plan.json", "--var", "version=v3"], "var 'version': was 'v2', is 'v3'", "step 'pin', file app.yml: the step would leave other content in it");
        await RefusedAsync(project, ["exec", "--plan", "plan.json", "--vars-file", vars], "var 'parts': was web 'a, b', is web");
        (await project.RunAsync("exec", "--plan", "plan.json", "--var", "version=v2", "--var", "wait=90s")).Expect(0);
    }

    [Fact]
    public async Task A_changed_file_is_refused_and_so_is_one_that_is_gone()
    {
        using var project = await SavedAsync();
        project.Write("app.yml", "image: app:v1 # later\n");
        await RefusedAsync(project, ["exec", "--plan", "plan.json"], "step 'pin', file app.yml: its content has changed");

        File.Delete(project.At("app.yml"));
        await RefusedAsync(project, ["exec", "--plan", "plan.json"], "no plan can be made any more");

        project.Write("app.yml", "image: app:v1 # now\n");
        (await project.RunAsync("exec", "--plan", "plan.json")).Expect(0);
    }

    [Fact]
    public async Task Another_engine_and_another_project_are_refused()
    {
        using var project = await SavedAsync();
        Directory.CreateDirectory(project.At("other"));
        project.Write("other/app.yml", "image: app:v1 # now\n");
        await RefusedAsync(project, ["exec", "--plan", "plan.json", "-C", "other"], $"project: was '{project.Folder}', is '{project.At("other")}'");

        var text = await File.ReadAllTextAsync(project.At("plan.json"), project.Cancellation);
        project.Write("plan.json", Redigested(Regex.Replace(text, "\"engine\": \"[^\"]*\"", "\"engine\": \"0.0.1\"", RegexOptions.None, TimeSpan.FromSeconds(5))));
        await RefusedAsync(project, ["exec", "--plan", "plan.json"], "engine: the plan was made by version 0.0.1, this is version ");
    }

    [Fact]
    public async Task A_file_that_was_changed_after_it_was_written_is_refused()
    {
        using var project = await SavedAsync();
        var text = await File.ReadAllTextAsync(project.At("plan.json"), project.Cancellation);
        foreach (var (was, now) in ((string, string)[])[("app:v2", "app:v9"), ("\"timeout\": \"10m\"", "\"timeout\": \"11m\""), (PlanIdOf(project, "plan.json"), new string('0', 32)), ("sha256:", "sha256:0")])
        {
            Assert.Contains(was, text);
            project.Write("plan.json", text.Replace(was, now, StringComparison.Ordinal));
            await RefusedAsync(project, ["exec", "--plan", "plan.json"], "plan.json was changed after it was written");
        }

        // With a digest that fits, it is still not what would happen.
        project.Write("plan.json", Redigested(text.Replace("\"timeout\": \"10m\"", "\"timeout\": \"11m\"", StringComparison.Ordinal)));
        await RefusedAsync(project, ["exec", "--plan", "plan.json"], "step 'pin', timeout: was '11m', is '10m'");
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("{\"format\": 1}")]
    [InlineData("runbook: v1\nname: x\nsteps: []\n")]
    public async Task What_is_no_plan_is_told_and_nothing_is_run(string text)
    {
        using var project = await SavedAsync();
        project.Write("plan.json", text);

        var told = (await project.RunAsync("exec", "--plan", "plan.json")).Expect(2);

        Assert.StartsWith("error: plan.json is not ", told.Error);
        Assert.Empty(project.Records());
    }

    [Fact]
    public async Task A_plan_that_was_cut_is_no_plan()
    {
        using var project = await SavedAsync();
        var bytes = await File.ReadAllBytesAsync(project.At("plan.json"), project.Cancellation);
        await File.WriteAllBytesAsync(project.At("plan.json"), bytes[..(bytes.Length / 2)], project.Cancellation);

        Assert.Contains("a part of it is missing", (await project.RunAsync("exec", "--plan", "plan.json")).Expect(2).Error);
        Assert.Contains("there is no such file", (await project.RunAsync("exec", "--plan", "missing.json")).Expect(2).Error);
        Assert.Empty(project.Records());
    }

    [Fact]
    public async Task A_secret_is_asked_for_again()
    {
        using var project = await SavedAsync();
        project.Set("APP_TOKEN", null);
        await RefusedAsync(project, ["exec", "--plan", "plan.json"], "var 'token': had a value (from APP_TOKEN), and has none now");

        project.Write("secrets.yml", "token: an0ther-secret\n");
        var run = (await project.RunAsync("exec", "--plan", "plan.json", "--vars-file", "secrets.yml")).Expect(0);

        Assert.Contains("web 1m30s an0ther-secret\n", await File.ReadAllTextAsync(project.At("done.log"), project.Cancellation));
        Assert.DoesNotContain("an0ther", run.Said);
    }

    [Fact]
    public async Task A_dry_run_of_a_saved_plan_shows_it_and_uses_nothing_up()
    {
        using var project = await SavedAsync();
        var before = project.Snapshot();

        var shown = (await project.RunAsync("exec", "--plan", "plan.json", "--dry-run")).Expect(0);

        Assert.Contains("+image: app:v2", shown.Out);
        Assert.Equal(before, project.Snapshot());
        Assert.False(Directory.Exists(project.At(".runbook")));
        project.Write("app.yml", "image: other\n");
        Assert.Contains("its content has changed", (await project.RunAsync("exec", "--plan", "plan.json", "--dry-run")).Expect(3).Error);
    }

    [Fact]
    public async Task Words_that_contradict_each_other_are_told()
    {
        using var project = await SavedAsync();

        Assert.Contains("name no other beside --plan", (await project.RunAsync("exec", "pb.yml", "--plan", "plan.json")).Expect(2).Error);
        Assert.Contains("required argument 'playbook' missing: name one, or --plan FILE", (await project.RunAsync("exec")).Expect(2).Error);
        Assert.Contains("it needs --plan FILE", (await project.RunAsync("exec", "pb.yml", "--require-signed", "x.pub")).Expect(2).Error);
        Assert.Contains("it needs -o FILE", (await project.RunAsync("plan", "pb.yml", "--sign", "x.key")).Expect(2).Error);
        Assert.Contains("not one that was saved", await NotSavedAsync());

        async Task<string> NotSavedAsync()
        {
            project.Write("read.json", (await project.RunAsync("plan", "pb.yml", "--var", "version=v2", "--format", "json")).Expect(0).Out);
            return (await project.RunAsync("exec", "--plan", "read.json")).Expect(2).Error;
        }
    }

    internal static Project Made()
    {
        var project = new Project().Playbook(Body).Set("APP_TOKEN", "s3cret-token");
        project.Write("app.yml", "image: app:v1 # now\n");
        return project;
    }

    internal static async Task<Project> SavedAsync(params string[] more)
    {
        var project = Made();
        await SaveAsync(project, more);
        return project;
    }

    internal static async Task SaveAsync(Project project, params string[] more) =>
        (await project.RunAsync(["plan", "pb.yml", "--var", "version=v2", "-o", "plan.json", .. more])).Expect(0);

    /// <summary>Refused with exit 3 and these words; nothing is changed and nothing is recorded.</summary>
    internal static async Task RefusedAsync(Project project, string[] args, params string[] words)
    {
        var before = project.Snapshot();
        var refused = (await project.RunAsync(args)).Expect(3);
        Assert.Empty(refused.Out);
        Assert.Contains("; nothing was changed\n", refused.Error);
        Assert.All(words, word => Assert.Contains(word, refused.Error));
        Assert.DoesNotContain("s3cret", refused.Error);
        Assert.Equal(before, project.Snapshot());
        Assert.Empty(project.Records());
    }

    private static string PlanIdOf(Project project, string file) => PlanId().Match(File.ReadAllText(project.At(file))).Groups[1].Value;

    /// <summary>What somebody can do who knows how the digests are computed.</summary>
    private static string Redigested(string plan)
    {
        var bare = Identity().Replace(plan, "");
        var digest = Hex(bare[..^1]);
        var file = PlaybookFile().Match(plan).Groups[1].Value;
        var copy = Hex($"{digest}\n{PlanId().Match(plan).Groups[1].Value}\n{file}\n");
        plan = Digest().Replace(plan, $"sha256:{digest}", 1);
        return CopySha().Replace(plan, m => m.Value[..^65] + copy + "\"", 1);

        static string Hex(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    [GeneratedRegex("sha256:([0-9a-f]{64})")]
    private static partial Regex Digest();

    [GeneratedRegex("\"plan_id\": \"([0-9a-f]{32})\"")]
    private static partial Regex PlanId();

    [GeneratedRegex("\"playbook_file\": \"([^\"]*)\"")]
    private static partial Regex PlaybookFile();

    [GeneratedRegex("\"playbook_file\": \"[^\"]*\",\\s*\"sha256\": \"[0-9a-f]{64}\"")]
    private static partial Regex CopySha();

    [GeneratedRegex("  \"digest\": \"[^\"]*\",\n  \"saved\": \\{[^}]*\\},\n")]
    private static partial Regex Identity();
}
