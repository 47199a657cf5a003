using System.Collections.Immutable;
using Runbooks.Language.Playbooks;
using Runbooks.Language.Yaml;

namespace Runbooks.Language.Fields;

/// <summary>Steps and checks: mappings in which one key names the kind and the others are common to all kinds.</summary>
internal sealed partial class FieldReader
{
    /// <summary>The name by its position of the step that holds the steps that are read; empty for those of the playbook.</summary>
    private string _above = "";

    private BoundSteps? Steps(Field field, YamlNode node)
    {
        if (node is not YamlSequence sequence)
        {
            bag.AddWrongShape(node, field.Shown, "a list of steps");
            return null;
        }

        if (sequence.Items.IsEmpty)
        {
            bag.Add(PlaybookDiagnostics.EmptyList, sequence.Span, $"'{field.Shown}' is an empty list", "a playbook does something");
            return null;
        }

        var (steps, above) = (ImmutableArray.CreateBuilder<StepSyntax>(), _above);
        for (var i = 0; i < sequence.Items.Length; i++)
        {
            _above = above.Length == 0 ? $"step_{i + 1}" : $"{above}_{i + 1}";
            if (Step(sequence.Items[i], _above) is { } step)
            {
                steps.Add(step);
                if (above.Length > 0 && (step.Kind.HoldsSteps || step.Kind.HoldsPlaybook))
                {
                    bag.Add(PlaybookDiagnostics.NotSideBySide, step.Span, $"'{step.Kind.Name}' cannot be run beside other steps", "put it before them or after them");
                }
            }
        }

        _above = above;
        return new BoundSteps(field, steps.ToImmutable(), sequence.Span);
    }

    private BoundSteps? Action(Field field, YamlScalar key, YamlNode node)
    {
        if (Step(node, key.Value) is not { } step)
        {
            return null;
        }

        foreach (var useless in ((YamlMapping)node).Entries.Select(e => e.Key).Where(k => !StepFields.AppliesToUndo(k.Value))) // a step is found in a mapping only
        {
            bag.Add(PlaybookDiagnostics.NotInUndo, useless.Span, $"'{useless.Value}' does nothing in an undo", $"remove '{useless.Value}'");
        }

        if (step.Kind.HoldsPlaybook || step.Kind.HoldsSteps)
        {
            bag.Add(PlaybookDiagnostics.NotInUndo, step.Span, $"'{step.Kind.Name}' cannot be an undo: each of its steps has its own", "write what takes the step back");
        }

        return new BoundSteps(field, [step], node.Span);
    }

    private StepSyntax? Step(YamlNode node, string defaultId)
    {
        if (OneKind(node, "step", catalogue.Steps, StepFields.Step, PlaybookDiagnostics.NoAction, PlaybookDiagnostics.SeveralActions) is not { } found)
        {
            return null;
        }

        var (kind, body, common, span) = found;
        ReportUseless(kind, (YamlMapping)node); // OneKind finds one in a mapping only
        var undo = common.Find<BoundSteps>(StepFields.Undo)?.Steps.FirstOrDefault();
        return new StepSyntax(common.Literal(StepFields.Id) ?? defaultId, kind, body, common, span) { Undo = undo };
    }

    private void ReportUseless(KindDeclaration kind, YamlMapping step)
    {
        foreach (var key in step.Entries.Select(e => e.Key).Where(k => !StepFields.AppliesTo(kind, k.Value)))
        {
            bag.Add(
                PlaybookDiagnostics.NotForThisKind,
                key.Span,
                key.Value == StepFields.Effect ? $"'{kind.Name}' knows its effect itself" : $"'{key.Value}' does nothing beside '{kind.Name}'",
                $"remove '{key.Value}'");
        }
    }

    private BoundChecks? Checks(Field field, YamlNode node)
    {
        if (node is not YamlSequence sequence)
        {
            bag.AddWrongShape(node, field.Shown, "a list of checks");
            return null;
        }

        if (sequence.Items.IsEmpty)
        {
            bag.Add(PlaybookDiagnostics.EmptyList, sequence.Span, $"'{field.Shown}' is an empty list", "it would hold without having looked at anything: remove it, or write a check");
            return null;
        }

        var checks = ImmutableArray.CreateBuilder<CheckSyntax>();
        foreach (var item in sequence.Items)
        {
            if (OneKind(item, "check", catalogue.Checks, StepFields.Check, PlaybookDiagnostics.NoCheckKind, PlaybookDiagnostics.SeveralCheckKinds) is { } found)
            {
                checks.Add(new CheckSyntax(found.Kind, found.Body, found.Common, found.Span));
            }
        }

        return new BoundChecks(field, checks.ToImmutable(), sequence.Span);
    }

    private (KindDeclaration Kind, BoundFields Body, BoundFields Common, Text.TextSpan Span)? OneKind(
        YamlNode node,
        string word,
        ImmutableSortedDictionary<string, KindDeclaration> kinds,
        FieldSet common,
        Diagnostics.Descriptor none,
        Diagnostics.Descriptor several)
    {
        if (node is YamlBroken)
        {
            return null;
        }

        if (node is not YamlMapping mapping)
        {
            bag.AddWrongShape(node, word, "a mapping that names its kind", OneOf(kinds));
            return null;
        }

        var actions = mapping.Entries.Where(e => kinds.ContainsKey(e.Key.Value)).ToList();
        var rest = mapping with { Entries = [.. mapping.Entries.Where(e => !kinds.ContainsKey(e.Key.Value))] };
        var anchor = mapping.Entries.IsEmpty ? mapping.Span : mapping.Entries[0].Key.Span;
        var strangers = rest.Entries.Where(e => common.Find(e.Key.Value) is null).ToList();
        foreach (var stranger in strangers)
        {
            bag.AddUnknownField(stranger.Key, $"the {word}", [.. kinds.Keys, .. common.Names]);
        }

        var fields = Read(rest with { Entries = [.. rest.Entries.Except(strangers)] }, common, anchor);
        if (actions.Count == 0)
        {
            // A misspelt action was reported as an unknown key: that says it all.
            if (strangers.Count == 0 && !isPartial)
            {
                bag.Add(none, anchor, $"the {word} names no kind", OneOf(kinds));
            }

            return null;
        }

        foreach (var extra in actions.Skip(1))
        {
            bag.Add(several, extra.Key.Span, $"'{extra.Key.Value}' is a second action beside '{actions[0].Key.Value}'", $"make two {word}s of it", new Diagnostics.Related(actions[0].Key.Span, "the first one"));
        }

        var kind = kinds[actions[0].Key.Value];
        return (kind, ReadBody(actions[0].Value, actions[0].Key, kind.Fields), fields, anchor);
    }

    private static string OneOf(ImmutableSortedDictionary<string, KindDeclaration> kinds) => $"one of: {string.Join(", ", kinds.Keys)}";
}
