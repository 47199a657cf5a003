using Runbooks.Engine.Journal;
using Runbooks.Engine.Planning;
using Runbooks.Engine.Ports;
using Runbooks.Engine.Running;

namespace Runbooks.Engine.Undoing;

/// <summary>Takes back what a run has changed: the steps that may have changed something, in the reverse order of their start, half-done ones included.</summary>
internal sealed class UndoRunner(RunScope run, IRunStore store, Random random)
{
    private readonly Inverses _inverses = new(run.Plan, run.Planner, run.Scopes.Of, name => store.ReadFile(run.Request.RunId, name).Bytes);

    /// <returns>Null when there is nothing to take back.</returns>
    public async Task<Conclusion?> RunAsync(RunState state, string why)
    {
        var begun = state.Steps.Where(s => s.WasBegunWithEffect).Reverse().ToList();
        if (begun.Count == 0)
        {
            return null;
        }

        run.BeginUndo();
        if (state.UndoWhy.Length == 0)
        {
            run.Journal.Append(new UndoBegun(run.Mask.Text(why)));
        }

        var complete = true;
        var obstacle = "";
        var undos = new List<PlannedStep>();
        foreach (var step in begun)
        {
            if (obstacle.Length == 0 && run.IsStopping)
            {
                obstacle = "the undo was stopped";
            }

            var (isUndone, failed) = await TakeBackAsync(step, obstacle);
            complete &= isUndone;
            if (isUndone && _inverses.Of(step).Undo is { } performed)
            {
                undos.Add(performed);
            }

            if (failed && obstacle.Length == 0)
            {
                // The undo of an earlier step counts on what this one should have left.
                obstacle = $"the undo of '{step.Head.Id}' failed before";
            }
        }

        return complete && await AtLastAsync(undos) ? Conclusion.Undone : Conclusion.UndoFailed;
    }

    private async Task<bool> AtLastAsync(List<PlannedStep> undos)
    {
        foreach (var undo in Inverses.AtLast(undos))
        {
            if (run.IsStopping)
            {
                run.Journal.Append(new StepLeft(undo.Id, "the undo was stopped before it was looked at once more, now that everything else is taken back"));
                return false;
            }

            var made = run.State().Steps.First(s => s.Head.Id == undo.Id).UndoAttempts;
            if (await new StepRunner(run, undo, random, made).RunAsync() is not null)
            {
                return false;
            }
        }

        return true;
    }

    private async Task<(bool IsUndone, bool Failed)> TakeBackAsync(StepState step, string obstacle)
    {
        // In a run that was interrupted while it was taken back, some of it is on record.
        switch (step.Undo)
        {
            case UndoStanding.Failed:
                return (false, true);
            case UndoStanding.Left:
                return (false, false);
            case UndoStanding.Undone when run.Plan.Steps.First(s => s.Id == step.Head.Id).Undo is { } checkedUndo && step.UndoChecks < checkedUndo.Validate.Length:
                var isInvalid = await new StepRunner(run, checkedUndo, random).ValidateAsync() is not null;
                return (!isInvalid, isInvalid);
            case UndoStanding.Undone:
                return (true, false);
            default:
                break;
        }

        var (undo, problem) = obstacle.Length > 0 ? (null, obstacle) : _inverses.Of(step);
        run.Hide(_inverses.Secrets);
        if (undo is null)
        {
            run.Journal.Append(new StepLeft(step.Head.Id, run.Mask.Text(problem)));
            return (false, false);
        }

        var isFailed = await new StepRunner(run, undo, random, step.UndoAttempts).RunAsync() is not null;
        return (!isFailed, isFailed);
    }
}
