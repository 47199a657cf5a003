using System.Collections.Immutable;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Fields;
using Runbooks.Language.Playbooks;
using Runbooks.Language.Templates;

namespace Runbooks.Engine.Planning;

/// <summary>
/// Playbooks in playbooks. Their steps become steps of the plan like all others: what holds for a run, its journal, its undo and its resumption holds for them without a word more.
/// What a playbook promises by itself it keeps as a part: its guards are asked before the first step of all, its validations right after its own last step, its lock is held.
/// </summary>
internal sealed partial class PlanWork
{
    private readonly List<PlanPart> _parts = [];
    private readonly List<PlannedCheck> _partGuards = [];
    private readonly List<PlannedVar> _partVars = [];
    private readonly List<string> _partSecrets = [];

    /// <summary>Id of the part that this pass is about; empty for the playbook that is run.</summary>
    public string Part { get; init; } = "";

    /// <summary>From where parts get what no step gives them.</summary>
    public PartInputs Inputs { get; init; } = PartInputs.None;

    /// <summary>What happens after a failure, whatever the playbook of the part says: who puts playbooks together decides. Null outside of parts.</summary>
    public OnFailure? OnFailure { get; init; }

    public IReadOnlyList<PlanPart> Parts => _parts;

    public IReadOnlyList<PlannedCheck> PartGuards => _partGuards;

    public IReadOnlyList<PlannedVar> PartVars => _partVars;

    private string Prefix => Part.Length == 0 ? "" : $"{Part}/";

    /// <summary>The steps of the part, and then the step that stands for it: there its validations are asked.</summary>
    private ImmutableArray<PlannedStep> PartSteps(StepSyntax syntax, Playbook inner, Playbook outer, TemplateScope scope, int number)
    {
        var id = Prefix + syntax.Id;
        // What it gives to the part is computed for the part.
        var standing = syntax with { Body = syntax.Body with { Values = syntax.Body.Values.Remove(PartFields.Vars) } };
        if (!IsIncluded(syntax, scope, out var isSkipped))
        {
            return isSkipped && Step(standing, outer, scope, number, id, null) is { } skipped ? [skipped] : [];
        }

        if (Bindings(syntax, inner, id, scope) is not { } bindings)
        {
            return [];
        }

        _partVars.AddRange(bindings.Items.Select(b => PlannedVar.Of(b) with { Name = $"{id}/{b.Name}" }).Select(Inputs.Keep));
        _partSecrets.AddRange(bindings.Secrets);
        var (bag, names) = (new DiagnosticBag(inner.Source), Inputs.Outputs(id, bindings.ToScope()));
        var work = new PlanWork(_steps, _checks, _projectDirectory, _files, bag)
        {
            Machine = Machine,
            Settled = Settled,
            ForUndo = ForUndo,
            ForChecks = ForChecks,
            Part = id,
            Inputs = Inputs,
            OnFailure = OnFailure ?? syntax.OnFailure ?? outer.OnFailure,
        };
        var innerScope = inner.AllSteps.Where(s => s.Captures && !ForUndo).Aggregate(names, (all, step) => all.WithStep(step.Id, null));
        var lockName = inner.Lock is { } template ? work.Known(template, innerScope, "lock") : inner.Name;
        ImmutableArray<PlannedCheck> guards = ForUndo || ForChecks ? [] : work.Checks(inner.Guards, innerScope);
        var steps = work.Steps(inner, innerScope, number);
        ImmutableArray<PlannedCheck> validations = ForUndo ? [] : work.Checks(inner.Validations, innerScope);
        foreach (var diagnostic in bag.ToSorted())
        {
            _bag.Add(diagnostic);
        }

        _parts.Add(new PlanPart(id, inner, lockName ?? "", innerScope));
        _parts.AddRange(work.Parts);
        _partGuards.AddRange(guards.Select(g => g with { Name = $"{id}: {g.Name}" }).Concat(work.PartGuards));
        _partVars.AddRange(work.PartVars);
        _partSecrets.AddRange(work.Secrets);
        return Step(standing, outer, scope, number + steps.Length, id, null) is { } end ? [.. steps, end with { Validate = [.. validations, .. end.Validate] }] : steps;
    }

    /// <summary>Decides whether the steps for which a step stands are part of the plan.</summary>
    /// <param name="isSkipped">They are not, because its condition is false; when neither is true, the bag says why.</param>
    private bool IsIncluded(StepSyntax syntax, TemplateScope scope, out bool isSkipped)
    {
        var condition = Condition(syntax, scope);
        isSkipped = condition?.Decision == false;
        if (condition is { Decision: null } && !_bag.HasErrors)
        {
            _bag.Add(PlanDiagnostics.UndecidedPart, syntax.Span, $"whether '{Prefix}{syntax.Id}' is run depends on the output of a step", "use variables only, or give the condition to the steps in it");
        }

        return condition is null or { Decision: true };
    }

    /// <returns>Null when a value is wrong: the bag says which.</returns>
    private VarBindings? Bindings(StepSyntax syntax, Playbook inner, string id, TemplateScope scope)
    {
        var passed = ImmutableDictionary.CreateBuilder<string, PassedValue>(StringComparer.Ordinal);
        foreach (var pair in syntax.Body.Find<BoundMap>(PartFields.Vars)?.Pairs ?? [])
        {
            // One expression that is a list stays one: its items may hold commas.
            var isList = inner.Vars.Any(v => v.Name == pair.Key.Source && v.Type == VarType.List) && pair.Value.Parts is [ExpressionPart];
            var values = isList ? _renderer.Items(pair.Value, scope, _bag) : _renderer.Render(pair.Value, scope, _bag) is { } one ? [one] : null;
            if (values is null || inner.Vars.FirstOrDefault(v => v.Name == pair.Key.Source) is not { } variable)
            {
                return null;
            }

            if (values.FirstOrDefault(v => !v.IsKnown) is { } unknown)
            {
                _bag.Add(TemplateDiagnostics.NotKnown, pair.Value.Span, $"'{variable.Name}' must be known when the plan is made, {unknown.Display} is not");
                return null;
            }

            var isSecret = values.Any(v => v.HasSecret);
            if (isSecret && !variable.Secret)
            {
                _bag.Add(PlanDiagnostics.SecretBecomesOpen, pair.Value.Span, $"'{variable.Name}' of {inner.Source.Path} is no secret, and gets one", "declare it there with 'secret: true'");
                return null;
            }

            // A secret that is set to nothing counts as not set, as in the environment.
            if (!variable.Secret || values.Any(v => v.Reveal().Length > 0))
            {
                passed[variable.Name] = new PassedValue([.. values.Select(v => v.Reveal())], _bag.Source, pair.Value.Span, isSecret) { IsList = isList };
            }
        }

        var bound = VarBinder.Bind(inner, new VarInputs { Passed = passed.ToImmutable(), Recorded = Inputs.RecordedOf(id), Environment = Inputs.Environment, Placeholders = Inputs.Placeholders });
        foreach (var diagnostic in bound.Diagnostics)
        {
            _bag.Add(diagnostic);
        }

        return bound.HasErrors ? null : bound.Value;
    }
}
