using Runbooks.Builtin.Checks.File;
using Runbooks.Engine.Kinds;
using Runbooks.Testing;

namespace Runbooks.Builtin.Tests.Checks.File;

public sealed class FileCheckTests
{
    private const string Path = $"{PlannedPlaybook.Project}/.env";

    private static InMemoryFiles Files => new InMemoryFiles().With(Path, "TAG=v1.2.3\n");

    [Theory]
    [InlineData("file: .env", VerdictKind.Holds)]
    [InlineData("file: other", VerdictKind.DoesNotHold)]
    [InlineData("file: { path: other, exists: false }", VerdictKind.Holds)]
    [InlineData("file: { path: .env, exists: false }", VerdictKind.DoesNotHold)]
    [InlineData("file: { path: .env, kind: file }", VerdictKind.Holds)]
    [InlineData("file: { path: .env, kind: folder }", VerdictKind.DoesNotHold)]
    [InlineData("file: { path: ., kind: folder }", VerdictKind.Holds)]
    [InlineData("file: { path: ., kind: file }", VerdictKind.DoesNotHold)]
    [InlineData("file: { path: .env, contains: TAG=v1.2.3 }", VerdictKind.Holds)]
    [InlineData("file: { path: .env, contains: [TAG, v9] }", VerdictKind.DoesNotHold)]
    [InlineData("file: { path: .env, matches: 'v\\d' }", VerdictKind.Holds)]
    [InlineData("file: { path: .env, matches: '^v' }", VerdictKind.DoesNotHold)]
    [InlineData("file: { path: .env, writable: true }", VerdictKind.Holds)]
    [InlineData("file: { path: other, writable: true }", VerdictKind.DoesNotHold)]
    [InlineData("file: { path: .env, sha256: 0000000000000000000000000000000000000000000000000000000000000000 }", VerdictKind.DoesNotHold)]
    public async Task It_is_looked_at(string check, VerdictKind expected) => Assert.Equal(expected, (await AskedCheck.Of(check).AskAsync(Files)).Kind);

    [Theory]
    [InlineData("contains: a")]
    [InlineData("matches: a")]
    [InlineData("sha256: 0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("writable: true")]
    public async Task A_folder_has_nothing_that_only_a_file_has(string field) =>
        Assert.Equal(Verdict.DoesNotHold("it is a folder"), await AskedCheck.Of($"file:\n  path: .\n  {field}").AskAsync(Files));

    [Fact]
    public async Task A_digest_is_compared_whatever_its_letters()
    {
        var digest = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData("TAG=v1.2.3\n"u8));

        Assert.Equal(VerdictKind.Holds, (await AskedCheck.Of($"file: {{ path: .env, sha256: {digest} }}").AskAsync(Files)).Kind);
    }

    [Theory]
    [InlineData("file: .env")]
    [InlineData("file: { path: .env, exists: false }")]
    [InlineData("file: { path: .env, contains: x }")]
    [InlineData("file: { path: .env, writable: true }")]
    public async Task What_may_not_be_looked_at_is_unknown(string check)
    {
        var verdict = await AskedCheck.Of(check).AskAsync(new InMemoryFiles().WithProblem(Path, "permission denied"));

        Assert.Equal((VerdictKind.Unknown, "permission denied"), (verdict.Kind, verdict.Observed));
    }

    [Theory]
    [InlineData("file: { path: .env, contains: TAG }")]
    [InlineData("file: { path: .env, sha256: 0000000000000000000000000000000000000000000000000000000000000000 }")]
    public async Task A_file_that_is_seen_and_cannot_be_read_is_unknown(string check) => Assert.Equal(
        Verdict.Unknown("it cannot be read: permission denied"),
        await AskedCheck.Of(check).AskAsync(Files.WithUnreadable(Path, "permission denied")));

    [Fact]
    public async Task A_file_that_may_not_be_replaced_is_not_writable() => Assert.Equal(
        Verdict.DoesNotHold("this user cannot replace it"),
        await AskedCheck.Of("file: { path: .env, writable: true }").AskAsync(Files.WithUnreadable(Path, "permission denied")));

    [Fact]
    public async Task A_pattern_that_is_not_decided_in_time_is_unknown()
    {
        var asked = AskedCheck.Of("file: { path: .env, matches: x }");
        var question = Assert.IsType<FileCheck>(asked.Question) with { Matches = Slow.Pattern };

        var verdict = await asked.AskAsync(question, UnusedPorts.All with { Files = new InMemoryFiles().With(Path, Slow.Text) }, TestContext.Current.CancellationToken);

        Assert.Equal(Verdict.Unknown($"looking for {Slow.Pattern} took too long"), verdict);
    }

    [Fact]
    public void The_statement_says_all_that_is_asked()
    {
        Assert.Equal(".env exists", AskedCheck.Of("file: .env").Statement);
        Assert.Equal("/etc/hosts does not exist", AskedCheck.Of("file: { path: /etc/hosts, exists: false }").Statement);
        Assert.Equal(".env is a file, contains \"***\" and can be written", AskedCheck.Of("file: { path: .env, kind: file, contains: '{{ token }}', writable: true }", null, ("token!", "s3cr3t-value")).Statement);
    }

    [Theory]
    [InlineData("file: { path: a, exists: false, contains: x }", "RB3260")]
    [InlineData("file: { path: a, exists: false, kind: file }", "RB3260")]
    [InlineData("file: { path: a, kind: folder, matches: x }", "RB3260")]
    [InlineData("file: { path: a, kind: folder, writable: true }", "RB3260")]
    [InlineData("file: { path: a, exists: false, writable: true }", "RB3260")]
    [InlineData("file: { path: a, sha256: xyz }", "RB3261")]
    [InlineData("file: { path: a, writable: false }", "RB3262")]
    [InlineData("file: { path: a, matches: '(' }", "RB1004")]
    [InlineData("file: { exists: true }", "RB1002")]
    public void Mistakes_are_found_before_anything_runs(string check, string code) => Assert.Equal([code], AskedCheck.Of(check).Errors);
}
