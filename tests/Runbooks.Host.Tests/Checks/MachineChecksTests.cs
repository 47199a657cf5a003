using System.Security.Cryptography;
using CliWrap;
using CliWrap.Buffered;
using Runbooks.Engine.Kinds;
using Runbooks.Host.Files;
using Runbooks.Host.Runs;
using Runbooks.Host.Tests.Files;
using Runbooks.Host.Tests.Network;

namespace Runbooks.Host.Tests.Checks;

/// <summary>The checks that ask programs, files and the network of this machine.</summary>
public sealed class MachineChecksTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private RealCheck Checks => new(projectDirectory: _folder.Path);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_clean_tree_is_told_from_a_changed_one()
    {
        await RepositoryAsync();

        await Checks.HoldsAsync("git: { clean: true }");
        await Checks.HoldsAsync("git: { path: docker-compose.yml, clean: true }");
        File.AppendAllText(_folder.At("docker-compose.yml"), "# changed\n");
        await Checks.DoesNotHoldAsync("git: { clean: true }");
        await Checks.DoesNotHoldAsync("git: { path: docker-compose.yml, clean: true }");
        await Checks.HoldsAsync("git: { path: docker-compose.yml, clean: false }");
    }

    [Fact]
    public async Task A_file_is_asked_alone_and_new_files_count()
    {
        await RepositoryAsync();
        File.WriteAllText(_folder.At("new"), "x");

        await Checks.HoldsAsync("git: { path: docker-compose.yml, clean: true }");
        await Checks.DoesNotHoldAsync("git: { path: new, clean: true }");
        await Checks.DoesNotHoldAsync("git: { clean: true }");
    }

    [Fact]
    public async Task The_folder_of_runs_is_no_change()
    {
        await RepositoryAsync();
        using var run = new FileRunStore(_folder.At(".runbook"), new HostFiles()).Create("1").Folder;
        Assert.True(File.Exists(_folder.At(".runbook/runs/1/journal.jsonl")));

        await Checks.HoldsAsync("git: { clean: true }");
    }

    [Fact]
    public async Task What_git_does_not_track_is_not_clean()
    {
        await RepositoryAsync();
        File.WriteAllText(_folder.At(".gitignore"), ".env\nconfig/\n");
        await CommitAsync();
        File.WriteAllText(_folder.At(".env"), "TAG=v1\n");
        Directory.CreateDirectory(_folder.At("config"));
        File.WriteAllText(_folder.At("config/app.json"), "{}");

        await Checks.HoldsAsync("git: { clean: true }");
        foreach (var path in (string[])[".env", "config", "config/app.json", "missing.yml"])
        {
            Assert.Equal($"git tracks nothing at {path}", (await Checks.DoesNotHoldAsync($"git: {{ path: {path}, clean: true }}")).Observed);
        }
    }

    [Fact]
    public async Task A_tracked_file_that_was_removed_or_replaced_in_the_index_is_not_clean()
    {
        await RepositoryAsync();
        File.WriteAllText(_folder.At("docker-compose.yml"), "services: { app: {} }\n");
        await GitAsync("add", ".");
        await Checks.DoesNotHoldAsync("git: { path: docker-compose.yml, clean: true }");

        await CommitAsync();
        await Checks.HoldsAsync("git: { path: docker-compose.yml, clean: true }");
        File.Delete(_folder.At("docker-compose.yml"));
        await Checks.DoesNotHoldAsync("git: { path: docker-compose.yml, clean: true }");
    }

    [Theory]
    [InlineData("a[1].yml", "a1.yml")]
    [InlineData("*.yml", "other.yml")]
    [InlineData(":(top)docker-compose.yml", "docker-compose.yml")]
    public async Task A_name_is_not_a_pattern(string name, string alike)
    {
        await RepositoryAsync();
        File.WriteAllText(_folder.At(alike), "services: { app: {} }\n");
        await CommitAsync();
        await Checks.DoesNotHoldAsync($"git: {{ path: '{name}', clean: true }}");

        File.WriteAllText(_folder.At(name), "x");
        await CommitAsync();
        File.WriteAllText(_folder.At(alike), "changed");
        await Checks.HoldsAsync($"git: {{ path: '{name}', clean: true }}");
    }

    [Fact]
    public async Task A_repository_that_is_broken_is_unknown()
    {
        await RepositoryAsync();
        File.WriteAllText(_folder.At(".git/index"), "no index");
        await Checks.IsUnknownAsync("git: { path: docker-compose.yml, clean: true }");
        await Checks.HoldsAsync("git: { branch: main }");

        Directory.Delete(_folder.At(".git"), recursive: true);
        File.WriteAllText(_folder.At(".git"), "gitdir: /nowhere/worktrees/shop\n");
        await Checks.IsUnknownAsync("git: { clean: true }");
        await Checks.IsUnknownAsync("git: { has: main }");
        await Checks.IsUnknownAsync("git: { branch: main }");
    }

    [Fact]
    public async Task Only_a_commit_is_a_revision()
    {
        await RepositoryAsync();
        await GitAsync("tag", "blob", "HEAD:docker-compose.yml");

        foreach (var revision in (string[])["HEAD", "main", "HEAD~0", "main@{0}"])
        {
            await Checks.HoldsAsync($"git: {{ has: '{revision}' }}");
        }

        foreach (var revision in (string[])["blob", "HEAD:docker-compose.yml", "HEAD~1", "0123456789012345678901234567890123456789"])
        {
            Assert.NotEqual(VerdictKind.Holds, (await Checks.AskAsync($"git: {{ has: '{revision}' }}")).Kind);
        }
    }

    [Fact]
    public async Task Revisions_and_branches_are_looked_up()
    {
        await RepositoryAsync();
        await GitAsync("tag", "v1.2.3");

        await Checks.HoldsAsync("git: { has: v1.2.3, branch: main, clean: true }");
        await Checks.DoesNotHoldAsync("git: { has: v9 }");
        await Checks.DoesNotHoldAsync("git: { branch: fix }");
        await GitAsync("checkout", "--quiet", "--detach");
        await Checks.DoesNotHoldAsync("git: { branch: main }");
    }

    [Fact]
    public async Task Asking_git_writes_nothing()
    {
        await RepositoryAsync();
        File.SetLastWriteTimeUtc(_folder.At("docker-compose.yml"), DateTime.UtcNow.AddMinutes(-5));
        var before = Snapshot();

        await Checks.HoldsAsync("git: { clean: true, has: main, branch: main }");
        Assert.Equal(before, Snapshot());
    }

    [Fact]
    public async Task A_folder_without_git_does_not_hold() =>
        Assert.Equal("it is not in a git repository", (await Checks.DoesNotHoldAsync("git: { clean: true }")).Observed);

    [Fact]
    public async Task A_folder_that_is_not_there_is_unknown() => await Checks.IsUnknownAsync("git: { path: nothing/docker-compose.yml, clean: true }");

    [Fact]
    public async Task A_command_is_judged_by_its_end()
    {
        await Checks.HoldsAsync("command: 'true'");
        await Checks.DoesNotHoldAsync("command: 'false'");
        await Checks.IsUnknownAsync("command: no-such-program-anywhere");
        await Checks.HoldsAsync("command: { argv: [cat], stdin: hello, stdout_contains: hello }");
        Assert.Equal(["what went wrong"], (await Checks.DoesNotHoldAsync("command: [sh, -c, 'echo what went wrong >&2; exit 3']")).Evidence);
        Assert.Equal("sh was killed by signal 9", (await Checks.IsUnknownAsync("command: [sh, -c, 'kill -9 $$']")).Observed);
        await Checks.HoldsAsync("command: { argv: [sh, -c, 'test \"$GREETING\" = hello'], env: { GREETING: hello } }");
    }

    [Fact]
    public async Task A_command_that_does_not_end_is_ended_with_all_it_started()
    {
        var verdict = await Checks.IsUnknownAsync($"command: {{ argv: [sh, -c, 'sleep 4711 & echo $! > {_folder.At("pid")}; wait'], timeout: 500ms }}");

        Assert.Equal("sh did not end within 500ms and was ended", verdict.Observed);
        Assert.False(Directory.Exists($"/proc/{File.ReadAllText(_folder.At("pid")).Trim()}"));
    }

    [Fact]
    public async Task An_address_is_asked_over_the_network()
    {
        using var server = new LoopbackServer(LoopbackServer.Answer(200, """{ "status": "ok" }"""));

        await Checks.HoldsAsync($"http: {{ url: '{server.Url}', json: {{ status: ok }} }}");
        await Checks.DoesNotHoldAsync($"http: {{ url: '{server.Url}', json: {{ status: bad }} }}");
        await Checks.HoldsAsync($"tcp: 127.0.0.1:{server.Port}");
        await Checks.DoesNotHoldAsync($"http: http://127.0.0.1:{LoopbackServer.FreePort()}/");
        await Checks.DoesNotHoldAsync($"tcp: localhost:{LoopbackServer.FreePort()}");
        await Checks.HoldsAsync($"port: {LoopbackServer.FreePort()}");
    }

    [Fact]
    public async Task Files_and_space_are_looked_at()
    {
        File.WriteAllText(_folder.At(".env"), "TAG=v1\n");

        var digest = Convert.ToHexStringLower(SHA256.HashData("TAG=v1\n"u8));
        await Checks.HoldsAsync($"file: {{ path: .env, kind: file, contains: TAG=v1, writable: true, sha256: {digest} }}");
        await Checks.HoldsAsync("file: { path: other, exists: false }");
        await Checks.HoldsAsync("disk: 1KB");
        await Checks.DoesNotHoldAsync("disk: 1000000TB");
        await Checks.IsUnknownAsync("disk: { path: not/yet/there, min_free: 1KB }");
    }

    private async Task RepositoryAsync()
    {
        File.WriteAllText(_folder.At("docker-compose.yml"), "services: {}\n");
        await GitAsync("init", "--quiet", "--initial-branch", "main");
        await CommitAsync();
    }

    private async Task CommitAsync()
    {
        await GitAsync("add", ".");
        await GitAsync("-c", "user.name=a", "-c", "user.email=a@b", "commit", "--quiet", "--message", "more");
    }

    private async Task GitAsync(params string[] arguments)
    {
        var result = await Cli.Wrap("git").WithArguments(arguments).WithWorkingDirectory(_folder.Path).WithValidation(CommandResultValidation.None).ExecuteBufferedAsync(Cancel);
        Assert.True(result.ExitCode == 0, result.StandardError);
    }

    private List<string> Snapshot() =>
        [.. Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(f => $"{f} {File.GetLastWriteTimeUtc(f):O}")];
}
