using System.Collections.Immutable;
using Runbooks.Engine.Journal;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Planning;
using Runbooks.Engine.Ports;
using Runbooks.Engine.Resuming;
using Runbooks.Engine.Running;

namespace Runbooks.Engine.Verifying;

/// <summary>Asks the checks of a playbook without a run: takes no lock, writes no journal, changes nothing.</summary>
public sealed class Verifier(EnginePorts ports, IRunStore store, Planner planner)
{
    /// <summary>So far back it is looked for a run of the playbook: a store can hold years of them.</summary>
    private const int RunsLookedAt = 200;

    /// <param name="plan">Made with <see cref="PlanRequest.ForChecks"/>.</param>
    /// <param name="once">Every check is asked once, however long it says to wait.</param>
    /// <param name="answered">Told of each answer as it comes.</param>
    public async Task<Checklist> VerifyAsync(Plan plan, SecretMask mask, bool once, Action<Checklist, ChecklistItem> answered, CancellationToken cancel)
    {
        var last = LastRunOf(plan.Playbook.Name);
        var scopes = last is null ? null : new PartScopes(plan, last.RunId, (part, scope) => last.WithOutputs(part, scope, store));
        var list = new Checklist(plan.Playbook.Name, plan.Playbook.Version, plan.Playbook.Source.Path, plan.ProjectDirectory, last?.State.StartedAt ?? ports.Time.GetUtcNow(), last?.RunId ?? "");
        var items = ImmutableArray.CreateBuilder<ChecklistItem>();
        foreach (var (step, check) in ChecksOf(plan))
        {
            var began = ports.Time.GetTimestamp();
            var secrets = new HashSet<string>(StringComparer.Ordinal);
            var question = check.Question is { IsKnown: true } known ? known : planner.Complete(plan, check, WithItem(scopes?.Of(check.Part) ?? plan.PartOf(check.Part).Scope, step), secrets).Value?.Question;
            mask = mask.With(secrets);
            var (verdict, asked) = question is { IsKnown: true }
                ? await Questions.UntilSettledAsync(once ? check with { Within = TimeSpan.Zero, For = TimeSpan.Zero } : check, question, Context, cancel)
                : (Verdict.Unknown(last is null ? "it depends on the output of a step, and the playbook was not run here" : $"it depends on the output of a step, and run {last.RunId} has none"), 0);
            var masked = verdict with { Observed = mask.Text(verdict.Observed), Evidence = [.. verdict.Evidence.Select(mask.Text)] };
            var item = new ChecklistItem(step?.Id ?? "", mask.Text(check.Name), mask.Text(question?.Statement ?? check.Statement), masked, asked, ports.Time.GetElapsedTime(began));
            items.Add(item);
            answered(list, item);
            cancel.ThrowIfCancellationRequested();
        }

        return list with { Items = items.ToImmutable() };

        CheckContext Context() => new()
        {
            Ports = ports,
            ProjectDirectory = plan.ProjectDirectory,
            RunStarted = list.Since,
            Marks = ImmutableSortedDictionary<string, string>.Empty,
            Mask = mask.Text,
        };
    }

    private static Language.Templates.TemplateScope WithItem(Language.Templates.TemplateScope scope, PlannedStep? step) => step?.Item is { } item ? scope.With("item", item) : scope;

    /// <summary>The checks of the steps that a run would perform, then the validations.</summary>
    public static IEnumerable<(PlannedStep? Step, PlannedCheck Check)> ChecksOf(Plan plan) =>
    [
        .. plan.Steps.Where(s => s.Condition?.Decision != false).SelectMany(s => s.Validate.Select(c => ((PlannedStep?)s, c))),
        .. plan.Validations.Select(c => ((PlannedStep?)null, c)),
    ];

    /// <summary>The last run that performed steps: a refused one began nothing that a check could be about.</summary>
    private PastRun? LastRunOf(string playbook)
    {
        foreach (var id in store.List().Reverse().Take(RunsLookedAt))
        {
            if (PastRun.Load(store, id).Run is { State.Started: { } started } run
                && started.Playbook == playbook && started.Undoes is null && run.State.Ended?.Conclusion != Conclusion.Refused)
            {
                return run;
            }
        }

        return null;
    }
}
