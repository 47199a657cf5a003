using Runbooks.Engine.Ports;
using Xunit;

namespace Runbooks.Testing.Contracts;

/// <summary>What every implementation of <see cref="IDocker"/> says of services of a swarm. The real adapter and the fake both inherit it.</summary>
public abstract class DockerSwarmContract
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>
    /// An engine that manages a swarm of one node, with a service of two tasks that was updated, one task after the other and to its end, from the first image to the second; one with a task on each
    /// node that was never updated; and one whose task no node may take.
    /// </summary>
    protected abstract Task<IDocker> OpenAsync();

    /// <summary>An engine that manages no swarm.</summary>
    protected abstract Task<IDocker> OpenWithoutSwarmAsync();

    /// <summary>Names of the three services, the id of the first, and the two images.</summary>
    protected abstract (string Updated, string Everywhere, string Homeless, string UpdatedId, string First, string Second) Names { get; }

    [Fact]
    public async Task A_service_that_was_updated_has_both_images_and_the_tasks_of_both_the_newest_first()
    {
        var service = await OneAsync(await OpenAsync(), Names.Updated);

        Assert.Equal((Names.Updated, Names.Second, Names.First), (service.Name, service.Image, service.PreviousImage));
        Assert.Equal(("completed", "update completed"), (service.UpdateState, service.UpdateMessage));
        Assert.Equal((2, 1), (service.DesiredTasks, service.ActiveNodes));
        foreach (var place in (string[])["1", "2"])
        {
            Assert.Equal(
                [new SwarmTask(place, Names.Second, "running", ""), new SwarmTask(place, Names.First, "shutdown", "")],
                service.Tasks.Where(t => t.Place == place));
        }

        Assert.Equal(4, service.Tasks.Length);
        Assert.Equal("running", service.Tasks[0].State);
    }

    [Fact]
    public async Task A_service_that_was_never_updated_has_nothing_to_go_back_to_and_its_tasks_are_told_by_their_nodes()
    {
        var service = await OneAsync(await OpenAsync(), Names.Everywhere);

        Assert.Equal((null, null, ""), (service.PreviousImage, service.UpdateState, service.UpdateMessage));
        Assert.Equal(1, service.DesiredTasks);
        var task = Assert.Single(service.Tasks);
        Assert.Equal((Names.First, "running", ""), (task.Image, task.State, task.Error));
        Assert.StartsWith("on ", task.Place, StringComparison.Ordinal);
        Assert.True(task.Place.Length > "on ".Length);
    }

    [Fact]
    public async Task A_task_that_does_not_run_says_why()
    {
        var service = await OneAsync(await OpenAsync(), Names.Homeless);

        Assert.Equal(1, service.DesiredTasks);
        var task = Assert.Single(service.Tasks);
        Assert.Equal("pending", task.State);
        Assert.StartsWith("no suitable node", task.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_is_found_by_its_name_and_by_its_id_and_not_by_a_part_of_them()
    {
        var docker = await OpenAsync();

        Assert.Equal(Names.Updated, (await OneAsync(docker, Names.UpdatedId)).Name);
        foreach (var other in (string[])[Names.Updated[..^1], Names.UpdatedId[..^1], "nothing-has-this-name"])
        {
            var answer = await docker.SwarmServiceAsync(other, Cancel);
            Assert.Equal((null, null), (answer.Value, answer.Problem));
        }
    }

    [Fact]
    public async Task An_engine_that_manages_no_swarm_is_a_problem_and_not_a_service_that_is_missing()
    {
        var answer = await (await OpenWithoutSwarmAsync()).SwarmServiceAsync(Names.Updated, Cancel);

        Assert.Null(answer.Value);
        Assert.Contains("swarm", answer.Problem, StringComparison.Ordinal);
    }

    private static async Task<SwarmServiceState> OneAsync(IDocker docker, string service)
    {
        var answer = await docker.SwarmServiceAsync(service, Cancel);
        Assert.Null(answer.Problem);
        return Assert.IsType<SwarmServiceState>(answer.Value);
    }
}
