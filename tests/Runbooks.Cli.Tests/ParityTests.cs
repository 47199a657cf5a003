using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Runbooks.Engine.Journal;

namespace Runbooks.Cli.Tests;

/// <summary>The preview is the truth: what was done, seen from outside, is what the plan said.</summary>
public sealed class ParityTests
{
    private const string Found = "found v1.2.3 'x'";

    [Fact]
    public async Task Every_start_request_and_file_change_is_what_the_plan_said_byte_for_byte()
    {
        using var every = await EveryKind.CreateAsync();
        var plan = await PlanAsync(every);
        string[] edited = ["compose.yaml", "settings.json", "sub/.env", "sub/compose.yaml"];
        var before = edited.ToDictionary(every.Project.At, f => File.ReadAllBytes(every.Project.At(f)), StringComparer.Ordinal);
        (await every.Project.ExecAsync(EveryKind.Approved)).Expect(0);
        var compared = 0;

        foreach (var step in plan["steps"]!.AsArray().Where(s => s!["will"]!.GetValue<string>() != "skip"))
        {
            var (id, actions) = (step!["id"]!.GetValue<string>(), step["actions"]!.AsArray());
            var starts = every.Observer.Of(id);
            var programs = actions.Where(a => a!["effect"]!.GetValue<string>() == "program").ToList();
            if (id == "find")
            {
                // It starts echo itself, which tells nothing about itself but its output.
                Assert.Equal(Found + "\n", Encoding.UTF8.GetString(every.Project.Record().OutputOf(id)));
                continue;
            }

            Assert.Equal(programs.Count, starts.Length);
            foreach (var (program, start) in programs.Zip(starts))
            {
                Same(every.Project, id, program!, start);
                compared++;
            }
        }

        var asked = plan["guards"]!.AsArray().SelectMany(g => g!["actions"]!.AsArray()).Where(a => a!["effect"]!.GetValue<string>() == "program").ToList();
        Assert.Equal(asked.Count, every.Observer.Of("").Length);
        foreach (var (program, start) in asked.Zip(every.Observer.Of("")))
        {
            Same(every.Project, "", program!, start);
            compared++;
        }

        Assert.True(compared >= 11, $"only {compared} starts were compared");
        Requests(plan, every);
        Files(plan, every.Project, before);
    }

    [Fact]
    public async Task The_journal_says_before_each_step_what_the_plan_said()
    {
        using var every = await EveryKind.CreateAsync();
        var plan = await PlanAsync(every);
        (await every.Project.ExecAsync(EveryKind.Approved)).Expect(0);

        var intended = every.Project.Record().IsWhole().Events<StepIntended>().Select(e => $"{e.Step}: {Compact(e.Actions.GetRawText())}").ToList();

        var planned = plan["steps"]!.AsArray().Where(s => s!["will"]!.GetValue<string>() != "skip").Select(s => $"{s!["id"]}: {Compact(s["actions"]!.ToJsonString())}");
        Assert.Equal(planned, intended);
        Assert.True(intended.Count >= 12, $"only {intended.Count} steps were compared");
    }

    [Fact]
    public async Task The_plan_in_the_record_is_the_plan_that_was_shown()
    {
        using var every = await EveryKind.CreateAsync();
        var shown = (await every.Project.RunAsync(["plan", "pb.yml", "--format", "json", .. EveryKind.Vars])).Expect(0).Out;
        (await every.Project.ExecAsync(EveryKind.Approved)).Expect(0);

        var record = every.Project.Record();
        Assert.Equal(shown, await File.ReadAllTextAsync(Path.Combine(record.Folder, "plan.json"), every.Project.Cancellation));
        Assert.Equal($"sha256:{record.Events<RunStarted>().Single().PlanDigest}", JsonNode.Parse(shown)!["digest"]!.GetValue<string>());
        Assert.Equal(await File.ReadAllBytesAsync(every.Project.At("pb.yml"), every.Project.Cancellation), await File.ReadAllBytesAsync(Path.Combine(record.Folder, "playbook.yml"), every.Project.Cancellation));
    }

    [Fact]
    public async Task The_playbook_of_every_kind_has_every_kind()
    {
        using var every = await EveryKind.CreateAsync();
        var plan = JsonNode.Parse((await every.Project.RunAsync(["plan", "pb.yml", "--format", "json", .. EveryKind.Vars])).Expect(0).Out)!;

        // A step that holds steps is seen by them.
        var kinds = plan["steps"]!.AsArray().SelectMany(s => s!["parallel"] is null ? [s["kind"]!.GetValue<string>()] : (string[])[s["kind"]!.GetValue<string>(), "parallel"]);
        Assert.Equal(EveryKind.StepKinds.Order(), kinds.Distinct().Order());
        Assert.Equal(EveryKind.CheckKinds.Order(), plan["guards"]!.AsArray().Select(s => s!["kind"]!.GetValue<string>()).Distinct().Order());
    }

    /// <summary>The plan, with the one value filled in that is not known before the run.</summary>
    private static async Task<JsonNode> PlanAsync(EveryKind every)
    {
        var text = (await every.Project.RunAsync(["plan", "pb.yml", "--format", "json", .. EveryKind.Vars])).Expect(0).Out;
        const string Unknown = "«steps.find.stdout»";
        Assert.Contains(Unknown, text);
        var plan = JsonNode.Parse(text.Replace(Unknown, Found, StringComparison.Ordinal))!;
        foreach (var action in plan["steps"]!.AsArray().SelectMany(s => s!["actions"]!.AsArray()))
        {
            action!["known"] = true;
        }

        return plan;
    }

    private static void Same(Project project, string step, JsonNode program, Start start)
    {
        var argv = program["argv"]!.AsArray().Select(w => w!.GetValue<string>()).ToImmutableArray();
        // The kernel replaces the name of a script by its interpreter and the path it was found at.
        var words = argv[0] is "docker" or "git" or "mysql" or "pg_dump" or "psql" ? ["/bin/bash", project.At($"bin/{argv[0]}"), .. argv.Skip(1)] : argv;
        Assert.Equal(words, start.Argv);
        Assert.Equal(program["cwd"]!.GetValue<string>(), start.Folder);
        Assert.Equal(program["stdin"]?.GetValue<string>() ?? "", Encoding.UTF8.GetString(start.StandardInput));
        Assert.Equal(EnvironmentOf(project, step, program["env"]!.AsObject()), start.Environment);
    }

    /// <summary>The engine's own, the marks that the plan announces, and the additions of the plan.</summary>
    private static ImmutableSortedDictionary<string, string> EnvironmentOf(Project project, string step, JsonObject additions)
    {
        var all = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (System.Collections.DictionaryEntry own in Environment.GetEnvironmentVariables())
        {
            all[(string)own.Key] = (string?)own.Value ?? "";
        }

        foreach (var (name, value) in project.Environment)
        {
            if (value is null)
            {
                all.Remove(name);
            }
            else
            {
                all[name] = value;
            }
        }

        all["RUNBOOK_RUN"] = project.Record().Id;
        all["RUNBOOK_STEP"] = step;
        foreach (var (name, value) in additions)
        {
            all[name] = value!.GetValue<string>();
        }

        return all.ToImmutable();
    }

    private static void Requests(JsonNode plan, EveryKind every)
    {
        var planned = plan["steps"]!.AsArray().SelectMany(s => s!["actions"]!.AsArray()).Where(a => a!["effect"]!.GetValue<string>() == "request").ToList();
        var sent = every.Server.Requests.Where(r => r.Method != "GET").ToList();
        Assert.NotEmpty(planned);
        Assert.Equal(planned.Count, sent.Count);
        foreach (var (said, was) in planned.Zip(sent))
        {
            Assert.Equal(said!["method"]!.GetValue<string>(), was.Method);
            Assert.Equal(said["url"]!.GetValue<string>(), every.Server.Url + was.Target);
            Assert.Equal(said["body"]!.GetValue<string>(), was.Text);
            foreach (var (name, value) in said["headers"]!.AsObject())
            {
                Assert.Equal(value!.GetValue<string>(), was.Header(name));
            }
        }
    }

    private static void Files(JsonNode plan, Project project, Dictionary<string, byte[]> before)
    {
        var changes = plan["steps"]!.AsArray().SelectMany(s => s!["actions"]!.AsArray()).Where(a => a!["effect"]!.GetValue<string>() == "file").ToList();
        Assert.Equal(before.Keys.Order(), changes.Select(c => project.At(c!["path"]!.GetValue<string>())).Order());
        foreach (var change in changes)
        {
            var path = project.At(change!["path"]!.GetValue<string>());
            var after = File.ReadAllBytes(path);
            Assert.Equal(change["before_sha256"]!.GetValue<string>(), Convert.ToHexStringLower(SHA256.HashData(before[path])));
            Assert.Equal(change["after_sha256"]!.GetValue<string>(), Convert.ToHexStringLower(SHA256.HashData(after)));
            Assert.Equal(Patched(Encoding.UTF8.GetString(before[path]), change["diff"]!.GetValue<string>()), Encoding.UTF8.GetString(after));
        }
    }

    /// <summary>The text with a diff applied whose hunks replace lines by as many lines; the ends of the lines are kept.</summary>
    private static string Patched(string text, string diff)
    {
        var lines = text.Split('\n');
        foreach (var hunk in diff.Split("@@ -").Skip(1))
        {
            var rows = hunk.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            var first = int.Parse(rows[0].Split(' ', ',')[0]) - 1;
            var (removed, added) = (rows.Where(r => r[0] == '-').ToList(), rows.Where(r => r[0] == '+').ToList());
            Assert.Equal(removed.Count, added.Count);
            for (var i = 0; i < removed.Count; i++)
            {
                Assert.Equal(removed[i][1..], lines[first + i].TrimEnd('\r'));
                lines[first + i] = added[i][1..] + (lines[first + i].EndsWith('\r') ? "\r" : "");
            }
        }

        return string.Join('\n', lines);
    }

    private static string Compact(string json)
    {
        using var document = JsonDocument.Parse(json);
        return JsonSerializer.Serialize(document.RootElement);
    }
}
