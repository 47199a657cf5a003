using System.Globalization;
using Docker.DotNet;
using Docker.DotNet.Models;
using Runbooks.Engine.Ports;

namespace Runbooks.Host.Docker;

/// <summary>From the answers of an engine that manages a swarm to what the product knows of a service.</summary>
internal static class SwarmReading
{
    public static async Task<SwarmServiceState?> ServiceAsync(DockerClient client, string service, CancellationToken cancel)
    {
        // Only a list says how many tasks should run. Its filters match more than asked.
        var listed = await client.Swarm.ListServicesAsync(new ServiceListParameters { Status = true }, cancel);
        if (listed.FirstOrDefault(s => s.Spec?.Name == service || s.ID == service) is not { Spec: { } spec } found)
        {
            return null;
        }

        var filter = new Dictionary<string, IDictionary<string, bool>> { ["service"] = new Dictionary<string, bool> { [found.ID] = true } };
        var tasks = await client.Tasks.ListAsync(new TasksListParameters { Filters = filter }, cancel);
        var nodes = await client.Swarm.ListNodesAsync(cancel);
        return new SwarmServiceState
        {
            Name = spec.Name ?? service,
            Image = ImageOf(spec),
            PreviousImage = found.PreviousSpec is { } previous ? ImageOf(previous) : null,
            UpdateState = found.UpdateStatus?.State is { Length: > 0 } state ? state : null,
            UpdateMessage = found.UpdateStatus?.Message ?? "",
            DesiredTasks = found.ServiceStatus is { } status ? (long)status.DesiredTasks : null,
            Tasks = [.. tasks.OrderByDescending(t => t.Status?.Timestamp).Select(TaskOf)],
            ActiveNodes = nodes.Count(n => n is { Status.State: "ready", Spec.Availability: "active" }),
        };
    }

    /// <summary>Empty for a service that runs no containers.</summary>
    private static string ImageOf(ServiceSpec spec) => spec.TaskTemplate?.ContainerSpec?.Image ?? "";

    private static SwarmTask TaskOf(TaskResponse task) => new(
        task.Slot is > 0 and var slot ? slot.ToString(CultureInfo.InvariantCulture) : $"on {task.NodeID}",
        task.Spec?.ContainerSpec?.Image ?? "",
        task.Status?.State.ToString()?.ToLowerInvariant() ?? "",
        task.Status?.Err ?? "");
}
