using System.Collections.Immutable;
using Runbooks.Advisor.Assessing.Readings;
using Runbooks.Advisor.Situations;
using Runbooks.Builtin.Readiness;
using Runbooks.Builtin.WaysBack;
using Runbooks.Engine.Journal;
using Runbooks.Engine.Ports;

namespace Runbooks.Builtin.Probes;

/// <summary>Which rollbacks were begun since the last one that succeeded, changed something, and did not end in success.</summary>
internal static class TriedRuns
{
    private const string DoesNotHold = "does-not-hold";

    /// <param name="runs">Newest first.</param>
    public static ImmutableArray<PastTry> Of(ImmutableArray<ReadyRun> runs, IRunStore store)
    {
        var back = runs.Where(r => r is { Started.Undoes: not null, State.Ended.Conclusion: Conclusion.Succeeded }).Select(r => r.Started.Undoes ?? "").ToHashSet(StringComparer.Ordinal);
        var tries = ImmutableArray.CreateBuilder<PastTry>();
        foreach (var run in runs.Where(r => r.Started.Undoes is null))
        {
            if (ShippedPlaybook.All.FirstOrDefault(p => p.Name == run.Started.Playbook) is not { } playbook)
            {
                continue;
            }

            var isBack = back.Contains(run.Id);
            if (run.State is { IsSealed: true, Ended.Conclusion: Conclusion.Succeeded } && !isBack)
            {
                // The system was well after it: what was tried before was in another trouble.
                break;
            }

            if (EndOf(run.State, isBack) is { } end)
            {
                tries.Add(new PastTry(run.Id, playbook.Name, end, run.State.StartedAt ?? DateTimeOffset.MaxValue, TargetOf(run, playbook, store)) { Why = Why(run, store), SawItIll = SawIt(run.State) });
            }
        }

        return tries.ToImmutable();
    }

    private static string Why(ReadyRun run, IRunStore store) => run.State.Ended?.Why is { Length: > 0 } why ? why + FailedStepWords.Of(run.State, run.Id, store) : "";

    /// <param name="isBack">A later run has taken it back.</param>
    /// <returns>Null when it says nothing of where it went back to: it was refused, changed nothing, or a person changed their mind and everything is as it was.</returns>
    private static TriedEnd? EndOf(RunState state, bool isBack)
    {
        var byPerson = state.StopSignal.Length > 0 || state.IsDenied || state.Ended?.Conclusion == Conclusion.Cancelled;
        return state.Ended?.Conclusion switch
        {
            Conclusion.Succeeded => isBack ? TriedEnd.TakenBack : null,
            Conclusion.Refused or Conclusion.Inconclusive => null,
            _ when !state.Steps.Any(Changes) => null,
            null or Conclusion.TrailUnwritable => isBack ? null : TriedEnd.Unfinished,
            Conclusion.Undone => byPerson ? null : TriedEnd.Undone,
            Conclusion.UndoFailed => TriedEnd.UndoFailed,
            _ when byPerson => isBack ? null : TriedEnd.Stopped,
            _ => isBack ? TriedEnd.Undone : TriedEnd.Failed,
        };
    }

    /// <summary>A dump beside the database changes nothing of the system, nor does an image that is brought before anything is stopped.</summary>
    private static bool Changes(StepState step) => step is { WasBegunWithEffect: true, Backup: null, Head: { Kind: not "backup", Id: not ShippedPlaybook.Fetch } };

    /// <summary>It came so far that a check looked at what it had put back, and that was not well.</summary>
    private static bool SawIt(RunState state) => state.Validations.Any(v => v.Verdict == DoesNotHold) || state.Steps.Any(s => s.Checks.Any(c => c is { Phase: "step", Verdict: DoesNotHold }));

    /// <summary>By the plan of the run. What cannot be read is left out: then it may be any.</summary>
    private static ImmutableSortedDictionary<string, string> TargetOf(ReadyRun run, ShippedPlaybook playbook, IRunStore store) =>
        RecordedPlan.VarsOf(run, store).Where(v => playbook.Aims.Contains(v.Key)).ToImmutableSortedDictionary(StringComparer.Ordinal);
}
