using System.Collections.Immutable;
using Runbooks.Engine.Gates;
using Runbooks.Engine.Kinds;
using Runbooks.Language.Playbooks;
using Runbooks.Language.Templates;

namespace Runbooks.Engine.Planning;

/// <summary>Steps that are run side by side.</summary>
internal sealed partial class PlanWork
{
    private ImmutableArray<PlannedStep> SideBySide(StepSyntax syntax, Playbook playbook, TemplateScope scope, int number)
    {
        if (!IsIncluded(syntax, scope, out var isSkipped))
        {
            return isSkipped && Step(syntax, playbook, scope, number, Prefix + syntax.Id, null) is { } skipped ? [skipped] : [];
        }

        if (Common(syntax, playbook.Defaults, scope) is not { } common || _fields.Evaluate(syntax.Body, scope) is not { } body)
        {
            return [];
        }

        var group = new StepGroup(
            Prefix + syntax.Id,
            common.Fields.OptionalText(StepFields.Name)?.Display ?? "",
            common.Fields.OptionalText(StepFields.Why)?.Display ?? "",
            (int)body.Integer(ParallelFields.Limit),
            body.Choice(ParallelFields.Failures) == ParallelFields.First);
        var steps = ImmutableArray.CreateBuilder<PlannedStep>();
        foreach (var member in syntax.Members)
        {
            steps.AddRange(Unrolled(member, playbook, scope, number + steps.Count).Select(s => s with { Group = group }));
        }

        ReportMeetings(steps);
        return steps.ToImmutable();
    }

    private void ReportMeetings(IEnumerable<PlannedStep> steps)
    {
        var changed = new Dictionary<string, PlannedStep>(StringComparer.Ordinal);
        foreach (var step in steps)
        {
            if (Gate.IsAt(step))
            {
                _bag.Add(PlanDiagnostics.GateBesideSteps, step.Syntax.Span, $"step '{step.Id}' asks a person while other steps run", "put it before them or after them");
            }

            foreach (var path in (step.Action?.Preview.Effects ?? []).OfType<FileChange>().Select(c => c.Path).Distinct(StringComparer.Ordinal))
            {
                if (!changed.TryAdd(path, step))
                {
                    _bag.Add(PlanDiagnostics.SameFile, step.Syntax.Span, $"step '{step.Id}' changes {path}, and so does '{changed[path].Id}' at the same time", "put one after the other");
                }
            }
        }
    }
}
