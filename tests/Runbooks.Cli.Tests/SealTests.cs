using System.Text;

namespace Runbooks.Cli.Tests;

/// <summary>The seal of a run in the ledger: missing, late, signed.</summary>
public sealed class SealTests
{
    private const string Steps = "steps:\n  - run: [echo, one]\n";

    [Fact]
    public async Task A_run_that_was_interrupted_between_its_two_seals_is_neither_altered_nor_whole_and_its_seal_is_entered_late()
    {
        using var project = new Project().Playbook(Steps);
        (await project.ExecAsync()).Expect(0);
        var (id, ledger) = (project.Record().Id, Path.Combine(project.At(project.Store), "ledger.jsonl"));
        var lines = await File.ReadAllLinesAsync(ledger, project.Cancellation);
        await File.WriteAllTextAsync(ledger, lines[0] + "\n", project.Cancellation);

        var before = (await project.RunAsync("audit", "verify")).Expect(6);
        (await project.RunAsync("abort", id, "--reason", "the power went")).Expect(0);
        var after = (await project.RunAsync("audit", "verify")).Expect(6);
        (await project.RunAsync("abort", id)).Expect(3);

        Assert.Contains($"unproven  ledger.jsonl line 2 (byte {lines[0].Length + 1}): run {id} is sealed, and the ledger does not have its seal: the run was interrupted in the moment between the two, or the ledger was cut there", before.Out, StringComparison.Ordinal);
        Assert.Contains($"the seal of run {id} was entered late, by ", after.Out, StringComparison.Ordinal);
        Assert.Contains("(the power went)", after.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("whole:", before.Out + after.Out, StringComparison.Ordinal);

        // From now on the journal cannot be written anew without being found.
        var journal = await File.ReadAllLinesAsync(project.Record().JournalPath, project.Cancellation);
        await File.WriteAllTextAsync(project.Record().JournalPath, string.Concat(journal[..^1].Select(l => l + "\n")), project.Cancellation);
        Assert.Contains("truncated", (await project.RunAsync("audit", "verify")).Expect(1).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_seal_is_signed_and_checked_by_the_program_and_by_openssl()
    {
        using var project = new Project().Playbook(Steps);
        (await project.RunAsync("keys", "new", "-o", "deploy")).Expect(0);
        (await project.ExecAsync("--sign", "deploy.key")).Expect(0);

        var verified = (await project.RunAsync("audit", "verify", "--key", "deploy.pub", "--require-signed")).Expect(0);

        Assert.Contains(", signed by key sha256:", verified.Out, StringComparison.Ordinal);
        var entry = Entry(project);
        project.Write("seal", $"runbook seal {project.Record().Id} {entry.GetProperty("head").GetString()}\n");
        await File.WriteAllBytesAsync(project.At("seal.sig"), Convert.FromBase64String((entry.GetProperty("signature").GetString() ?? "").Split(' ')[1]), project.Cancellation);
        (await project.ProgramAsync(Project.Find("openssl"), "dgst", "-sha256", "-verify", "deploy.pub", "-signature", "seal.sig", "seal")).Expect(0);
    }

    [Fact]
    public async Task A_seal_that_is_not_signed_or_signed_by_another_key_is_not_accepted_where_signatures_are_required()
    {
        using var project = new Project().Playbook(Steps);
        (await project.RunAsync("keys", "new", "-o", "deploy")).Expect(0);
        (await project.RunAsync("keys", "new", "-o", "other")).Expect(0);
        (await project.Set("RUNBOOK_SIGN_KEY", "deploy.key").ExecAsync()).Expect(0);

        Assert.Contains("which is none of those that are believed", (await project.RunAsync("audit", "verify", "--key", "other.pub")).Expect(6).Out, StringComparison.Ordinal);
        (await project.RunAsync("audit", "verify", "--key", "other.pub", "--key", "deploy.pub", "--require-signed")).Expect(0);
        (await project.Set("RUNBOOK_SIGN_KEY", null).ExecAsync()).Expect(0);
        (await project.RunAsync("audit", "verify", "--key", "deploy.pub")).Expect(0);
        Assert.Contains("is not signed: it never was, or the signature was taken away", (await project.RunAsync("audit", "verify", "--key", "deploy.pub", "--require-signed")).Expect(6).Out, StringComparison.Ordinal);
        (await project.RunAsync("audit", "verify", "--require-signed")).Expect(2);
    }

    [Fact]
    public async Task A_ledger_and_a_journal_that_are_written_anew_do_not_get_the_signature()
    {
        using var project = new Project().Playbook(Steps);
        (await project.RunAsync("keys", "new", "-o", "deploy")).Expect(0);
        (await project.ExecAsync("--sign", "deploy.key")).Expect(0);
        var signature = Entry(project).GetProperty("signature").GetString() ?? "";
        Directory.Delete(project.At(project.Store), recursive: true);
        (await project.ExecAsync("--sign", "deploy.key")).Expect(0);
        (await project.RunAsync("audit", "verify", "--key", "deploy.pub", "--require-signed")).Expect(0);
        var ledger = Path.Combine(project.At(project.Store), "ledger.jsonl");

        // The signature of one run in the place of that of another, with a chain that is right again.
        var lines = await File.ReadAllLinesAsync(ledger, project.Cancellation);
        var forged = lines[1].Replace(Entry(project).GetProperty("signature").GetString() ?? "", signature, StringComparison.Ordinal);
        var body = forged[..forged.LastIndexOf(",\"hash\":", StringComparison.Ordinal)];
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(body)));
        await File.WriteAllTextAsync(ledger, $"{lines[0]}\n{body},\"hash\":\"{hash}\"}}\n", project.Cancellation);

        var said = (await project.RunAsync("audit", "verify", "--key", "deploy.pub")).Expect(1).Out;

        Assert.Contains("is not over this seal: one of the two was altered", said, StringComparison.Ordinal);
        Assert.DoesNotContain("chain is broken", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_cannot_be_read_stops_the_run_before_it_begins()
    {
        using var project = new Project().Playbook(Steps);

        Assert.Contains("--sign: no.key:", (await project.ExecAsync("--sign", "no.key")).Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("RUNBOOK_SIGN_KEY: no.key:", (await project.Set("RUNBOOK_SIGN_KEY", "no.key").ExecAsync()).Expect(2).Error, StringComparison.Ordinal);

        Assert.Empty(project.Records());
    }

    private static System.Text.Json.JsonElement Entry(Project project)
    {
        using var json = System.Text.Json.JsonDocument.Parse(File.ReadAllLines(Path.Combine(project.At(project.Store), "ledger.jsonl"))[^1]);
        return json.RootElement.GetProperty("entry").Clone();
    }
}
