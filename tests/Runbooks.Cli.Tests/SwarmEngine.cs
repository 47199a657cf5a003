using System.Diagnostics;

namespace Runbooks.Cli.Tests;

/// <summary>A Docker Engine of its own that manages a swarm of one node, in a network namespace of its own, with the images of the tests. Ended after the tests, and also when these are killed.</summary>
/// <remarks>The engine that the other tests use is never made a manager: it may be somebody's.</remarks>
public sealed class SwarmEngine : IAsyncLifetime
{
    /// <summary>Of the classes that share it, so that one is started.</summary>
    internal const string Tests = "swarm";

    private const string Variable = "RUNBOOKS_TEST_DOCKER_HOST";

    /// <summary>It ends when its standard input does.</summary>
    private const string Script = """
        cd "$1"
        ip link set lo up
        echo '{}' >daemon.json
        dockerd --config-file daemon.json --data-root "$1/data" --exec-root "$1/exec" --host "unix://$1/docker.sock" --pidfile "$1/pid" >dockerd.log 2>&1 </dev/null &
        engine=$!
        read -r _ || true
        kill -TERM "$engine"
        wait "$engine" || true
        awk -v folder="$1/" 'index($5, folder) == 1 { print $5 }' /proc/self/mountinfo | sort -r | xargs --no-run-if-empty umount --lazy
        """;

    private string _folder = "";
    private Process? _engine;

    internal string Address => $"unix://{_folder}/docker.sock";

    private static string? Shared => Environment.GetEnvironmentVariable(Variable);

    private static bool CanStart => !string.IsNullOrEmpty(Shared) && Environment.UserName == "root" && File.Exists("/usr/sbin/dockerd") && File.Exists("/sbin/ip");

    internal static void SkipWhereItCannotBeStarted() => Assert.SkipUnless(CanStart, "needs root, Debian's dockerd and ip, and the images of the engine that RUNBOOKS_TEST_DOCKER_HOST names");

    /// <summary>A project that uses this engine.</summary>
    internal Project Project() => new Project().Set("DOCKER_HOST", Address);

    /// <summary>Runs the program where what the engine publishes can be reached.</summary>
    internal Task<Finished> InsideAsync(Project project, string program, params string[] args) =>
        project.ProgramAsync("nsenter", [$"--net=/proc/{File.ReadAllText(Path.Combine(_folder, "pid")).Trim()}/ns/net", program, .. args]);

    public async ValueTask InitializeAsync()
    {
        if (!CanStart)
        {
            return;
        }

        // A socket's path has at most 107 bytes.
        _folder = Directory.CreateTempSubdirectory("rbsw-").FullName;
        _engine = Process.Start(new ProcessStartInfo("unshare", ["--net", "bash", "-euc", Script, "bash", _folder]) { RedirectStandardInput = true, UseShellExecute = false })
            ?? throw new InvalidOperationException("unshare could not be started");
        using var project = Project();
        while ((await project.ProgramAsync("docker", "version")).Exit != 0)
        {
            if (_engine.HasExited)
            {
                Assert.Fail($"the engine ended before it answered:\n{await File.ReadAllTextAsync(Path.Combine(_folder, "dockerd.log"))}");
            }

            await Task.Delay(50, project.Cancellation);
        }

        var images = string.Join(' ', ((string[])["good", "bad", "unstartable"]).Select(tag => $"runbooks-test/app:{tag}"));
        (await project.ProgramAsync("bash", "-o", "pipefail", "-c", $"docker --host '{Shared}' save {images} | docker load")).Expect(0);
        (await project.ProgramAsync("docker", "swarm", "init", "--advertise-addr", "127.0.0.1")).Expect(0);
    }

    public async ValueTask DisposeAsync()
    {
        if (_engine is null)
        {
            return;
        }

        using (var project = Project())
        {
            await project.ProgramAsync("bash", "-c", "docker service ls --quiet | xargs --no-run-if-empty docker service rm");
        }

        _engine.StandardInput.Close();
        await _engine.WaitForExitAsync();
        _engine.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}

[CollectionDefinition(SwarmEngine.Tests)]
public sealed class SharedSwarm : ICollectionFixture<SwarmEngine>;
