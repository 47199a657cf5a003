using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Runbooks.Engine.Hashing;
using Runbooks.Engine.Journal;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Planning;
using Runbooks.Engine.Ports;
using Runbooks.Engine.Running;

namespace Runbooks.Engine.Undoing;

/// <summary>Takes back what a run has changed: the steps that may have changed something, in the reverse order of their start, half-done ones included.</summary>
internal sealed class UndoRunner(RunScope run, IRunStore store, Random random)
{
    private static readonly PutBackKind PutBack = new();

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
        foreach (var step in begun)
        {
            if (obstacle.Length == 0 && run.IsStopping)
            {
                obstacle = "the undo was stopped";
            }

            var (isUndone, failed) = await TakeBackAsync(step, obstacle);
            complete &= isUndone;
            if (failed && obstacle.Length == 0)
            {
                // The undo of an earlier step counts on what this one should have left.
                obstacle = $"the undo of '{step.Head.Id}' failed before";
            }
        }

        return complete ? Conclusion.Undone : Conclusion.UndoFailed;
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

        var (undo, problem) = obstacle.Length > 0 ? (null, obstacle) : InverseOf(step);
        if (undo is null)
        {
            run.Journal.Append(new StepLeft(step.Head.Id, problem));
            return (false, false);
        }

        var isFailed = await new StepRunner(run, undo, random, step.UndoAttempts).RunAsync() is not null;
        return (!isFailed, isFailed);
    }

    /// <summary>The declared inverse, else what follows from the files that the step saved.</summary>
    private (PlannedStep? Undo, string Problem) InverseOf(StepState state)
    {
        var step = run.Plan.Steps.First(s => s.Id == state.Head.Id);
        if (step.Undo is { } declared)
        {
            return (declared, "");
        }

        if (step.Action?.Inverse is null && state.Kept.IsEmpty)
        {
            return (null, step.IsPointOfNoReturn ? "it is a point of no return" : "it has no undo");
        }

        var files = ImmutableArray.CreateBuilder<SavedFile>();
        // The first copy of a file is the one from before the step: an attempt that is made again saves it again.
        foreach (var kept in state.Kept.DistinctBy(k => k.Path, StringComparer.Ordinal))
        {
            if (Read(kept) is not { } bytes)
            {
                return (null, $"its saved copy {kept.Copy} cannot be read or was altered");
            }

            var shown = System.IO.Path.GetRelativePath(run.Plan.ProjectDirectory, kept.Path);
            var last = state.Kept.Last(k => k.Path == kept.Path);
            files.Add(new SavedFile(kept.Path, kept.Copy, bytes, new FileChange(shown.StartsWith("..", StringComparison.Ordinal) ? kept.Path : shown, last.AfterSha256, kept.Sha256, "")));
        }

        return (PuttingBack(step, files.ToImmutable()), "");
    }

    /// <summary>The undo of a step that has no other than the files that it saved.</summary>
    internal static PlannedStep PuttingBack(PlannedStep step, ImmutableArray<SavedFile> files = default) => step with
    {
        Kind = PutBack,
        Action = new PutBack(files.IsDefault ? [] : files),
        Effect = Language.Playbooks.Effect.Change,
        Condition = null,
        Retry = RetryPolicy.Once,
        Validate = [],
        Captures = false,
        OnFailure = Language.Playbooks.OnFailure.Stop,
    };

    private ImmutableArray<byte>? Read(FileKept kept) =>
        store.ReadFile(run.Request.RunId, kept.Copy).Bytes is { } bytes && Sha256.Hex(bytes) == kept.Sha256 ? ImmutableCollectionsMarshal.AsImmutableArray(bytes) : null;
}
