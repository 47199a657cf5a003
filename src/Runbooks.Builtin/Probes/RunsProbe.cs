using System.Collections.Immutable;
using Runbooks.Advisor.Assessing.Readings;
using Runbooks.Advisor.Situations;
using Runbooks.Builtin.Readiness;
using Runbooks.Engine.Journal;
using Runbooks.Engine.Ports;

namespace Runbooks.Builtin.Probes;

/// <summary>How long the playbooks took when they were last run with success, which rollbacks were tried since and did not succeed, and whether traffic was stopped.</summary>
public sealed class RunsProbe : IProbe
{
    public string Name => "runs";

    public string Source => "runbook runs list";

    public ImmutableArray<string> Facts => [FactKeys.Measured, FactKeys.Tried];

    public TimeSpan Limit => TimeSpan.FromSeconds(10);

    public Task<ProbeAnswer> LookAsync(Sight sight, CancellationToken cancel)
    {
        if (sight.Runs is not { } store)
        {
            return Task.FromResult(ProbeAnswer.Of());
        }

        var folder = sight.Ports.Files.ReadFolder(sight.RunsFolder);
        if (folder.Names is null && sight.Ports.Files.Stat(sight.RunsFolder).Kind != FileKind.Missing)
        {
            return Task.FromResult(ProbeAnswer.Unknown($"the runs on record in {sight.RunsFolder} cannot be read: {folder.Problem}"));
        }

        var runs = ReadyRuns.Of(store, cancel);
        var well = runs.Runs.Where(r => r is { Started: { Undoes: null, ByHand: not true }, State: { IsSealed: true, Ended.Conclusion: Conclusion.Succeeded } }).DistinctBy(r => r.Started.Playbook);
        var tries = TriedRuns.Of(runs.Runs, store);
        ImmutableArray<string> problems = [.. runs.Left.Where(l => l.Source != ReadyRuns.Older).Select(l => $"{l.Source}: {l.Value}")];
        var reading = new PastRunsReading(Source, sight.Now, [.. well.Select(r => new PastRun(r.Id, r.Started.Playbook, TimeSpan.FromMilliseconds(r.State.Ended?.ElapsedMs ?? 0)))])
        {
            // One that cannot be read may be one that was tried.
            Tries = problems.IsEmpty || !tries.IsEmpty ? tries : null,
        };
        return Task.FromResult(new ProbeAnswer(MaintenanceRuns.Of(runs.Runs, sight, store) is { } maintenance ? [reading, maintenance] : [reading], [.. problems.Take(ShownProblems)]));
    }

    private const int ShownProblems = 3;
}
