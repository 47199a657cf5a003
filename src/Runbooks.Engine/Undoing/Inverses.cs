using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Runbooks.Engine.Hashing;
using Runbooks.Engine.Journal;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Planning;
using Runbooks.Language.Playbooks;

namespace Runbooks.Engine.Undoing;

/// <summary>Finds how the steps of a run are taken back.</summary>
/// <param name="read">The bytes of a file of the run, by its name under the run's folder.</param>
internal sealed class Inverses(Plan plan, Func<string, byte[]?> read)
{
    private static readonly PutBackKind PutBack = new();

    /// <summary>The declared inverse, else what follows from the files that the step saved.</summary>
    /// <returns>The undo as a step, or why there is none.</returns>
    public (PlannedStep? Undo, string Problem) Of(StepState state)
    {
        var step = plan.Steps.First(s => s.Id == state.Head.Id);
        if (step.Undo is { } declared)
        {
            return (declared, "");
        }

        if (step.Kind.Declaration.MakesBackups)
        {
            return (PuttingBack(step), "");
        }

        if (step.Action?.Inverse is null && state.Kept.IsEmpty)
        {
            return (null, step.IsPointOfNoReturn ? "it is a point of no return" : "it has no undo");
        }

        var files = ImmutableArray.CreateBuilder<SavedFile>();
        // The first copy of a file is the one from before the step: an attempt that is made again saves it again.
        foreach (var kept in state.Kept.DistinctBy(k => k.Path, StringComparer.Ordinal))
        {
            if (read(kept.Copy) is not { } bytes || Sha256.Hex(bytes) != kept.Sha256)
            {
                return (null, $"its saved copy {kept.Copy} cannot be read or was altered");
            }

            var shown = System.IO.Path.GetRelativePath(plan.ProjectDirectory, kept.Path);
            var last = state.Kept.Last(k => k.Path == kept.Path);
            var change = new FileChange(shown.StartsWith("..", StringComparison.Ordinal) ? kept.Path : shown, last.AfterSha256, kept.Sha256, $"gets back what it was before step '{step.Id}': {kept.Copy}");
            files.Add(new SavedFile(kept.Path, kept.Copy, ImmutableCollectionsMarshal.AsImmutableArray(bytes), change));
        }

        return (PuttingBack(step, files.ToImmutable()), "");
    }

    /// <summary>The undo of a step that has no other than the files that it saved.</summary>
    public static PlannedStep PuttingBack(PlannedStep step, ImmutableArray<SavedFile> files = default) => step with
    {
        Kind = PutBack,
        Action = new PutBack(files.IsDefault ? [] : files) { Otherwise = step.Kind.Declaration.MakesBackups ? "the backup is kept" : "it had changed no file" },
        Backups = [],
        Acknowledged = null,
        Effect = Effect.Change,
        Condition = null,
        Retry = RetryPolicy.Once,
        Validate = [],
        Captures = false,
        OnFailure = OnFailure.Stop,
    };
}
