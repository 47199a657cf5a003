using System.Formats.Tar;
using System.Text.Json;

namespace Runbooks.Cli.Tests;

/// <summary><c>audit</c> and <c>runs show</c> as people use them.</summary>
public sealed class AuditTests
{
    private const string Steps = "steps:\n  - { id: one, run: [echo, a] }\n  - { id: two, run: [echo, b] }\n";

    [Fact]
    public async Task A_store_of_whole_runs_is_whole_and_so_is_an_empty_one()
    {
        using var project = new Project().Playbook(Steps);
        Assert.Contains("whole: every byte is as it was written", (await project.RunAsync("audit", "verify")).Expect(0).Out);
        (await project.ExecAsync()).Expect(0);
        (await project.ExecAsync()).Expect(0);

        var all = (await project.RunAsync("audit", "verify")).Expect(0).Out;

        Assert.All(project.Records(), r => Assert.Matches($@"run +{r.Id} +whole +\d+ events, sealed\n", all));
        Assert.Contains("ledger    4 lines, chain complete", all);
        var one = (await project.RunAsync("audit", "verify", project.Records()[0].Id)).Expect(0).Out;
        Assert.DoesNotContain(project.Records()[1].Id, one);
        Assert.Contains("there is no run 'x'", (await project.RunAsync("audit", "verify", "x")).Expect(2).Error);
    }

    [Fact]
    public async Task An_altered_journal_is_told_with_its_place_by_the_audit_and_by_show()
    {
        using var project = new Project().Playbook(Steps);
        (await project.ExecAsync()).Expect(0);
        var record = project.Record();
        var lines = await File.ReadAllLinesAsync(record.JournalPath, project.Cancellation);
        var at = Array.FindIndex(lines, l => l.Contains("step.ended", StringComparison.Ordinal));
        var offset = lines.Take(at).Sum(l => System.Text.Encoding.UTF8.GetByteCount(l) + 1);
        lines[at] = lines[at].Replace("\"exit_code\":0", "\"exit_code\":1", StringComparison.Ordinal);
        await File.WriteAllTextAsync(record.JournalPath, string.Concat(lines.Select(l => l + "\n")), project.Cancellation);

        var place = $"edited: runs/{record.Id}/journal.jsonl line {at + 1} (byte {offset}): its hash does not match its bytes";

        Assert.Contains(place.Replace("edited: ", "edited    ", StringComparison.Ordinal), (await project.RunAsync("audit", "verify")).Expect(1).Out);
        Assert.Contains(place, (await project.RunAsync("runs", "show")).Expect(1).Error);
        Assert.Contains(place, (await project.RunAsync("runs", "show", "--json")).Expect(1).Error);
        Assert.Contains(place, (await project.RunAsync("runs", "show", "--timeline")).Expect(1).Error);
        using var json = JsonDocument.Parse((await project.RunAsync("audit", "verify", "--json")).Expect(1).Out);
        var problem = json.RootElement.GetProperty("problems").EnumerateArray().Single();
        Assert.Equal(
            ("altered", "edited", $"runs/{record.Id}/journal.jsonl", offset, at + 1),
            (json.RootElement.GetProperty("verdict").GetString(), problem.GetProperty("meaning").GetString(), problem.GetProperty("file").GetString(), problem.GetProperty("offset").GetInt32(), problem.GetProperty("line").GetInt32()));
    }

    [Fact]
    public async Task A_deleted_run_and_a_truncated_journal_are_told()
    {
        using var project = new Project().Playbook(Steps);
        (await project.ExecAsync()).Expect(0);
        (await project.ExecAsync()).Expect(0);
        var (first, second) = (project.Records()[0], project.Records()[1]);
        var lines = await File.ReadAllLinesAsync(second.JournalPath, project.Cancellation);
        await File.WriteAllTextAsync(second.JournalPath, string.Concat(lines[..^3].Select(l => l + "\n")), project.Cancellation);
        Directory.Delete(first.Folder, recursive: true);

        var said = (await project.RunAsync("audit", "verify")).Expect(1).Out;

        Assert.Matches($@"deleted +runs/{first.Id}/journal\.jsonl: the ledger says that the run began at .* and was sealed after {lines.Length} events, and its journal is gone", said);
        Assert.Matches($@"truncated runs/{second.Id}/journal\.jsonl line {lines.Length - 2} \(byte \d+\): the ledger says that it was sealed after {lines.Length} events, {lines.Length - 3} are left", said);
        Assert.Contains("altered: 2 problems", said);
        Assert.Contains("deleted", (await project.RunAsync("audit", "verify", first.Id)).Expect(1).Out);
        Assert.Contains("truncated", (await project.RunAsync("runs", "show", second.Id)).Expect(1).Error);
        Assert.Contains("altered", (await project.RunAsync("resume", second.Id)).Expect(3).Error);
    }

    [Fact]
    public async Task A_run_that_was_killed_is_unsealed_and_not_altered_and_whole_after_its_abort()
    {
        using var project = new Project().Playbook("steps:\n  - run: [bash, -c, \"echo ready; exec sleep 1000\"]\n");
        var run = project.Start("exec", "pb.yml");
        await run.SeesAsync("│ ready");
        Assert.Matches(@"unsealed \d+ events, still running", (await project.RunAsync("audit", "verify")).Expect(0).Out);
        run.Send(NativeCalls.Kill);
        await run.Ended;

        var said = (await project.RunAsync("audit", "verify")).Expect(0).Out;

        Assert.Matches(@"unsealed \d+ events, no seal: it was killed", said);
        Assert.Contains("1 run is not sealed", said);
        Directory.Move(project.Record().Folder, project.At("elsewhere"));
        Assert.Contains("deleted", (await project.RunAsync("audit", "verify")).Expect(1).Out);
        Directory.Move(project.At("elsewhere"), Path.Combine(project.At(project.Store), "runs", RunOf(said)));
        Assert.All(MarkedProcesses.Alive(RunOf(said)), p => Assert.Equal(0, NativeCalls.Send(p.Pid, NativeCalls.Kill)));
        (await project.RunAsync("abort")).Expect(0);
        Assert.Contains("whole: every byte is as it was written\n", (await project.RunAsync("audit", "verify")).Expect(0).Out);
    }

    [Fact]
    public async Task An_anchor_is_one_line_and_finds_a_ledger_that_was_put_back()
    {
        using var project = new Project().Playbook(Steps);
        (await project.ExecAsync()).Expect(0);
        var ledger = Path.Combine(project.At(project.Store), "ledger.jsonl");
        var early = await File.ReadAllBytesAsync(ledger, project.Cancellation);
        var first = (await project.RunAsync("audit", "anchor")).Expect(0).Out.TrimEnd('\n');
        (await project.ExecAsync()).Expect(0);
        var second = (await project.RunAsync("audit", "anchor")).Expect(0).Out.TrimEnd('\n');

        Assert.Matches("^Runbook-Ledger: 2:[0-9a-f]{64}$", first);
        (await project.RunAsync("audit", "verify", "--anchor", first)).Expect(0);
        (await project.RunAsync("audit", "verify", "--anchor", second)).Expect(0);
        Assert.Contains("expected is what 'runbook audit anchor' printed", (await project.RunAsync("audit", "verify", "--anchor", "HEAD")).Expect(2).Error);

        await File.WriteAllBytesAsync(ledger, early, project.Cancellation);
        Directory.Delete(project.Records()[1].Folder, recursive: true);
        (await project.RunAsync("audit", "verify")).Expect(0);
        Assert.Contains($"replayed  ledger.jsonl line 3 (byte {early.Length})", (await project.RunAsync("audit", "verify", "--anchor", second)).Expect(1).Out);
    }

    [Fact]
    public async Task A_broken_ledger_has_no_head()
    {
        using var project = new Project().Playbook(Steps);
        (await project.ExecAsync()).Expect(0);
        var ledger = Path.Combine(project.At(project.Store), "ledger.jsonl");
        await File.WriteAllTextAsync(ledger, (await File.ReadAllTextAsync(ledger, project.Cancellation)).Replace("run.begun", "run.begum", StringComparison.Ordinal), project.Cancellation);

        var anchor = (await project.RunAsync("audit", "anchor")).Expect(1);

        Assert.Empty(anchor.Out);
        Assert.Contains("line 1 (byte 0)", anchor.Error);
        (await project.ExecAsync()).Expect(0);
        Assert.Contains("edited    ledger.jsonl line 1 (byte 0): its hash does not match its bytes", (await project.RunAsync("audit", "verify")).Expect(1).Out);
    }

    [Fact]
    public async Task An_export_is_one_file_with_digests_that_can_be_audited_where_it_is_unpacked()
    {
        using var project = new Project().Playbook(Steps);
        (await project.ExecAsync()).Expect(0);
        (await project.ExecAsync()).Expect(0);

        (await project.RunAsync("audit", "export", "--all", "-o", "all.tar")).Expect(0);
        (await project.RunAsync("audit", "export", project.Records()[0].Id, "-o", "one.tar")).Expect(0);

        TarFile.ExtractToDirectory(project.At("all.tar"), Directory.CreateDirectory(project.At("all")).FullName, overwriteFiles: false);
        TarFile.ExtractToDirectory(project.At("one.tar"), Directory.CreateDirectory(project.At("one")).FullName, overwriteFiles: false);
        (await project.RunAsync("audit", "verify", "--store", "all")).Expect(0);
        (await project.RunAsync("audit", "verify", project.Records()[0].Id, "--store", "one")).Expect(0);
        Assert.Single(Directory.GetDirectories(project.At("one/runs")));
        var sums = await File.ReadAllLinesAsync(project.At("all/SHA256SUMS"), project.Cancellation);
        Assert.Equal(Directory.GetFiles(project.At("all"), "*", SearchOption.AllDirectories).Length - 1, sums.Length);
        Assert.All(sums, line => Assert.Equal(line[..64], Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(project.At($"all/{line[66..]}"))))));
        Assert.Contains("it exists already", (await project.RunAsync("audit", "export", "--all", "-o", "all.tar")).Expect(2).Error);
        Assert.Contains("name one run, or --all", (await project.RunAsync("audit", "export", "-o", "x.tar")).Expect(2).Error);
    }

    [Fact]
    public async Task A_timeline_is_the_run_an_event_a_line_with_the_time_since_it_began()
    {
        using var project = new Project().Playbook(Steps);
        (await project.ExecAsync()).Expect(0);

        var lines = (await project.RunAsync("runs", "show", "--timeline")).Expect(0).Out.TrimEnd('\n').Split('\n');

        Assert.Equal(project.Record().Journal.Lines.Length, lines.Length);
        Assert.StartsWith("+0.000s  run started", lines[0].Trim(), StringComparison.Ordinal);
        Assert.All(lines, l => Assert.Matches(@"^ *\+\d+\.\d{3}s  \S", l));
    }

    [Fact]
    public async Task Runs_that_begin_at_the_same_time_share_one_chain()
    {
        using var project = new Project().Playbook(Steps);
        for (var i = 0; i < 8; i++)
        {
            project.Playbook($"lock: lock-{i}\n{Steps}", $"pb{i}.yml");
        }

        Assert.All(await Task.WhenAll(Enumerable.Range(0, 8).Select(i => project.RunAsync("exec", $"pb{i}.yml"))), run => run.Expect(0));

        Assert.Contains("ledger    16 lines, chain complete", (await project.RunAsync("audit", "verify")).Expect(0).Out);
    }

    [Fact]
    public async Task A_ledger_that_cannot_be_written_stops_the_run_before_its_first_step()
    {
        using var project = new Project().Playbook("steps:\n  - run: [touch, one.done]\n");
        Directory.CreateDirectory(Path.Combine(project.At(project.Store), "ledger.jsonl"));

        Assert.Contains("the ledger: ", (await project.ExecAsync()).Expect(7).Said);
        Assert.False(project.Has("one.done"));
    }

    private static string RunOf(string said) => said.Split('\n').Single(l => l.StartsWith("run ", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
}
