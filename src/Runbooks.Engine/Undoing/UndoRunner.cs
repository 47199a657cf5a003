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
    private readonly PutBackKind _putBack = new();

    /// <returns>Null when there is nothing to take back.</returns>
    public async Task<Conclusion?> RunAsync(RunState state, string why)
    {
        var changed = state.Steps.Where(s => s.MayHaveChanged).Reverse().ToList();
        if (changed.Count == 0)
        {
            return null;
        }

        run.BeginUndo();
        run.Journal.Append(new UndoBegun(run.Mask.Text(why)));
        var complete = true;
        var obstacle = "";
        foreach (var step in changed)
        {
            if (obstacle.Length == 0 && run.IsStopping)
            {
                obstacle = "the undo was stopped";
            }

            var (undo, problem) = obstacle.Length > 0 ? (null, obstacle) : InverseOf(step);
            if (undo is null)
            {
                run.Journal.Append(new StepLeft(step.Head.Id, problem));
                complete = false;
            }
            else if (await new StepRunner(run, undo, random).RunAsync() is not null)
            {
                // The undo of an earlier step counts on what this one should have left.
                obstacle = $"the undo of '{step.Head.Id}' failed before";
                complete = false;
            }
        }

        return complete ? Conclusion.Undone : Conclusion.UndoFailed;
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

        var putBack = step with { Kind = _putBack, Action = new PutBack(files.ToImmutable()), Condition = null, Retry = RetryPolicy.Once, Validate = [], Captures = false };
        return (putBack, "");
    }

    private ImmutableArray<byte>? Read(FileKept kept) =>
        store.ReadFile(run.Request.RunId, kept.Copy).Bytes is { } bytes && Sha256.Hex(bytes) == kept.Sha256 ? ImmutableCollectionsMarshal.AsImmutableArray(bytes) : null;
}
