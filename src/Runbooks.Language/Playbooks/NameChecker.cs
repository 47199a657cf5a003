using System.Collections.Immutable;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Fields;
using Runbooks.Language.Templates;
using Runbooks.Language.Text;

namespace Runbooks.Language.Playbooks;

/// <summary>Checks every name of every expression against what is defined at its place, also in branches that a run would not take.</summary>
internal sealed class NameChecker(Playbook playbook, DiagnosticBag bag)
{
    private static readonly ImmutableArray<string> Outputs = ["stdout", "json", "exit_code"];

    private readonly HashSet<string> _used = new(StringComparer.Ordinal);
    private readonly ImmutableHashSet<string> _vars = [.. playbook.Vars.Select(v => v.Name)];
    private readonly Dictionary<string, StepSyntax> _earlier = new(StringComparer.Ordinal);
    private bool _inLoop;

    public void Check()
    {
        CheckTemplate(playbook.Lock);
        CheckChecks(playbook.Guards);
        CheckFields(playbook.Defaults);
        foreach (var step in playbook.Steps)
        {
            CheckStep(step);
            // Of those that begin at the same time none can read the output of another.
            foreach (var member in step.Members)
            {
                CheckStep(member);
            }

            _earlier.TryAdd(step.Id, step);
            foreach (var member in step.Members)
            {
                _earlier.TryAdd(member.Id, member);
            }
        }

        CheckChecks(playbook.Validations);
        // What could not be read may use them.
        foreach (var unused in bag.HasErrors ? [] : playbook.Vars.Where(v => !_used.Contains(v.Name)))
        {
            bag.Add(PlaybookDiagnostics.UnusedVar, unused.Span, $"'{unused.Name}' is never used");
        }
    }

    private void CheckStep(StepSyntax step)
    {
        if (step.Common.Find<BoundList>(StepFields.ForEach) is { } list)
        {
            CheckValue(list);
        }

        _inLoop = step.Common.Values.ContainsKey(StepFields.ForEach);
        CheckFields(step.Common with { Values = step.Common.Values.Remove(StepFields.ForEach).Remove(StepFields.Undo) });
        CheckFields(step.Body);
        if (step.Undo is { } undo)
        {
            CheckFields(undo.Common);
            CheckFields(undo.Body);
        }

        _inLoop = false;
    }

    private void CheckChecks(ImmutableArray<CheckSyntax> checks)
    {
        foreach (var check in checks)
        {
            CheckFields(check.Common);
            CheckFields(check.Body);
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
                CheckTemplate(text.Template);
                break;
            case BoundList list:
                list.Items.ToList().ForEach(CheckTemplate);
                break;
            case BoundMap map:
                foreach (var pair in map.Pairs)
                {
                    CheckTemplate(pair.Key);
                    CheckTemplate(pair.Value);
                }

                break;
            case BoundObject inner:
                CheckFields(inner.Fields);
                break;
            case BoundObjects inner:
                inner.Items.ToList().ForEach(CheckFields);
                break;
            case BoundChecks inner:
                CheckChecks(inner.Checks);
                break;
            default:
                break;
        }
    }

    private void CheckTemplate(Template? template)
    {
        foreach (var expression in template?.Parts.OfType<ExpressionPart>() ?? [])
        {
            foreach (var reference in expression.References)
            {
                CheckReference(reference, reference.Span);
            }
        }
    }

    private void CheckReference(Reference reference, TextSpan place)
    {
        if (TemplateFunctions.Arities.TryGetValue(reference.Root, out var arity))
        {
            CheckCall(reference, arity);
        }
        else if (reference.Arguments > 0 && IsValue(reference.Root))
        {
            _used.Add(reference.Root);
            bag.Add(TemplateDiagnostics.WrongCall, place, $"'{reference.Root}' is no function", "is a '|' missing, or an operator?");
        }
        else if (_vars.Contains(reference.Root))
        {
            _used.Add(reference.Root);
            if (reference.Path.Length > 1)
            {
                bag.Add(TemplateDiagnostics.UnknownName, place, $"'{reference.Root}' has no member '{reference.Path[1]}'");
            }
        }
        else if (reference.Root == "item")
        {
            if (!_inLoop)
            {
                bag.Add(TemplateDiagnostics.UnknownName, place, "'item' exists only in a step with 'for_each'");
            }
        }
        else if (reference.Root == "run")
        {
            if (reference.Path is not [_, "id"])
            {
                bag.Add(TemplateDiagnostics.UnknownName, place, $"'{reference}' is not defined", "did you mean 'run.id'?");
            }
        }
        else if (reference.Root == "steps")
        {
            CheckOutput(reference, place);
        }
        else
        {
            var known = reference.Arguments > 0 ? TemplateFunctions.Known.Keys : [.. _vars, .. _inLoop ? ["item"] : Array.Empty<string>()];
            var hint = Suggestion.Hint(reference.Root, [.. known]);
            bag.Add(TemplateDiagnostics.UnknownName, place, $"'{reference.Root}' is not defined", hint ?? (reference.Arguments > 0 ? "there is no function of this name" : "declare it in 'vars:'"));
        }
    }

    private bool IsValue(string name) => _vars.Contains(name) || name is "item" or "run" or "steps";

    private void CheckCall(Reference reference, int arity)
    {
        if (reference.Path.Length > 1)
        {
            bag.Add(TemplateDiagnostics.UnknownName, reference.Span, $"'{reference.Root}' is a function and has no members");
        }
        else if (reference.Arguments != arity)
        {
            var given = reference.Arguments == 0 ? "none" : reference.Arguments.ToString(System.Globalization.CultureInfo.InvariantCulture);
            bag.Add(TemplateDiagnostics.WrongCall, reference.Span, $"'{reference.Root}' takes {arity} value{(arity == 1 ? "" : "s")}, here it has {given}", $"{TemplateFunctions.Known[reference.Root]}; the value before the '|' counts");
        }
    }

    private void CheckOutput(Reference reference, TextSpan place)
    {
        if (reference.Path.Length < 3)
        {
            bag.Add(TemplateDiagnostics.UnknownOutput, place, $"'{reference}' names no output", "for example steps.find.stdout");
            return;
        }

        var (id, output) = (reference.Path[1], reference.Path[2]);
        if (!_earlier.TryGetValue(id, out var step))
        {
            var isLater = playbook.AllSteps.Any(s => s.Id == id);
            bag.Add(TemplateDiagnostics.UnknownOutput, place, isLater ? $"step '{id}' has not run yet here" : $"there is no step '{id}'", isLater ? "only earlier steps have outputs" : Suggestion.Hint(id, _earlier.Keys));
        }
        else if (!step.Captures)
        {
            bag.Add(TemplateDiagnostics.UnknownOutput, place, $"step '{id}' does not capture its output", "add 'capture: true' to it");
        }
        else if (step.Common.Values.ContainsKey(StepFields.ForEach))
        {
            bag.Add(TemplateDiagnostics.UnknownOutput, place, $"step '{id}' runs several times, so it has no single output");
        }
        else if (!Outputs.Contains(output))
        {
            bag.Add(TemplateDiagnostics.UnknownOutput, place, $"a step has no output '{output}'", Suggestion.Hint(output, Outputs));
        }
    }
}
