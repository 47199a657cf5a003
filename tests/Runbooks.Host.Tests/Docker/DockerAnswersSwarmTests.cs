using Runbooks.Engine.Ports;
using Runbooks.Testing;
using Runbooks.Testing.Contracts;

namespace Runbooks.Host.Tests.Docker;

/// <summary>The fake does what a real engine with a swarm does, which <c>HostDockerSwarmTests</c> asks beside the tests that need one anyway.</summary>
public sealed class DockerAnswersSwarmTests : DockerSwarmContract
{
    private const string First = "app:v1";
    private const string Second = "app:v2";

    private static readonly SwarmServiceState Updated = new()
    {
        Name = "updated",
        Image = Second,
        PreviousImage = First,
        UpdateState = "completed",
        UpdateMessage = "update completed",
        DesiredTasks = 2,
        Tasks = [new("2", Second, "running", ""), new("2", First, "shutdown", ""), new("1", Second, "running", ""), new("1", First, "shutdown", "")],
        ActiveNodes = 1,
    };

    private static readonly SwarmServiceState Everywhere = new() { Name = "everywhere", Image = First, DesiredTasks = 1, Tasks = [new("on x1", First, "running", "")], ActiveNodes = 1 };

    private static readonly SwarmServiceState Homeless = Everywhere with { Name = "homeless", Tasks = [new("1", First, "pending", "no suitable node (scheduling constraints not satisfied on 1 node)")] };

    protected override (string Updated, string Everywhere, string Homeless, string UpdatedId, string First, string Second) Names => (Updated.Name, Everywhere.Name, Homeless.Name, "idofupdated", First, Second);

    protected override Task<IDocker> OpenAsync() => Task.FromResult<IDocker>(new DockerAnswers().Service(Updated, "idofupdated").Service(Everywhere).Service(Homeless));

    protected override Task<IDocker> OpenWithoutSwarmAsync() => Task.FromResult<IDocker>(new DockerAnswers());
}
