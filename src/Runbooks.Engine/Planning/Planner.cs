using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Runbooks.Engine.Hashing;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Ports;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Fields;
using Runbooks.Language.Playbooks;
using Runbooks.Language.Templates;
using Runbooks.Language.Text;

namespace Runbooks.Engine.Planning;

/// <summary>What a plan is made from, besides the playbook.</summary>
public sealed record PlanRequest
{
    public required Playbook Playbook { get; init; }

    public required ImmutableArray<PlannedVar> Vars { get; init; }

    /// <summary>The variables as values of expressions.</summary>
    public required TemplateScope Scope { get; init; }

    /// <summary>Absolute.</summary>
    public required string ProjectDirectory { get; init; }

    public required string EngineVersion { get; init; }

    /// <summary>Only the undos are wanted: the scope has the outputs of steps already, and what is settled needs no value, no secret, and no check any more.</summary>
    public bool ForUndo { get; init; }

    /// <summary>Only the checks are wanted that say whether the playbook has reached what it is for: those of its steps, and the validations.</summary>
    public bool ForChecks { get; init; }

    /// <summary>From where the playbooks that this one is made of get what no step gives them.</summary>
    public PartInputs Parts { get; init; } = PartInputs.None;

    /// <summary>Ids of steps that an earlier part of the run has settled: what they did is not computed again.</summary>
    public ImmutableHashSet<string> Settled { get; init; } = ImmutableHashSet.Create<string>(StringComparer.Ordinal);
}

/// <summary>Makes plans. Pure but for reading files through the port: starts nothing, connects nowhere, writes nothing.</summary>
public sealed class Planner
{
    private readonly IFiles _files;
    private readonly PlanMachine _machine;
    private readonly Dictionary<string, IStepKind> _steps;
    private readonly Dictionary<string, ICheckKind> _checks;

    /// <param name="machine">Null where a plan depends on nothing but files.</param>
    public Planner(IFiles files, IEnumerable<IStepKind> steps, IEnumerable<ICheckKind> checks, PlanMachine? machine = null)
    {
        (_files, _machine) = (files, machine ?? PlanMachine.Unknown);
        _steps = steps.ToDictionary(k => k.Declaration.Name, StringComparer.Ordinal);
        _checks = checks.ToDictionary(k => k.Declaration.Name, StringComparer.Ordinal);
    }

    /// <summary>What a plan records of its playbook, lower-case hex.</summary>
    public static string Sha256Of(SourceText playbook) => Sha256.Hex(Encoding.UTF8.GetBytes(playbook.Content));

    /// <returns>The plan, or every reason why there is none.</returns>
    public Checked<Plan> Make(PlanRequest request)
    {
        var bag = new DiagnosticBag(request.Playbook.Source);
        var work = new PlanWork(_steps, _checks, request.ProjectDirectory, new PlanFiles(_files), bag) { Machine = _machine, Settled = request.Settled, ForUndo = request.ForUndo, ForChecks = request.ForChecks, Inputs = request.Parts };
        var playbook = request.Playbook;
        var scope = playbook.AllSteps.Where(s => s.Captures && !request.ForUndo).Aggregate(request.Scope, (s, step) => s.WithStep(step.Id, null));

        var lockName = playbook.Lock is { } template ? work.Known(template, scope, "lock") : playbook.Name;
        var guards = request.ForUndo || request.ForChecks ? [] : work.Checks(playbook.Guards, scope);
        var steps = work.Steps(playbook, scope);
        var validations = request.ForUndo ? [] : work.Checks(playbook.Validations, scope);
        if (bag.HasErrors || lockName is null)
        {
            return new Checked<Plan>(null, bag.ToSorted());
        }

        var plan = new Plan
        {
            Playbook = playbook,
            PlaybookSha256 = Sha256Of(playbook.Source),
            ProjectDirectory = request.ProjectDirectory,
            EngineVersion = request.EngineVersion,
            Vars = [.. request.Vars, .. work.PartVars],
            Lock = lockName,
            Guards = [.. guards, .. work.PartGuards],
            Steps = steps,
            Validations = validations,
            Scope = scope,
            Parts = [.. work.Parts],
            Secrets = [.. work.Secrets],
        };
        return new Checked<Plan>(plan with { Digest = PlanJson.DigestOf(plan) }, bag.ToSorted());
    }

    /// <summary>Computes the action of a step again, now that earlier outputs are known.</summary>
    /// <param name="scope">The names and values of its part.</param>
    /// <param name="secrets">Receives what was computed from secrets, to be masked from now on.</param>
    /// <returns>The action, all of whose values are known, or why it cannot be computed.</returns>
    public Checked<StepAction> Complete(Plan plan, PlannedStep step, TemplateScope scope, ISet<string> secrets)
    {
        var playbook = plan.PartOf(step.Part).Playbook;
        var bag = new DiagnosticBag(playbook.Source);
        var work = new PlanWork(_steps, _checks, plan.ProjectDirectory, new PlanFiles(_files), bag) { Machine = _machine };
        var action = work.Action(step.Syntax, playbook.Defaults, step.Item is { } item ? scope.With("item", item) : scope);
        secrets.UnionWith(work.Secrets);
        return new Checked<StepAction>(bag.HasErrors ? null : action, bag.ToSorted());
    }

    /// <summary>How a step is taken back to what was found before it.</summary>
    /// <param name="state">What was found before it, and what it left; null when that is not on record.</param>
    /// <param name="secrets">Receives what was computed from secrets, to be masked from now on.</param>
    /// <returns>An action, or why there is none.</returns>
    public (StepAction? Action, string Problem) Inverse(Plan plan, PlannedStep step, TemplateScope scope, (JsonElement Before, JsonElement? After) state, ISet<string> secrets)
    {
        var playbook = plan.PartOf(step.Part).Playbook;
        var bag = new DiagnosticBag(playbook.Source);
        var work = new PlanWork(_steps, _checks, plan.ProjectDirectory, new PlanFiles(_files), bag) { Machine = _machine };
        var (action, problem) = work.Inverse(step.Syntax, playbook.Defaults, step.Item is { } item ? scope.With("item", item) : scope, state);
        secrets.UnionWith(work.Secrets);
        return bag.HasErrors ? (null, $"its undo cannot be computed: {string.Join("; ", bag.ToSorted().Select(d => d.Message))}")
            : action is { Preview.IsKnown: false } ? (null, "its undo depends on a value that is not known")
            : (action, problem);
    }

    /// <summary>Computes a check again, now that earlier outputs are known.</summary>
    /// <param name="secrets">Receives what was computed from secrets, to be masked from now on.</param>
    public Checked<PlannedCheck> Complete(Plan plan, PlannedCheck check, TemplateScope scope, ISet<string> secrets)
    {
        var bag = new DiagnosticBag(plan.PartOf(check.Part).Playbook.Source);
        var work = new PlanWork(_steps, _checks, plan.ProjectDirectory, new PlanFiles(_files), bag) { Machine = _machine, Part = check.Part };
        var planned = work.Check(check.Syntax, scope);
        secrets.UnionWith(work.Secrets);
        return new Checked<PlannedCheck>(bag.HasErrors ? null : planned, bag.ToSorted());
    }

    /// <summary>Decides a condition that waited for outputs.</summary>
    public static bool? Decide(Plan plan, PlannedStep step, TemplateScope scope, out ImmutableArray<Diagnostic> problems)
    {
        var bag = new DiagnosticBag(plan.PartOf(step.Part).Playbook.Source);
        var condition = step.Syntax.Common.Find<BoundText>(StepFields.When);
        var decision = condition is null ? true : new TemplateRenderer().Decide(condition.Template, step.Item is { } item ? scope.With("item", item) : scope, bag);
        problems = bag.ToSorted();
        return decision;
    }
}
