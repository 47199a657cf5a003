using System.Collections.Immutable;
using Runbooks.Advisor.Assessing.Readings;
using Runbooks.Advisor.Situations;
using Runbooks.Builtin.Readiness;
using Runbooks.Engine.Journal;
using Runbooks.Engine.Ports;

namespace Runbooks.Builtin.Probes;

/// <summary>How long the playbooks took when they were last run with success.</summary>
public sealed class RunsProbe : IProbe
{
    public string Name => "runs";

    public string Source => "runbook runs list";

    public ImmutableArray<string> Facts => [FactKeys.Measured];

    public TimeSpan Limit => TimeSpan.FromSeconds(10);

    public Task<ProbeAnswer> LookAsync(Sight sight, CancellationToken cancel)
    {
        if (sight.Runs is not { } store || sight.Ports.Files.Stat(sight.RunsFolder).Kind == FileKind.Missing)
        {
            return Task.FromResult(ProbeAnswer.Of());
        }

        var runs = ReadyRuns.Of(store, cancel).Runs.Where(r => r is { Started: { Undoes: null, ByHand: not true }, State: { IsSealed: true, Ended.Conclusion: Conclusion.Succeeded } }).DistinctBy(r => r.Started.Playbook);
        return Task.FromResult(ProbeAnswer.Of(new PastRunsReading(Source, sight.Now, [.. runs.Select(r => new PastRun(r.Id, r.Started.Playbook, TimeSpan.FromMilliseconds(r.State.Ended?.ElapsedMs ?? 0)))])));
    }
}
