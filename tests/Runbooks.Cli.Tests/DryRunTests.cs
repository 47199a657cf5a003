using System.Text.RegularExpressions;

namespace Runbooks.Cli.Tests;

/// <summary>What a preview does to the machine, told by the kernel.</summary>
public sealed partial class DryRunTests
{
    /// <summary>Everything that starts a process, opens a connection or changes a file; a question mark marks those that not every architecture has.</summary>
    private const string Watched =
        "execve,execveat,clone,?clone3,?fork,?vfork,socket,socketpair,connect,bind,sendto,sendmsg,?sendmmsg,?open,openat,?openat2,?creat,?rename,renameat,renameat2,"
        + "?unlink,unlinkat,?mkdir,mkdirat,?rmdir,?link,linkat,?symlink,symlinkat,truncate,?chmod,fchmod,fchmodat,?chown,fchown,fchownat,?mknod,mknodat,utimensat,kill";

    [Theory]
    [InlineData("plan", "text")]
    [InlineData("plan", "json")]
    [InlineData("exec", "markdown")]
    [InlineData("show", "text")]
    public async Task A_dry_run_starts_nothing_connects_nowhere_and_writes_nothing(string verb, string format)
    {
        using var every = await EveryKind.CreateAsync();
        var before = every.Project.Snapshot();

        string[] dry = verb == "exec" ? ["--dry-run"] : [];
        var calls = await CallsAsync(every.Project, [verb, "pb.yml", .. dry, "--format", format, .. EveryKind.Vars]);

        Assert.Contains(calls, c => c.Contains("pb.yml", StringComparison.Ordinal));
        Assert.Equal([], calls.Where(IsEffect).Skip(1));
        Assert.Equal(before, every.Project.Snapshot());
        Assert.Empty(every.Server.Requests);
        Assert.Empty(every.Engine.Requests);
        Assert.False(Directory.Exists(every.Project.At(".runbook")));
    }

    [Fact]
    public async Task The_same_look_at_a_real_run_sees_its_starts_connections_and_files()
    {
        using var every = await EveryKind.CreateAsync();
        // Nobody has said who the operator is, so that git is asked.
        every.Project.Set("HOME", every.Project.At("nobody"));

        var effects = (await CallsAsync(every.Project, ["exec", "pb.yml", .. EveryKind.Approved])).Where(IsEffect).ToList();

        Assert.Contains(effects, e => e.Contains("execve(", StringComparison.Ordinal) && e.Contains("observe.sh", StringComparison.Ordinal));
        Assert.Contains(effects, e => e.Contains("execve(", StringComparison.Ordinal) && e.Contains("\"git\", \"config\"", StringComparison.Ordinal));
        Assert.Contains(effects, e => e.Contains("connect(", StringComparison.Ordinal));
        Assert.Contains(effects, e => e.Contains("journal.jsonl", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Exec_with_dry_run_shows_exactly_what_plan_shows()
    {
        using var every = await EveryKind.CreateAsync();

        foreach (var format in (string[])["text", "markdown", "json"])
        {
            var plan = (await every.Project.RunAsync(["plan", "pb.yml", "--format", format, .. EveryKind.Vars])).Expect(0);
            var dry = (await every.Project.RunAsync(["exec", "pb.yml", "--dry-run", "--format", format, .. EveryKind.Vars])).Expect(0);
            Assert.NotEmpty(plan.Out);
            Assert.Equal(plan, dry);
        }
    }

    /// <summary>The watched calls of the program and of everything it starts; the first is its own start.</summary>
    private static async Task<List<string>> CallsAsync(Project project, string[] args)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/strace"), "strace is not on this machine");
        var trace = Path.Combine(Path.GetTempPath(), $"runbook-trace-{Guid.NewGuid():N}");
        try
        {
            // Only the build that is compiled while it runs has a debugger's door, and opens it in every process.
            project.Set("DOTNET_EnableDiagnostics", "0");
            // Without it, git is asked who runs the playbook: by a run, never by a preview.
            project.Set("GIT_AUTHOR_NAME", null);
            (await project.ProgramAsync("strace", ["-f", "-qq", "-s", "300", "-o", trace, "-e", $"trace={Watched}", "-e", "signal=none", Project.Binary, .. args])).Expect(0);
            return [.. await File.ReadAllLinesAsync(trace, project.Cancellation)];
        }
        finally
        {
            File.Delete(trace);
        }
    }

    private static bool IsEffect(string call) => !Harmless().IsMatch(call);

    /// <summary>Reading, threads of the program itself and their names, and the second half of a call whose first half was judged.</summary>
    [GeneratedRegex(@"open(at2?)?\((?!.*(O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|O_TMPFILE))|clone3?\(.*CLONE_THREAD|<\.\.\. \w+ resumed>|\+\+\+|/dev/null|/proc/self/task/\d+/comm", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Harmless();
}
