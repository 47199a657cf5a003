using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Runbooks.Engine.Hashing;
using Runbooks.Engine.Journal;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Planning;
using Runbooks.Language.Fields;
using Runbooks.Language.Playbooks;
using Runbooks.Language.Templates;

namespace Runbooks.Engine.Undoing;

/// <summary>Finds how the steps of a run are taken back.</summary>
/// <param name="planner">Computes what follows from a state on record.</param>
/// <param name="scope">The names and values of a part, by its id, with the outputs so far.</param>
/// <param name="read">The bytes of a file of the run, by its name under the run's folder.</param>
internal sealed class Inverses(Plan plan, Planner planner, Func<string, TemplateScope> scope, Func<string, byte[]?> read)
{
    private static readonly PutBackKind PutBack = new();

    /// <summary>What was computed from secrets, to be masked like them.</summary>
    public HashSet<string> Secrets { get; } = new(StringComparer.Ordinal);

    /// <summary>The declared inverse, else what follows from the state or the files that the step saved.</summary>
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

        if (state.StateBefore is { } before)
        {
            var (inverse, problem) = planner.Inverse(plan, step, scope(step.Part), (before, state.StateAfter), Secrets);
            return (inverse is null ? null : ByState(step, inverse), problem);
        }

        if (step.Action?.Inverse is null && state.Kept.IsEmpty)
        {
            return (null, step.IsPointOfNoReturn ? "it is a point of no return" : "it has no undo");
        }

        var files = ImmutableArray.CreateBuilder<SavedFile>();
        // The first copy of a file is the one from before the step: an attempt that is made again saves it again.
        foreach (var kept in state.Kept.DistinctBy(k => k.Path, StringComparer.Ordinal))
        {
            var relative = System.IO.Path.GetRelativePath(plan.ProjectDirectory, kept.Path);
            var shown = relative.StartsWith("..", StringComparison.Ordinal) ? kept.Path : relative;
            var last = state.Kept.Last(k => k.Path == kept.Path);
            if (kept.Copy.Length == 0)
            {
                files.Add(new SavedFile(kept.Path, "", [], new FileChange(shown, last.AfterSha256, "", $"is removed: it was not there before step '{step.Id}'")));
                continue;
            }

            if (read(kept.Copy) is not { } bytes || Sha256.Hex(bytes) != kept.Sha256)
            {
                return (null, $"its saved copy {kept.Copy} cannot be read or was altered");
            }

            var change = new FileChange(shown, last.AfterSha256, kept.Sha256, $"gets back what it was before step '{step.Id}': {kept.Copy}");
            files.Add(new SavedFile(kept.Path, kept.Copy, ImmutableCollectionsMarshal.AsImmutableArray(bytes), change));
        }

        return (PuttingBack(step, files.ToImmutable()), "");
    }

    /// <summary>What is still to be done once all of these have been performed: a service that was brought back before a file of it was has to be looked at again.</summary>
    /// <param name="undos">In the order in which they are performed.</param>
    public static IEnumerable<PlannedStep> AtLast(IReadOnlyList<PlannedStep> undos)
    {
        for (var i = 0; i < undos.Count - 1; i++)
        {
            if (undos[i].Action?.AtLast([.. undos.Skip(i + 1).Select(u => u.Action).OfType<StepAction>()]) is { } action)
            {
                yield return undos[i] with { Action = action };
            }
        }
    }

    /// <summary>It may take longer than the step did, so that it gets at least what a step gets that says nothing.</summary>
    private static PlannedStep ByState(PlannedStep step, StepAction inverse)
    {
        var usual = Durations.Parse(StepFields.DefaultTimeout) ?? TimeSpan.Zero;
        return PuttingBack(step) with { Kind = step.Kind, Action = inverse, Timeout = step.Timeout > usual ? step.Timeout : usual };
    }

    /// <summary>The undo of a step that has no other than the files that it saved.</summary>
    public static PlannedStep PuttingBack(PlannedStep step, ImmutableArray<SavedFile> files = default) => step with
    {
        Kind = PutBack,
        Action = new PutBack(files.IsDefault ? [] : files) { Otherwise = step.Kind.Declaration.MakesBackups ? "the backup is kept" : "it had changed nothing" },
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
