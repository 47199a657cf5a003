using System.Collections.Immutable;
using Runbooks.Advisor.Assessing.Readings;
using Runbooks.Advisor.Situations;
using Runbooks.Builtin.Releases;
using Runbooks.Engine.Releases;

namespace Runbooks.Builtin.Probes;

/// <summary>What runs, in the form in which releases are recorded.</summary>
public sealed class RunningProbe : IProbe
{
    public string Name => "running";

    public string Source => "docker container inspect, docker image inspect";

    public ImmutableArray<string> Facts => [FactKeys.Changes];

    public TimeSpan Limit => TimeSpan.FromSeconds(20);

    public async Task<ProbeAnswer> LookAsync(Sight sight, CancellationToken cancel)
    {
        var containers = await sight.ContainersAsync(cancel);
        if (containers.Problem is { } problem)
        {
            return ProbeAnswer.Unknown(problem);
        }

        var observer = new ServiceObserver(sight.Ports.Docker, sight.Subject.Services, sight.Key);
        var services = await observer.ObserveAsync(containers.Value, cancel);
        return new ProbeAnswer([new RunningReading(Source, sight.Now, new Release { Id = "now", Project = sight.Subject.Name, Services = services })], [.. observer.Unknown]);
    }
}
