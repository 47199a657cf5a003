using System.Collections.Immutable;
using Runbooks.Engine.Journal;
using Runbooks.Engine.Planning;
using Runbooks.Engine.Running;
using Runbooks.Language.Playbooks;

namespace Runbooks.Engine.Resuming;

/// <summary>Finds out of a step in doubt whether it is done or has to be performed again. Never guesses: what cannot be told is the operator's to say.</summary>
/// <param name="said">What the operator says of steps, by id: done or again.</param>
internal sealed class Settlement(RunScope run, ImmutableDictionary<string, string> said)
{
    public const string Done = "done";
    public const string Again = "again";

    /// <param name="undo">The step is an undo.</param>
    /// <returns>Null when it is settled; else the sentence that asks the operator.</returns>
    public async Task<string?> SettleAsync(PlannedStep step, bool undo)
    {
        var what = undo ? $"the undo of step '{step.Id}'" : $"step '{step.Id}'";
        if (said.TryGetValue(step.Id, out var word))
        {
            return Settled(step, undo, word, "the operator says so");
        }

        var rule = step.Syntax.OnResume ?? (step.Effect == Effect.Read || step.Action?.IsRepeatable == true ? "rerun" : step.Validate.IsEmpty ? "ask" : "verify");
        if (rule == "rerun")
        {
            return Settled(step, undo, Again, step.Effect == Effect.Read ? "it only reads" : "it can be repeated");
        }

        var found = "nothing tells whether it happened";
        if (rule == "verify" && !step.Validate.IsEmpty)
        {
            var verdicts = await new CheckAsker(run, "settle", step.Id).AskAsync(step.Validate, run.Stop.Interrupt);
            if (StepRunner.FirstProblem(step.Validate, verdicts) is not { } problem)
            {
                return Settled(step, undo, Done, "its validations hold");
            }

            found = problem;
        }

        return $"{what} was begun and its outcome is not on record; {found}. Look at it, then say '--settle {step.Id}=done' or '--settle {step.Id}=again'";
    }

    private string? Settled(PlannedStep step, bool undo, string word, string because)
    {
        run.Journal.Append(new StepSettled(step.Id, word, because) { Undo = undo ? true : null });
        return null;
    }
}
