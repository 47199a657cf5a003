using Runbooks.Engine.Planning;
using Runbooks.Engine.Running;

namespace Runbooks.Engine.Gates;

/// <summary>A planned step as far as it is known at this moment of the run.</summary>
internal static class StepNow
{
    public static PlannedStep Of(RunScope run, PlannedStep step)
    {
        if (step.Action is not { Preview.IsKnown: false })
        {
            return step;
        }

        var secrets = new HashSet<string>(StringComparer.Ordinal);
        var completed = run.Planner.Complete(run.Plan, step, run.Scopes.Of(step.Part), secrets);
        run.Hide(secrets);
        // What waits for a step that is still to come stays unknown, and is shown as that.
        return completed.Value is { } action ? step with { Action = action } : step;
    }
}
