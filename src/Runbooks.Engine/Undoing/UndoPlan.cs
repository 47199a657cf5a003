using System.Collections.Immutable;
using Runbooks.Engine.Journal;
using Runbooks.Engine.Planning;
using Runbooks.Engine.Ports;
using Runbooks.Engine.Resuming;
using Runbooks.Language.Playbooks;

namespace Runbooks.Engine.Undoing;

/// <summary>The plan that takes a run back: the undos of its steps, in the reverse order of their start.</summary>
/// <param name="Plan">Its steps have the ids of the steps that they take back.</param>
/// <param name="Left">What cannot be taken back and stays as it is, a sentence each.</param>
public sealed record UndoPlan(Plan Plan, ImmutableArray<string> Left)
{
    /// <param name="plan">The plan of the run, once more.</param>
    /// <param name="from">The first step that is taken back; the steps before it stay. Null for all.</param>
    public static UndoPlan Of(Plan plan, PastRun past, IRunStore store, Planner planner, string? from)
    {
        var inverses = new Inverses(plan, planner, part => plan.PartOf(part).Scope, name => store.ReadFile(past.RunId, name).Bytes);
        var undone = UndoneLater(past.RunId, store);
        var steps = ImmutableArray.CreateBuilder<PlannedStep>();
        var left = ImmutableArray.CreateBuilder<string>();
        foreach (var state in past.State.Steps.SkipWhile(s => from is not null && s.Head.Id != from).Where(s => s.MayHaveChanged && !undone.Contains(s.Head.Id)).Reverse())
        {
            var (undo, problem) = inverses.Of(state);
            if (undo is null)
            {
                left.Add($"step '{state.Head.Id}': {problem}");
            }
            else
            {
                steps.Add(undo with { Number = steps.Count + 1, Undo = null });
            }
        }

        foreach (var last in Inverses.AtLast(steps.ToImmutable()).ToList())
        {
            // No step of a playbook can be called so.
            steps.Add(last with { Number = steps.Count + 1, Id = $"{last.Id}[again]", Undo = null });
        }

        var taken = plan with
        {
            Playbook = plan.Playbook with { OnFailure = OnFailure.Stop, Name = $"undo {plan.Playbook.Name}" },
            Guards = [],
            Steps = steps.ToImmutable(),
            Validations = [],
            Secrets = [.. plan.Secrets.Union(inverses.Secrets, StringComparer.Ordinal)],
        };
        return new UndoPlan(taken with { Digest = PlanJson.DigestOf(taken) }, left.ToImmutable());
    }

    /// <summary>Ids of the steps that a later run took back.</summary>
    private static HashSet<string> UndoneLater(string runId, IRunStore store) => store.List()
        .Where(id => string.CompareOrdinal(id, runId) > 0)
        .Select(id => RunState.Of(JournalReader.Read(store.ReadJournal(id).Bytes ?? [])))
        .Where(state => state.Started?.Undoes == runId)
        .SelectMany(state => state.Steps.Where(s => s.Standing == StepStanding.Succeeded).Select(s => s.Head.Id))
        .ToHashSet(StringComparer.Ordinal);
}
