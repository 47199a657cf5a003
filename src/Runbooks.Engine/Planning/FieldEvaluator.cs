using System.Collections.Immutable;
using Runbooks.Engine.Kinds;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Fields;
using Runbooks.Language.Playbooks;
using Runbooks.Language.Templates;
using Runbooks.Language.Text;

namespace Runbooks.Engine.Planning;

/// <summary>Computes the fields of a mapping in a scope: the step from what was written to what is meant.</summary>
internal sealed class FieldEvaluator(TemplateRenderer renderer, DiagnosticBag bag, Func<CheckSyntax, TemplateScope, PlannedCheck?> planCheck, Func<CheckSyntax, TemplateScope, bool> isAsked)
{
    private static readonly ImmutableArray<Rendered> NoTexts = [];

    /// <returns>Null when a value is wrong: the bag says which.</returns>
    public Inputs? Evaluate(BoundFields fields, TemplateScope scope)
    {
        var values = ImmutableDictionary.CreateBuilder<string, object>(StringComparer.Ordinal);
        var spans = ImmutableDictionary.CreateBuilder<string, TextSpan>(StringComparer.Ordinal);
        var isComplete = true;
        foreach (var field in fields.Set.Fields)
        {
            if (fields.Values.TryGetValue(field.Name, out var bound))
            {
                spans[field.Name] = bound.Span;
                if (Value(bound, scope) is { } value)
                {
                    values[field.Name] = value;
                }
                else
                {
                    isComplete = false;
                }
            }
            else if (field.Default is { } text && Default(field, text) is { } value)
            {
                values[field.Name] = value;
            }
        }

        return isComplete ? new Inputs(fields.Set, values.ToImmutable(), spans.ToImmutable(), ItemSpans(fields), fields.Span) : null;
    }

    private static ImmutableDictionary<string, ImmutableArray<TextSpan>> ItemSpans(BoundFields fields)
    {
        var spans = ImmutableDictionary.CreateBuilder<string, ImmutableArray<TextSpan>>(StringComparer.Ordinal);
        foreach (var value in fields.Values.Values)
        {
            if (value is BoundMap map)
            {
                spans[map.Field.Name] = [.. map.Pairs.Select(p => p.Key.Span)];
            }
            else if (value is BoundList { IsExpression: false } list)
            {
                spans[list.Field.Name] = [.. list.Items.Select(i => i.Span)];
            }
        }

        return spans.ToImmutable();
    }

    private static object? Default(Field field, string text) =>
        field.Shape is FieldShape.Text or FieldShape.Script ? Rendered.Literal(text)
        : field.Shape is FieldShape.TextList or FieldShape.Words ? ImmutableArray.Create(Rendered.Literal(text))
        : Scalars.Read(field, text).Value;

    private object? Value(BoundValue bound, TemplateScope scope) => bound switch
    {
        BoundText text when bound.Field.Shape is FieldShape.Condition => text,
        BoundText text when bound.Field.Shape is FieldShape.Text or FieldShape.Script => Text(text, scope),
        BoundText text => Typed(text, scope),
        BoundList list => Texts(list, scope),
        BoundMap map => Map(map, scope),
        BoundObject inner => Evaluate(inner.Fields, scope),
        BoundObjects inner => Objects(inner, scope),
        BoundChecks checks => Checks(checks.Checks, scope),
        // Steps inside a step are planned by the planner, which knows what they are for.
        BoundSteps steps => steps,
        _ => null,
    };

    private Rendered? Text(BoundText text, TemplateScope scope)
    {
        var rendered = WithoutNul(renderer.Render(text.Template, scope, bag), text.Span);
        if (rendered is { HasSecret: true } && !text.Field.AllowsSecrets)
        {
            bag.AddSecretVisible(text.Field, text.Span);
            return null;
        }

        if (rendered is { Parts.IsEmpty: true } && text.Field.NotEmpty)
        {
            bag.Add(TemplateDiagnostics.WrongType, text.Span, $"'{text.Field.Shown}' is empty");
            return null;
        }

        return rendered;
    }

    private object? Typed(BoundText text, TemplateScope scope)
    {
        if (renderer.Render(text.Template, scope, bag) is not { } rendered)
        {
            return null;
        }

        if (!rendered.IsKnown)
        {
            bag.Add(TemplateDiagnostics.NotKnown, text.Span, $"'{text.Field.Shown}' must be known when the plan is made, {rendered.Display} is not");
            return null;
        }

        if (rendered.HasSecret)
        {
            bag.AddSecretVisible(text.Field, text.Span);
            return null;
        }

        var result = Scalars.Read(text.Field, rendered.Reveal());
        if (result.Error is { } error)
        {
            bag.Add(TemplateDiagnostics.WrongType, text.Span, $"'{text.Field.Shown}': {error}", result.Hint);
        }

        return result.Value;
    }

    private ImmutableArray<Rendered>? Texts(BoundList list, TemplateScope scope)
    {
        if (list.IsExpression)
        {
            if (renderer.Items(list.Items[0], scope, bag) is not { } items || items.Any(i => WithoutNul(i, list.Span) is null))
            {
                return null;
            }

            if (items.Count == 0 && list.Field.Shape is FieldShape.Words)
            {
                bag.Add(TemplateDiagnostics.WrongType, list.Span, $"'{list.Field.Shown}' has no words here");
                return null;
            }

            if (list.Field.AllowsSecrets || !items.Any(i => i.HasSecret))
            {
                return items.ToImmutableArray();
            }

            bag.AddSecretVisible(list.Field, list.Span);
            return null;
        }

        var texts = ImmutableArray.CreateBuilder<Rendered>(list.Items.Length);
        foreach (var item in list.Items)
        {
            if (WithoutNul(renderer.Render(item, scope, bag), item.Span) is not { } rendered)
            {
                return null;
            }

            if (!list.Field.AllowsSecrets && rendered.HasSecret)
            {
                bag.AddSecretVisible(list.Field, item.Span);
                return null;
            }

            texts.Add(rendered);
        }

        return texts.Count == 0 ? NoTexts : texts.DrainToImmutable();
    }

    private ImmutableArray<KeyValuePair<Rendered, Rendered>>? Map(BoundMap map, TemplateScope scope)
    {
        var pairs = ImmutableArray.CreateBuilder<KeyValuePair<Rendered, Rendered>>(map.Pairs.Length);
        foreach (var pair in map.Pairs)
        {
            if (renderer.Render(pair.Key, scope, bag) is not { } key || WithoutNul(renderer.Render(pair.Value, scope, bag), pair.Value.Span) is not { } value)
            {
                return null;
            }

            pairs.Add(KeyValuePair.Create(key, value));
        }

        return pairs.ToImmutable();
    }

    private ImmutableArray<Inputs>? Objects(BoundObjects objects, TemplateScope scope)
    {
        var items = objects.Items.Select(i => Evaluate(i, scope)).ToList();
        return items.Contains(null) ? null : items.OfType<Inputs>().ToImmutableArray();
    }

    private ImmutableArray<PlannedCheck>? Checks(ImmutableArray<CheckSyntax> checks, TemplateScope scope)
    {
        var planned = checks.Where(c => isAsked(c, scope)).Select(c => planCheck(c, scope)).ToList();
        return planned.Contains(null) ? null : planned.OfType<PlannedCheck>().ToImmutableArray();
    }

    private Rendered? WithoutNul(Rendered? rendered, TextSpan span)
    {
        if (rendered is null || !rendered.Parts.Any(p => p.Text.Contains('\0', StringComparison.Ordinal)))
        {
            return rendered;
        }

        bag.Add(PlanDiagnostics.NulCharacter, span, "the value holds a NUL character, which no program could receive");
        return null;
    }
}
