using System.Diagnostics;

namespace Runbooks.Cli.Tests;

/// <summary>A Docker Engine of a test's own, in a network namespace of its own, with the images of the tests. Ended with the test, and also when that is killed.</summary>
/// <remarks>The engine that the other tests use may be somebody's: it is never made a manager of a swarm, and never stopped.</remarks>
internal sealed class OwnEngine : IAsyncDisposable
{
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

    // A socket's path has at most 107 bytes.
    private readonly string _folder = Directory.CreateTempSubdirectory("rbsw-").FullName;
    private Process? _engine;

    internal string Address => $"unix://{_folder}/docker.sock";

    /// <summary>Words before a program with which it reaches what the engine publishes.</summary>
    internal string[] Within => ["nsenter", $"--net=/proc/{File.ReadAllText(Path.Combine(_folder, "pid")).Trim()}/ns/net"];

    private static string? Shared => Environment.GetEnvironmentVariable(Variable);

    internal static bool CanStart => !string.IsNullOrEmpty(Shared) && Environment.UserName == "root" && File.Exists("/usr/sbin/dockerd") && File.Exists("/sbin/ip");

    internal static void SkipWhereItCannotBeStarted() => Assert.SkipUnless(CanStart, "needs root, Debian's dockerd and ip, and the images of the engine that RUNBOOKS_TEST_DOCKER_HOST names");

    /// <summary>A project that uses this engine.</summary>
    internal Project Project() => new Project().Set("DOCKER_HOST", Address);

    internal static async Task<OwnEngine> OpenAsync()
    {
        var engine = new OwnEngine();
        await engine.StartAsync();
        using var project = engine.Project();
        var images = string.Join(' ', ((string[])["good", "bad", "unstartable"]).Select(tag => $"runbooks-test/app:{tag}"));
        (await project.ProgramAsync("bash", "-o", "pipefail", "-c", $"docker --host '{Shared}' save {images} | docker load")).Expect(0);
        return engine;
    }

    /// <summary>Stops it, and starts it with containers that it believes to have been made earlier, as nothing else makes an old container.</summary>
    internal async Task AgeAsync(TimeSpan by)
    {
        await StopAsync();
        foreach (var file in Directory.GetFiles(Path.Combine(_folder, "data", "containers"), "config.v2.json", SearchOption.AllDirectories))
        {
            var text = await File.ReadAllTextAsync(file);
            var at = text.IndexOf("\"Created\":\"", StringComparison.Ordinal) + "\"Created\":\"".Length;
            var end = text.IndexOf('"', at);
            var made = DateTimeOffset.Parse(text[at..end], System.Globalization.CultureInfo.InvariantCulture);
            await File.WriteAllTextAsync(file, $"{text[..at]}{(made - by).UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'}{text[end..]}");
        }

        await StartAsync();
    }

    private async Task StartAsync()
    {
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
    }

    private async Task StopAsync()
    {
        if (_engine is { } engine)
        {
            engine.StandardInput.Close();
            await engine.WaitForExitAsync();
            engine.Dispose();
            _engine = null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
