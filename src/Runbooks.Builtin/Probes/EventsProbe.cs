using System.Collections.Immutable;
using Runbooks.Advisor.Assessing.Readings;
using Runbooks.Advisor.Situations;
using Runbooks.Builtin.Containers;
using Runbooks.Engine.Running;

namespace Runbooks.Builtin.Probes;

/// <summary>What the engine still remembers of what happened to the containers. It remembers little, and forgets it with a restart: it is asked first.</summary>
public sealed class EventsProbe : IProbe
{
    private const int Most = 500;
    private static readonly TimeSpan Furthest = TimeSpan.FromHours(24);

    public string Name => "events";

    public string Source => "docker events";

    public ImmutableArray<string> Facts => [FactKeys.FailureTime];

    public TimeSpan Limit => TimeSpan.FromSeconds(10);

    public async Task<ProbeAnswer> LookAsync(Sight sight, CancellationToken cancel)
    {
        var now = sight.Now;
        var answer = await sight.Ports.Docker.EventsAsync(sight.Subject.Name.Length > 0 ? sight.Subject.Name : null, now - Furthest, now, cancel);
        if (answer.Problem is { } problem)
        {
            return ProbeAnswer.Unknown(problem);
        }

        var events = answer.Value.Where(e => sight.Subject.Name.Length > 0 || e.Labels.GetValueOrDefault(ComposeFolders.Label) == sight.Subject.Directory)
            .Select(e => new ContainerEvent(e.At, e.Labels.GetValueOrDefault(ContainerChoice.ServiceLabel, e.Container), e.Container, e.Action, e.ExitCode));
        return ProbeAnswer.Of(new EventsReading(Source, sight.Now, [.. events.TakeLast(Most)]));
    }
}
