using System.Security.Cryptography;
using System.Text;
using CliWrap;
using CliWrap.Buffered;

namespace Runbooks.Cli.Tests;

/// <summary>A project folder of its own, in which the real program is run as a child process.</summary>
internal sealed class Project : IDisposable
{
    /// <summary>A program that hangs fails its test instead of stopping all of them; of each test, also where several share a project.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(3);

    private CancellationTokenSource _limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    internal Project()
    {
        _limit.CancelAfter(Longest);
        Folder = Directory.CreateTempSubdirectory("runbook-e2e-").FullName;
        Set("DOCKER_HOST", $"unix://{At("no-engine.sock")}");
        // Who runs it needs no git then, and no test depends on a machine's configuration.
        Set("GIT_AUTHOR_NAME", "Some Operator");
        Set("GIT_AUTHOR_EMAIL", "operator@example.org");
        foreach (var name in (string[])["RUNBOOK_STORE", "NO_COLOR", "GITHUB_RUN_ID", "CI_JOB_URL", "BUILD_URL"])
        {
            Set(name, null);
        }
    }

    /// <summary>The published native binary when <c>RUNBOOK_BINARY</c> names it, else the build next to the tests.</summary>
    internal static string Binary { get; } = System.Environment.GetEnvironmentVariable("RUNBOOK_BINARY") is { Length: > 0 } given ? given : Path.Combine(AppContext.BaseDirectory, "runbook");

    internal static bool IsNative { get; } = !string.IsNullOrEmpty(System.Environment.GetEnvironmentVariable("RUNBOOK_BINARY"));

    internal string Folder { get; }

    /// <summary>What differs from the environment of the tests; null where a variable is missing.</summary>
    internal Dictionary<string, string?> Environment { get; } = new(StringComparer.Ordinal);

    /// <summary>Words before every program: the place in which it runs.</summary>
    internal string[] Within { get; set; } = [];

    internal string Store { get; set; } = ".runbook";

    internal CancellationToken Cancellation => _limit.Token;

    /// <summary>Another test begins, also after one that took too long.</summary>
    internal void Restart()
    {
        if (_limit.IsCancellationRequested)
        {
            _limit.Dispose();
            _limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        }

        _limit.CancelAfter(Longest);
    }

    internal string At(string name) => Path.GetFullPath(name, Folder);

    internal bool Has(string name) => File.Exists(At(name));

    internal Project Set(string variable, string? value)
    {
        Environment[variable] = value;
        return this;
    }

    /// <summary>Writes a file and gives its absolute path.</summary>
    internal string Write(string name, string text, bool executable = false)
    {
        var path = At(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path) ?? Folder);
        File.WriteAllText(path, text, new UTF8Encoding(false));
        if (executable && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, (UnixFileMode)0b111_101_101);
        }

        return path;
    }

    /// <summary>Writes <c>pb.yml</c>: the head, and what is given.</summary>
    internal Project Playbook(string body, string name = "pb.yml")
    {
        Write(name, $"runbook: v1\nname: {Path.GetFileNameWithoutExtension(name)}\n{body}");
        return this;
    }

    internal Task<Finished> ExecAsync(params string[] args) => RunAsync(["exec", "pb.yml", .. args]);

    internal Task<Finished> RunAsync(params string[] args) => ProgramAsync(Binary, args);

    /// <summary>Where a program is that the machine has.</summary>
    internal static string Find(string program) => (System.Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(f => Path.Combine(f, program)).First(File.Exists);

    /// <summary>Another program, with the environment of the project.</summary>
    internal async Task<Finished> ProgramAsync(string program, params string[] args)
    {
        var result = await Command(program, args).ExecuteBufferedAsync(Encoding.UTF8, Encoding.UTF8, Cancellation);
        return new Finished(result.ExitCode, result.StandardOutput, result.StandardError);
    }

    internal LiveRun Start(params string[] args) => StartProgram(Binary, args);

    internal LiveRun StartProgram(string program, params string[] args) => new(Command(program, args), Cancellation);

    internal Record Record() => Assert.Single(Records());

    /// <summary>In the order of their ids.</summary>
    internal List<Record> Records()
    {
        var runs = Path.Combine(At(Store), "runs");
        return Directory.Exists(runs) ? [.. Directory.GetDirectories(runs).Order(StringComparer.Ordinal).Select(f => new Record(f))] : [];
    }

    /// <summary>Every file and folder but the store, with its content: to see that nothing changed.</summary>
    internal List<string> Snapshot() =>
    [
        .. Directory.EnumerateFileSystemEntries(Folder, "*", SearchOption.AllDirectories)
            .Where(path => !path.StartsWith(At(Store), StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(path => $"{path} {new FileInfo(path).UnixFileMode} {(Directory.Exists(path) ? "folder" : Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path))))}"),
    ];

    public void Dispose()
    {
        foreach (var left in Records().SelectMany(r => MarkedProcesses.Alive(r.Id)))
        {
            // What a test left behind on purpose, and what a failing one did.
            _ = NativeCalls.Send(left.Pid, NativeCalls.Kill);
        }

        _limit.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private Command Command(string program, string[] args) => Command([.. Within, program, .. args]);

    private Command Command(string[] words) => CliWrap.Cli.Wrap(words[0])
        .WithArguments(words[1..])
        .WithWorkingDirectory(Folder)
        .WithEnvironmentVariables(Environment)
        .WithValidation(CommandResultValidation.None);
}
