using System.Collections.Immutable;
using System.Text;
using Runbooks.Engine.Journal;
using Runbooks.Engine.Planning;
using Runbooks.Language.Fields;
using Runbooks.Language.Playbooks;

namespace Runbooks.Engine.Gates;

/// <summary>What stands before the eyes of the person who decides: what was found, what was done, what comes next with its values, and the way back.</summary>
internal static class GateText
{
    /// <param name="next">The steps up to the next gate, with everything filled in that is known by now.</param>
    public static string OfGate(GateTerms terms, PlannedStep gate, Plan plan, string digest, RunState state, ImmutableArray<PlannedStep> next)
    {
        var text = new StringBuilder();
        text.Append($"approval asked for by step '{gate.Id}' ({gate.Number}/{plan.Steps.Length}) of {plan.Playbook.Name}\n\n");
        foreach (var line in terms.Question.ReplaceLineEndings("\n").Split('\n'))
        {
            text.Append($"  {line}\n");
        }

        text.Append($"\nrun         {state.Started?.RunId}\nplan        sha256:{digest}\nin          {plan.ProjectDirectory}\n");
        if (!terms.By.IsEmpty)
        {
            text.Append($"may approve {string.Join(", ", terms.By)}\n");
        }

        text.Append($"good for    {Durations.Format(terms.Expires)} once it is given\n");
        Found(text, state);
        Done(text, state, gate);
        text.Append(next.Length > 0 ? "\nnext\n" : "\nnext: nothing but the validations\n");
        foreach (var step in next)
        {
            PlanText.Step(text, step, plan);
        }

        text.Append($"\nif one of them fails: {(plan.Playbook.OnFailure == OnFailure.Undo ? "what was changed is undone, the last first" : "the run stops, and what was changed stays; 'runbook undo' takes it back")}\n");
        return text.ToString();
    }

    /// <summary>The step alone, for the question whether to run it.</summary>
    public static string OfStep(PlannedStep step, Plan plan)
    {
        var text = new StringBuilder();
        PlanText.Step(text, step, plan);
        return text.ToString();
    }

    private static void Found(StringBuilder text, RunState state)
    {
        var checks = state.Guards.Concat(state.Steps.SelectMany(s => s.Checks)).ToList();
        if (checks.Count == 0)
        {
            return;
        }

        text.Append("\nfound\n");
        foreach (var check in checks)
        {
            text.Append($"  {check.Verdict,-14} {PlanText.OneLine(check.Name)}{(check.Observed.Length > 0 ? $" ({PlanText.OneLine(check.Observed)})" : "")}\n");
        }
    }

    private static void Done(StringBuilder text, RunState state, PlannedStep gate)
    {
        var done = state.Steps.Where(s => s.Standing != StepStanding.NotReached && s.Head.Id != gate.Id).ToList();
        text.Append(done.Count > 0 ? "\ndone\n" : "\ndone: nothing yet\n");
        foreach (var step in done)
        {
            var word = step.Standing switch
            {
                StepStanding.Succeeded => "done",
                StepStanding.Skipped => $"skipped: {step.SkipReason}",
                StepStanding.Failed => "failed",
                _ => "in doubt",
            };
            text.Append($"  {step.Head.Id}: {word}{(step.Ended is { Observed.Length: > 0 } ended ? $" ({PlanText.OneLine(ended.Observed)})" : "")}\n");
        }
    }
}
