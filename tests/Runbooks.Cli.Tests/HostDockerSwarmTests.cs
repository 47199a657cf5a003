using Runbooks.Engine.Ports;
using Runbooks.Host.Docker;
using Runbooks.Testing.Contracts;

namespace Runbooks.Cli.Tests;

/// <summary>What a real engine says of the services of its swarm. It is asked here, where one is started anyway.</summary>
[Collection(SwarmEngine.Tests)]
public sealed class HostDockerSwarmTests(SwarmEngine engine) : DockerSwarmContract, IDisposable
{
    private readonly List<HostDocker> _opened = [];
    private string _id = "";

    protected override (string Updated, string Everywhere, string Homeless, string UpdatedId, string First, string Second) Names =>
        ("told-updated", "told-everywhere", "told-homeless", _id, "runbooks-test/app:good", "runbooks-test/app:bad");

    protected override async Task<IDocker> OpenAsync()
    {
        SwarmEngine.SkipWhereItCannotBeStarted();
        using var project = engine.Project();
        // The first test makes them, for all of them.
        if ((await project.ProgramAsync("docker", "service", "inspect", Names.Updated)).Exit != 0)
        {
            string[] create = ["service", "create", "--quiet", "--no-resolve-image", "--stop-grace-period", "1s", "--update-monitor", "100ms", "--name"];
            (await project.ProgramAsync("docker", [.. create, Names.Homeless, "--detach", "--constraint", "node.role == worker", Names.First])).Expect(0);
            (await project.ProgramAsync("docker", [.. create, Names.Everywhere, "--detach=false", "--mode", "global", Names.First])).Expect(0);
            (await project.ProgramAsync("docker", [.. create, Names.Updated, "--detach=false", "--replicas", "2", Names.First])).Expect(0);
            (await project.ProgramAsync("docker", "service", "update", "--quiet", "--detach=false", "--no-resolve-image", "--image", Names.Second, Names.Updated)).Expect(0);
            while (!(await project.ProgramAsync("docker", "service", "ps", "--no-trunc", "--format", "{{.Error}}", Names.Homeless)).Expect(0).Out.StartsWith("\"no suitable", StringComparison.Ordinal))
            {
                await Task.Delay(50, project.Cancellation);
            }
        }

        _id = (await project.ProgramAsync("docker", "service", "inspect", "--format", "{{.ID}}", Names.Updated)).Expect(0).Out.Trim();
        return At(engine.Address);
    }

    protected override Task<IDocker> OpenWithoutSwarmAsync()
    {
        SwarmEngine.SkipWhereItCannotBeStarted();
        return Task.FromResult<IDocker>(At(Environment.GetEnvironmentVariable("RUNBOOKS_TEST_DOCKER_HOST") ?? ""));
    }

    private HostDocker At(string address)
    {
        var docker = new HostDocker(TimeProvider.System, address);
        _opened.Add(docker);
        return docker;
    }

    public void Dispose() => _opened.ForEach(d => d.Dispose());
}
