namespace Runbooks.Cli.Tests;

/// <summary>An <see cref="OwnEngine"/> that manages a swarm of one node.</summary>
public sealed class SwarmEngine : IAsyncLifetime
{
    /// <summary>Of the classes that share it, so that one is started.</summary>
    internal const string Tests = "swarm";

    private OwnEngine? _engine;

    internal static void SkipWhereItCannotBeStarted() => OwnEngine.SkipWhereItCannotBeStarted();

    internal string Address => Engine.Address;

    /// <summary>A project that uses this engine.</summary>
    internal Project Project() => Engine.Project();

    /// <summary>Runs the program where what the engine publishes can be reached.</summary>
    internal Task<Finished> InsideAsync(Project project, string program, params string[] args) => project.ProgramAsync(Engine.Within[0], [.. Engine.Within[1..], program, .. args]);

    private OwnEngine Engine => _engine ?? throw new InvalidOperationException("it was not started");

    public async ValueTask InitializeAsync()
    {
        if (!OwnEngine.CanStart)
        {
            return;
        }

        _engine = await OwnEngine.OpenAsync();
        using var project = Project();
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

        await _engine.DisposeAsync();
    }
}

[CollectionDefinition(SwarmEngine.Tests)]
public sealed class SharedSwarm : ICollectionFixture<SwarmEngine>;
