using System.Globalization;
using Runbooks.Engine.Ports;

namespace Runbooks.Host.Docker;

/// <summary>From the answers of an engine that manages a swarm to what the product knows of a service.</summary>
internal static class SwarmReading
{
    public static async Task<SwarmServiceState?> ServiceAsync(EngineApi client, string service, CancellationToken cancel)
    {
        // Only a list says how many tasks should run. Its filters match more than asked.
        var listed = await client.GetAsync("/services?status=true", EngineJson.Default.IReadOnlyListSwarmServiceAnswer, cancel);
        if (listed.FirstOrDefault(s => s.Spec?.Name == service || s.Id == service) is not { Spec: { } spec } found)
        {
            return null;
        }

        var filter = new Dictionary<string, Dictionary<string, bool>> { ["service"] = new() { [found.Id] = true } };
        var tasks = await client.GetAsync($"/tasks?filters={EngineApi.Filters(filter)}", EngineJson.Default.IReadOnlyListSwarmTaskAnswer, cancel);
        var nodes = await client.GetAsync("/nodes", EngineJson.Default.IReadOnlyListSwarmNode, cancel);
        return new SwarmServiceState
        {
            Name = spec.Name ?? service,
            Image = ImageOf(spec),
            PreviousImage = found.PreviousSpec is { } previous ? ImageOf(previous) : null,
            UpdateState = found.UpdateStatus?.State is { Length: > 0 } state ? state : null,
            UpdateMessage = found.UpdateStatus?.Message ?? "",
            DesiredTasks = found.ServiceStatus is { } status ? (long)status.DesiredTasks : null,
            Tasks = [.. tasks.OrderByDescending(t => EngineTimes.Of(t.Status?.Timestamp)).Select(TaskOf)],
            ActiveNodes = nodes.Count(n => n is { Status.State: "ready", Spec.Availability: "active" }),
        };
    }

    /// <summary>Empty for a service that runs no containers.</summary>
    private static string ImageOf(ServiceSpec spec) => spec.TaskTemplate?.ContainerSpec?.Image ?? "";

    private static SwarmTask TaskOf(SwarmTaskAnswer task) => new(
        task.Slot is > 0 and var slot ? slot.ToString(CultureInfo.InvariantCulture) : $"on {task.NodeId}",
        task.Spec?.ContainerSpec?.Image ?? "",
        task.Status?.State ?? "",
        task.Status?.Err ?? "");
}
