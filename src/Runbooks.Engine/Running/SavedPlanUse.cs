using System.Text;
using Runbooks.Engine.Journal;
using Runbooks.Engine.Ports;

namespace Runbooks.Engine.Running;

/// <summary>The saved plan that a run comes from.</summary>
/// <param name="SignedBy">Fingerprint of the key whose signature was asked for and found; empty when none was asked for.</param>
public sealed record SavedPlanUse(string PlanId, string SignedBy);

/// <summary>A saved plan is run once. It is taken after all that can refuse a run and before the first effect, so that a refused run does not use it up.</summary>
internal static class PlanUses
{
    /// <summary>Looks whether it was used, before anything is asked or waited for.</summary>
    /// <returns>Why the run is refused; null when nobody has used the plan.</returns>
    public static string? Refusal(RunScope run, IRunStore store) =>
        run.Request.SavedPlan is { } plan ? Refusal(store.ClaimOf(plan.PlanId)) ?? InJournals(plan.PlanId, store) : null;

    /// <summary>Takes it.</summary>
    /// <returns>Why the run is refused; null when the plan is now this run's, or when there is none.</returns>
    public static string? Take(RunScope run, IRunStore store)
    {
        if (run.Request.SavedPlan is not { } plan)
        {
            return null;
        }

        var (id, who) = (run.Request.RunId, run.Request.Operator);
        var claim = store.ClaimPlan(plan.PlanId, $"run {id} by {who.User} on {who.Host} at {run.Started.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z");
        if (!claim.IsTaken)
        {
            return Refusal(claim) ?? "the saved plan could not be taken";
        }

        run.Journal.Append(new PlanTaken(plan.PlanId, plan.SignedBy));
        return null;
    }

    private static string? Refusal(PlanClaim claim) => claim switch
    {
        { By: { } by } => Used(by),
        { Problem: { } problem } => $"whether the saved plan was used is not known: {problem}",
        _ => null,
    };

    private static string Used(string by) => $"the saved plan was used before, by {by}; 'runbook plan PLAYBOOK -o FILE' saves a new one";

    /// <summary>The claim is a file that can be lost; the journals say it too.</summary>
    private static string? InJournals(string planId, IRunStore store)
    {
        var id = Encoding.UTF8.GetBytes(planId);
        foreach (var run in store.List())
        {
            var read = store.ReadJournal(run);
            if (read.Bytes is not { } bytes)
            {
                return $"whether the saved plan was used is not known: the journal of run {run} cannot be read: {read.Problem}";
            }

            if (bytes.AsSpan().IndexOf(id) < 0)
            {
                continue;
            }

            // A line that cannot be read may be the one that took it.
            var journal = JournalReader.Read(bytes);
            if (journal is { Break: not null, IsTorn: false } || journal.Lines.Any(l => l.Event is PlanTaken taken && taken.PlanId == planId))
            {
                return Used($"run {run}");
            }
        }

        return null;
    }
}
