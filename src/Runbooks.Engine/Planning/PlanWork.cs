using System.Collections.Immutable;
using System.Text.Json;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Running;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Fields;
using Runbooks.Language.Playbooks;
using Runbooks.Language.Templates;

namespace Runbooks.Engine.Planning;

/// <summary>One pass over a playbook: computes every field and lets every kind say what it will do.</summary>
internal sealed partial class PlanWork
{
    private readonly IReadOnlyDictionary<string, IStepKind> _steps;
    private readonly IReadOnlyDictionary<string, ICheckKind> _checks;
    private readonly string _projectDirectory;
    private readonly IPlanFiles _files;
    private readonly DiagnosticBag _bag;
    private readonly TemplateRenderer _renderer = new();
    private readonly FieldEvaluator _fields;
    private SecretMask _mask = new([]);

    public PlanWork(
        IReadOnlyDictionary<string, IStepKind> steps,
        IReadOnlyDictionary<string, ICheckKind> checks,
        string projectDirectory,
        IPlanFiles files,
        DiagnosticBag bag)
    {
        (_steps, _checks, _projectDirectory, _files, _bag) = (steps, checks, projectDirectory, files, bag);
        _fields = new FieldEvaluator(_renderer, bag, Check, IsAsked);
    }

    public ImmutableHashSet<string> Settled { get; init; } = ImmutableHashSet.Create<string>(StringComparer.Ordinal);

    public PlanMachine Machine { get; init; } = PlanMachine.Unknown;

    public bool ForUndo { get; init; }

    /// <summary>No step is performed: only its checks count.</summary>
    public bool ForChecks { get; init; }

    /// <summary>What was computed from secrets; see <see cref="TemplateRenderer.Secrets"/>.</summary>
    public IEnumerable<string> Secrets => _renderer.Secrets.Concat(_partSecrets);

    /// <summary>A text that must be known when the plan is made; null when it is not (the bag says so).</summary>
    public string? Known(Template template, TemplateScope scope, string name)
    {
        if (_renderer.Render(template, scope, _bag) is not { } rendered)
        {
            return null;
        }

        if (rendered.HasSecret)
        {
            _bag.Add(TemplateDiagnostics.SecretVisible, template.Span, $"'{name}' would show a secret");
            return null;
        }

        if (rendered.IsKnown)
        {
            return rendered.Display;
        }

        _bag.Add(TemplateDiagnostics.NotKnown, template.Span, $"'{name}' must be known when the plan is made, {rendered.Display} is not");
        return null;
    }

    public ImmutableArray<PlannedCheck> Checks(ImmutableArray<CheckSyntax> checks, TemplateScope scope) =>
        checks.IsEmpty ? [] : [.. checks.Where(c => IsAsked(c, scope)).Select(c => Check(c, scope)).OfType<PlannedCheck>()];

    /// <summary>A check that is not asked is no part of the plan: whether it is must be known when the plan is made.</summary>
    private bool IsAsked(CheckSyntax check, TemplateScope scope)
    {
        if (check.Common.Find<BoundText>(StepFields.When) is not { } when)
        {
            return true;
        }

        var decision = _renderer.Decide(when.Template, scope, _bag);
        if (decision is null && !_bag.HasErrors)
        {
            _bag.Add(PlanDiagnostics.UndecidedPart, when.Span, "whether the check is asked depends on the output of a step", "use variables only");
        }

        return decision == true;
    }

    public PlannedCheck? Check(CheckSyntax syntax, TemplateScope scope)
    {
        var kind = _checks[syntax.Kind.Name];
        if (_fields.Evaluate(syntax.Common, scope) is not { } common || _fields.Evaluate(syntax.Body, scope) is not { } body)
        {
            return null;
        }

        var question = kind.Plan(body, new PlanContext(_projectDirectory, _files, _bag) { Machine = Machine });
        if (question is null)
        {
            return null;
        }

        var (within, every, hold) = (common.Duration("within"), common.Duration("every"), common.Duration("for"));
        foreach (var (name, window) in (ReadOnlySpan<(string, TimeSpan)>)[("within", within), ("for", hold)])
        {
            if (common.IsGiven("every") && window > TimeSpan.Zero && every > window)
            {
                _bag.Add(PlanDiagnostics.CheckWaitsForever, common.SpanOf("every"), $"'every' ({Durations.Format(every)}) is longer than '{name}' ({Durations.Format(window)})");
            }
        }

        return new PlannedCheck(common.OptionalText(StepFields.Name)?.Display ?? question.Statement, question.Statement, question)
        {
            Syntax = syntax,
            Kind = kind,
            Part = Part,
            Within = within,
            Every = every,
            For = hold,
        };
    }

    /// <param name="first">Number of the first step.</param>
    public ImmutableArray<PlannedStep> Steps(Playbook playbook, TemplateScope scope, int first = 1)
    {
        var planned = ImmutableArray.CreateBuilder<PlannedStep>();
        foreach (var syntax in playbook.Steps)
        {
            planned.AddRange(syntax.Part is { } inner ? PartSteps(syntax, inner, playbook, scope, planned.Count + first)
                : syntax.Kind.HoldsSteps ? SideBySide(syntax, playbook, scope, planned.Count + first)
                : Unrolled(syntax, playbook, scope, planned.Count + first));
        }

        // Those of the parts were looked at with their own playbooks.
        var own = planned.Where(s => s.Part == Part).ToList();
        if (!ForChecks)
        {
            ReportSkippedBackups(own);
        }

        if (!ForUndo)
        {
            GateRule.Report(own, _bag);
        }

        return planned.ToImmutable();
    }

    /// <summary>One for each item of <c>for_each</c>.</summary>
    private ImmutableArray<PlannedStep> Unrolled(StepSyntax syntax, Playbook playbook, TemplateScope scope, int number)
    {
        if (syntax.Common.Find<BoundList>(StepFields.ForEach) is not { } list)
        {
            return Step(syntax, playbook, scope, number, Prefix + syntax.Id, null) is { } step ? [step] : [];
        }

        var items = Items(list, scope);
        if (items.Count == 0 && !_bag.HasErrors)
        {
            // Its condition is what keeps it from being repeated over nothing.
            if (!DependsOnItem(syntax) && Condition(syntax, scope)?.Decision == false)
            {
                return Step(syntax, playbook, scope, number, Prefix + syntax.Id, null) is { } skipped ? [skipped] : [];
            }

            _bag.Add(PlanDiagnostics.EmptyForEach, list.Span, "'for_each' is an empty list here");
        }

        return [.. items.Select((item, i) => Step(syntax, playbook, scope, number + i, $"{Prefix}{syntax.Id}[{i + 1}]", item)).OfType<PlannedStep>()];
    }

    /// <summary>What a step will do, with everything known that is known in this scope.</summary>
    public StepAction? Action(StepSyntax syntax, BoundFields? defaults, TemplateScope scope) =>
        Common(syntax, defaults, scope) is { } common ? Action(syntax, common, scope, _files) : null;

    /// <summary>How a step is taken back to what was found before it: in its environment and its folder, and nothing else of it is computed again.</summary>
    public (StepAction? Action, string Problem) Inverse(StepSyntax syntax, BoundFields? defaults, TemplateScope scope, (JsonElement Before, JsonElement? After) state)
    {
        var place = syntax with { Common = OnlyPlace(syntax.Common) };
        return Common(place, defaults is null ? null : OnlyPlace(defaults), scope) is { } common && Environment(common) is { } environment
            ? _steps[syntax.Kind.Name].PlanInverse(state.Before, state.After, ContextOf(syntax, common, environment, scope, _files))
            : (null, "");
    }

    private static BoundFields OnlyPlace(BoundFields fields) =>
        fields with { Values = fields.Values.RemoveRange(fields.Values.Keys.Where(k => k is not (StepFields.Env or StepFields.Cwd))) };

    private List<string> Items(BoundList list, TemplateScope scope)
    {
        var items = new List<string>();
        foreach (var template in list.Items)
        {
            var rendered = list.IsExpression ? _renderer.List(template, scope, _bag) : Known(template, scope, StepFields.ForEach) is { } one ? [one] : null;
            items.AddRange(rendered ?? []);
        }

        return items;
    }

    private PlannedStep? Step(StepSyntax syntax, Playbook playbook, TemplateScope planScope, int number, string id, string? item)
    {
        var scope = item is null ? planScope : planScope.With("item", item);
        if (ForUndo && (Settled.Contains(id) || syntax.Undo is not null))
        {
            return Unperformed(syntax, playbook, scope, number, id);
        }

        var condition = Condition(syntax, scope);
        if (Common(syntax, playbook.Defaults, scope) is not { } common)
        {
            return null;
        }

        var isSkipped = ForChecks || condition?.Decision == false || Settled.Contains(id);
        var action = isSkipped ? null : Action(syntax, common, scope, _files);
        if ((action is null && !isSkipped) || (action is not null && !IsProtected(syntax, action, $"step '{id}'")))
        {
            return null;
        }

        return new PlannedStep
        {
            Number = number,
            Id = id,
            Part = Part,
            Name = common.Fields.OptionalText(StepFields.Name)?.Display ?? "",
            Why = common.Fields.OptionalText(StepFields.Why)?.Display ?? "",
            Syntax = syntax,
            Kind = _steps[syntax.Kind.Name],
            Scope = scope,
            Item = item,
            Condition = condition,
            Action = action,
            Effect = action?.Effect ?? syntax.Effect,
            Timeout = common.Duration(StepFields.Timeout, StepFields.DefaultTimeout),
            Retry = Retry(common.Object(StepFields.Retry)),
            Validate = common.Fields.Checks(StepFields.Validate),
            Captures = syntax.Captures,
            OnFailure = OnFailure ?? syntax.OnFailure ?? playbook.OnFailure,
            Backups = BackupsOf(syntax),
            Acknowledged = syntax.Acknowledged,
            Undo = syntax.Undo is { } undo && !ForChecks && condition?.Decision != false ? Undo(undo, playbook.Defaults, scope, number, id) : null,
        };
    }

    private ImmutableArray<string> BackupsOf(StepSyntax step) => step.RequiresBackup is { IsEmpty: false } ids ? [.. ids.Select(id => Prefix + id)] : [];

    /// <summary>A step of which only the undo counts.</summary>
    private PlannedStep Unperformed(StepSyntax syntax, Playbook playbook, TemplateScope scope, int number, string id) => new()
    {
        Number = number,
        Id = id,
        Part = Part,
        Syntax = syntax,
        Kind = _steps[syntax.Kind.Name],
        Scope = scope,
        Effect = syntax.Effect,
        Timeout = Durations.Parse(StepFields.DefaultTimeout) ?? TimeSpan.Zero,
        Retry = RetryPolicy.Once,
        Undo = syntax.Undo is { } undo ? Undo(undo, playbook.Defaults, scope, number, id) : null,
    };

    /// <summary>What the reader of the playbook cannot know of every step: whether it destroys.</summary>
    private bool IsProtected(StepSyntax syntax, StepAction action, string noun)
    {
        var destroys = (action.Effect ?? syntax.Effect) == Effect.Destroy;
        if (destroys && syntax is { RequiresBackup.IsEmpty: true, Acknowledged: null })
        {
            _bag.AddNoBackup(syntax, noun);
            return false;
        }

        if (!destroys && syntax.Common.Find<BoundText>(StepFields.Acknowledge) is { } useless)
        {
            _bag.Add(PlaybookDiagnostics.Contradiction, useless.Span, $"{noun} destroys nothing, so there is nothing to acknowledge", "remove 'acknowledge', or say 'effect: destroy'");
        }

        return true;
    }

    /// <summary>A backup that is certain not to be made would fail the step that requires it, in the middle of the run.</summary>
    private void ReportSkippedBackups(IReadOnlyCollection<PlannedStep> steps)
    {
        if (!steps.Any(s => s.Condition?.Decision == false))
        {
            return;
        }

        var skipped = steps.Where(s => s.Condition?.Decision == false).Select(s => s.Syntax.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var step in steps.Where(s => s.Condition?.Decision != false && !Settled.Contains(s.Id)))
        {
            foreach (var item in step.Syntax.Common.Find<BoundList>(StepFields.RequiresBackup)?.Items.Where(i => skipped.Contains(i.Source)) ?? [])
            {
                _bag.Add(PlanDiagnostics.SkippedBackup, item.Span, $"step '{item.Source}' is skipped, so it makes no backup", "give both steps the same 'when'");
            }
        }
    }

    private static bool DependsOnItem(StepSyntax step) =>
        step.Common.Find<BoundText>(StepFields.When)?.Template.Parts.OfType<ExpressionPart>().Any(e => e.References.Any(r => r.Root == "item")) == true;

    private PlannedCondition? Condition(StepSyntax syntax, TemplateScope scope) =>
        syntax.Common.Find<BoundText>(StepFields.When) is { Template.Parts: [ExpressionPart expression] } when
            ? new PlannedCondition(expression.Text, _renderer.Decide(when.Template, scope, _bag))
            : null;

    private CommonInputs? Common(StepSyntax syntax, BoundFields? defaults, TemplateScope scope)
    {
        // The item list was unrolled, and the inverse is planned for itself.
        var own = syntax.Common with { Values = syntax.Common.Values.Remove(StepFields.ForEach).Remove(StepFields.Undo) };
        var fields = _fields.Evaluate(own, scope);
        var shared = defaults is null ? null : _fields.Evaluate(defaults, scope);
        return fields is null || (shared is null && defaults is not null) ? null : new CommonInputs(fields, shared);
    }

    /// <summary>An undo finds what its step leaves, but the steps after it do not find what the undo would leave.</summary>
    private PlannedStep? Undo(StepSyntax syntax, BoundFields? defaults, TemplateScope scope, int number, string id) =>
        Common(syntax, defaults, scope) is { } common && Action(syntax, common, scope, new PlanFiles(_files.Read)) is { } action && IsProtected(syntax, action, $"the undo of step '{id}'")
            ? new PlannedStep
            {
                Number = number,
                Id = id,
                Part = Part,
                Name = common.Fields.OptionalText(StepFields.Name)?.Display ?? "",
                Why = common.Fields.OptionalText(StepFields.Why)?.Display ?? "",
                Syntax = syntax,
                Kind = _steps[syntax.Kind.Name],
                Scope = scope,
                Action = action,
                Effect = action.Effect ?? syntax.Effect,
                Timeout = common.Duration(StepFields.Timeout, StepFields.DefaultTimeout),
                Retry = Retry(common.Object(StepFields.Retry)),
                Validate = common.Fields.Checks(StepFields.Validate),
                Backups = BackupsOf(syntax),
                Acknowledged = syntax.Acknowledged,
            }
            : null;

    private StepAction? Action(StepSyntax syntax, CommonInputs common, TemplateScope scope, IPlanFiles files)
    {
        if (_fields.Evaluate(syntax.Body, scope) is not { } body || Environment(common) is not { } environment)
        {
            return null;
        }

        var action = _steps[syntax.Kind.Name].Plan(body, ContextOf(syntax, common, environment, scope, files));
        return action is null ? null : action with { Effect = syntax.Kind.EffectIsDeclared ? syntax.Effect : action.Effect ?? syntax.Kind.Effect };
    }

    private PlanContext ContextOf(StepSyntax syntax, CommonInputs common, ImmutableArray<EnvironmentAddition> environment, TemplateScope scope, IPlanFiles files) => new(_projectDirectory, files, _bag)
    {
        Environment = syntax.Kind.StartsProgram ? environment : [],
        Machine = Machine,
        Mask = text => (_mask = _mask.With(scope.Secrets.Concat(_renderer.Secrets))).Text(text),
        WorkingDirectory = common.Path(StepFields.Cwd) is { } cwd ? Path.GetFullPath(cwd, _projectDirectory) : _projectDirectory,
    };

    private ImmutableArray<EnvironmentAddition>? Environment(CommonInputs common)
    {
        var merged = new SortedDictionary<string, Rendered>(StringComparer.Ordinal);
        foreach (var (key, value) in (common.Shared?.Map(StepFields.Env) ?? []).Concat(common.Fields.Map(StepFields.Env)))
        {
            if (!key.IsKnown || key.Parts.IsEmpty || key.Display.AsSpan().ContainsAny('=', '\0'))
            {
                _bag.Add(PlanDiagnostics.EnvironmentName, common.Fields.SpanOf(StepFields.Env), $"'{key.Display}' is not the name of an environment variable");
                return null;
            }

            merged[key.Display] = value;
        }

        return [.. merged.Select(e => new EnvironmentAddition(e.Key, e.Value))];
    }

    private static RetryPolicy Retry(Inputs? retry) => retry is null
        ? RetryPolicy.Once
        : new RetryPolicy
        {
            Attempts = (int)retry.Integer("attempts"),
            Delay = retry.Duration("delay"),
            Backoff = retry.Choice("backoff"),
            MaxDelay = retry.Duration("max_delay"),
            Jitter = retry.Flag("jitter"),
            Until = retry.Checks("until"),
        };

    /// <summary>The common fields of a step over the playbook's defaults.</summary>
    private sealed record CommonInputs(Inputs Fields, Inputs? Shared)
    {
        public TimeSpan Duration(string name, string fallback) =>
            (Fields.IsGiven(name) ? Fields.OptionalDuration(name) : Shared?.OptionalDuration(name)) ?? Durations.Parse(fallback) ?? TimeSpan.Zero;

        public Inputs? Object(string name) => Fields.Object(name) ?? Shared?.Object(name);

        public string? Path(string name) => Fields.OptionalPath(name) ?? Shared?.OptionalPath(name);
    }
}
