using CliWrap;
using CliWrap.Buffered;
using Runbooks.Host.Docker;

namespace Runbooks.Host.Tests.Docker;

/// <summary>The Docker Engine of the tests and what a test leaves in it.</summary>
/// <remarks>The engine and the image come from <c>test.sh</c>. Containers here have no network of their own, so that an engine without a bridge will do.</remarks>
public sealed class TestEngine : IAsyncDisposable
{
    public const string Image = "runbooks-test/base:latest";

    private const string Variable = "RUNBOOKS_TEST_DOCKER_HOST";

    private readonly List<string> _leftovers = [];

    private TestEngine(string address)
    {
        Address = address;
        Docker = new HostDocker(TimeProvider.System, address);
    }

    public string Address { get; }

    public HostDocker Docker { get; }

    /// <summary>A prefix for names that no other test uses.</summary>
    public string Unique { get; } = $"rbt-{Guid.NewGuid():N}"[..16];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Skips the test when no engine was promised; fails it when the promised one does not answer.</summary>
    public static async Task<TestEngine> OpenAsync()
    {
        var address = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipWhen(string.IsNullOrEmpty(address), "start them with ./test.sh, which brings an engine");
        var engine = new TestEngine(address ?? "");
        var version = await engine.Docker.VersionAsync(Cancel);
        Assert.Null(version.Problem);
        return engine;
    }

    /// <summary>Runs the docker command.</summary>
    public async Task<string> CommandAsync(params string[] arguments)
    {
        var result = await Cli.Wrap("docker").WithArguments(["--host", Address, .. arguments]).WithValidation(CommandResultValidation.None).ExecuteBufferedAsync(Cancel);
        Assert.True(result.ExitCode == 0, $"docker {string.Join(' ', arguments)}: {result.StandardError}");
        return result.StandardOutput.Trim();
    }

    /// <summary>Runs the docker command, which may fail.</summary>
    public async Task TryCommandAsync(params string[] arguments) =>
        await Cli.Wrap("docker").WithArguments(["--host", Address, .. arguments]).WithValidation(CommandResultValidation.None).ExecuteAsync(Cancel);

    /// <summary>Starts a container that runs a shell script; without a network, unless the options name one.</summary>
    /// <returns>Its name.</returns>
    public async Task<string> RunAsync(string script, params string[] options)
    {
        var name = NewName();
        string[] network = options.Contains("--network") ? [] : ["--network", "none"];
        await CommandAsync(["run", "--detach", "--name", name, .. network, .. options, Image, "sh", "-c", script]);
        return name;
    }

    /// <summary>Makes a container without starting it.</summary>
    /// <returns>Its name.</returns>
    public async Task<string> CreateAsync(params string[] options)
    {
        var name = NewName();
        await CommandAsync(["create", "--name", name, "--network", "none", .. options, Image]);
        return name;
    }

    /// <summary>The labels that Compose puts on a container.</summary>
    public string[] OfService(string service, string workingDirectory = "/srv/shop") =>
    [
        "--label", $"com.docker.compose.project={Unique}", "--label", $"com.docker.compose.service={service}",
        "--label", $"com.docker.compose.project.working_dir={workingDirectory}", "--label", "com.docker.compose.oneoff=False",
    ];

    public async Task WaitAsync(string container) => await CommandAsync("wait", container);

    public async ValueTask DisposeAsync()
    {
        foreach (var name in _leftovers)
        {
            await Cli.Wrap("docker").WithArguments(["--host", Address, "rm", "--force", "--volumes", name]).WithValidation(CommandResultValidation.None).ExecuteAsync(CancellationToken.None);
        }

        Docker.Dispose();
    }

    private string NewName()
    {
        _leftovers.Add($"{Unique}-{_leftovers.Count}");
        return _leftovers[^1];
    }
}
