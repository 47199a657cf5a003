using System.Collections.Immutable;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Fields;
using Runbooks.Language.Templates;

namespace Runbooks.Language.Playbooks;

/// <summary>Finds secrets where everybody could see them, before there is any value: an expression with the name of a secret in a field that allows none.</summary>
internal sealed class SecretPlaces(Playbook playbook, BoundFields root, DiagnosticBag bag)
{
    private readonly ImmutableHashSet<string> _secrets = playbook.Vars.IsEmpty ? [] : [.. playbook.Vars.Where(v => v.Secret).Select(v => v.Name)];

    public void Check()
    {
        if (!_secrets.IsEmpty)
        {
            CheckFields(root);
        }
    }

    private void CheckFields(BoundFields? fields)
    {
        foreach (var value in fields?.Values.Values ?? [])
        {
            CheckValue(value);
        }
    }

    private void CheckValue(BoundValue value)
    {
        switch (value)
        {
            case BoundText text:
                CheckTemplate(text.Field, text.Template);
                break;
            case BoundList list:
                list.Items.ToList().ForEach(item => CheckTemplate(list.Field, item));
                break;
            case BoundMap map:
                foreach (var pair in map.Pairs.Where(p => HoldsSecret(p.Key)))
                {
                    bag.Add(TemplateDiagnostics.SecretVisible, pair.Key.Span, $"a name in '{map.Field.Shown}' would show a secret");
                }

                break;
            case BoundObject inner:
                CheckFields(inner.Fields);
                break;
            case BoundObjects inner:
                inner.Items.ToList().ForEach(CheckFields);
                break;
            case BoundChecks inner:
                foreach (var check in inner.Checks)
                {
                    CheckFields(check.Common);
                    CheckFields(check.Body);
                }

                break;
            case BoundSteps inner:
                inner.Steps.ToList().ForEach(CheckStep);
                break;
            default:
                break;
        }
    }

    private void CheckStep(StepSyntax step)
    {
        CheckFields(step.Body);
        CheckFields(step.Common with { Values = step.Common.Values.Remove(StepFields.Undo) });
        if (step.Undo is { } undo)
        {
            CheckStep(undo);
        }
    }

    private void CheckTemplate(Field field, Template template)
    {
        if (!field.AllowsSecrets && HoldsSecret(template))
        {
            bag.AddSecretVisible(field, template.Span);
        }
    }

    private bool HoldsSecret(Template template) => template.Parts.OfType<ExpressionPart>().Any(e => e.References.Any(r => _secrets.Contains(r.Root)));
}
