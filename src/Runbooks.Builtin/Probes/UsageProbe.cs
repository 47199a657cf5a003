using System.Collections.Immutable;
using Runbooks.Advisor.Assessing;
using Runbooks.Advisor.Assessing.Readings;
using Runbooks.Advisor.Situations;
using Runbooks.Builtin.Checks.Resources;
using Runbooks.Builtin.Containers;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Ports;

namespace Runbooks.Builtin.Probes;

/// <summary>What the containers that run use of processor and memory, in two samples.</summary>
public sealed class UsageProbe : IProbe
{
    /// <summary>Of what it may use: more is worth a word.</summary>
    private const double Much = 0.9;

    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1);

    public string Name => "usage";

    public string Source => "docker stats";

    public ImmutableArray<string> Facts => [FactKeys.SystemState];

    public TimeSpan Limit => TimeSpan.FromSeconds(10);

    public async Task<ProbeAnswer> LookAsync(Sight sight, CancellationToken cancel)
    {
        var containers = await sight.ContainersAsync(cancel);
        if (containers.Problem is { } problem)
        {
            return ProbeAnswer.Unknown(problem);
        }

        var running = containers.Value.Where(c => c.Status == "running").ToImmutableArray();
        var first = await SampleAsync(running, sight, cancel);
        if (!running.IsEmpty)
        {
            await Task.Delay(Between, sight.Ports.Time, cancel);
        }

        var second = await SampleAsync(running, sight, cancel);
        var (readings, problems) = (ImmutableArray.CreateBuilder<Reading>(), ImmutableArray.CreateBuilder<string>());
        for (var i = 0; i < running.Length; i++)
        {
            if ((first[i].Problem ?? second[i].Problem) is { } why)
            {
                problems.Add($"what {running[i].Name} uses: {why}");
            }
            else if (first[i].Value is { } before && second[i].Value is { } after)
            {
                var reading = ResourceReading.Of(Question, running[i], (before, after), null);
                readings.Add(new UsageReading($"{Source} {running[i].Name}", sight.Now, running[i].Labels.GetValueOrDefault(ContainerChoice.ServiceLabel, running[i].Name), reading.Text, reading.Kind == VerdictKind.DoesNotHold));
            }
        }

        return new ProbeAnswer(readings.ToImmutable(), problems.ToImmutable());
    }

    private static ResourcesCheck Question { get; } = new(new ContainerChoice(null, null, ""), Between)
    {
        Cpu = new ResourceLimit(Much, IsShare: true, "90%"),
        Memory = new ResourceLimit(Much, IsShare: true, "90%"),
    };

    private static async Task<DockerAnswer<ContainerUsage?>[]> SampleAsync(ImmutableArray<ContainerState> containers, Sight sight, CancellationToken cancel) =>
        await Task.WhenAll([.. containers.Select(c => sight.Ports.Docker.UsageAsync(c.Id, cancel))]);
}
