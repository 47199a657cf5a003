using System.Collections.Immutable;
using Runbooks.Advisor.Assessing.Readings;
using Runbooks.Advisor.Situations;
using Runbooks.Builtin.Containers;
using Runbooks.Engine.Ports;
using Runbooks.Engine.Running;

namespace Runbooks.Builtin.Probes;

/// <summary>The state of each container: exit codes, restarts, memory, health, what the daemon said.</summary>
public sealed class ContainersProbe : IProbe
{
    public string Name => "containers";

    public string Source => "docker container inspect";

    public ImmutableArray<string> Facts => [FactKeys.Deployed, FactKeys.OtherFolder, FactKeys.SystemState, FactKeys.Swarm];

    public TimeSpan Limit => TimeSpan.FromSeconds(20);

    public async Task<ProbeAnswer> LookAsync(Sight sight, CancellationToken cancel)
    {
        var answer = await sight.ContainersAsync(cancel);
        if (answer.Problem is { } problem)
        {
            return ProbeAnswer.Unknown(problem);
        }

        var projects = answer.Value.Select(c => c.Labels.GetValueOrDefault(ContainerChoice.ProjectLabel, "")).Where(p => p.Length > 0).Distinct(StringComparer.Ordinal).ToList();
        if (projects.Count > 1)
        {
            return ProbeAnswer.Unknown($"containers of several Compose projects were made in this folder: {string.Join(", ", projects.Order(StringComparer.Ordinal))}; name one in runbook.yml");
        }

        var folder = sight.Playbook?.Compose.Directory ?? "";
        var (other, isHere) = folder.Length > 0 ? ComposeFolders.Of(answer.Value, folder, sight.Ports.Files) : (null, false);
        return ProbeAnswer.Of(new ContainersReading(Source, sight.Now, projects.Count == 1 ? projects[0] : sight.Subject.Name, answer.Value)
        {
            Elsewhere = answer.Value.IsEmpty ? await ElsewhereAsync(sight, cancel) : [],
            Folder = folder,
            MadeIn = other ?? (isHere ? folder : ""),
        });
    }

    /// <summary>A project that was started under another name looks like nothing at all.</summary>
    private static async Task<ImmutableArray<string>> ElsewhereAsync(Sight sight, CancellationToken cancel)
    {
        var all = await sight.Ports.Docker.ContainersAsync(new ContainerFilter(), cancel);
        return all.Problem is not null ? [] : [.. all.Value.Where(c => c.Labels.GetValueOrDefault(ComposeFolders.Label) == sight.Subject.Directory).Select(c => c.Labels.GetValueOrDefault(ContainerChoice.ProjectLabel, "")).Where(p => p.Length > 0).Distinct().Order(StringComparer.Ordinal)];
    }
}
