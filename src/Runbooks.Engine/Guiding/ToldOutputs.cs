using System.Globalization;
using System.Text;
using Runbooks.Engine.Hashing;
using Runbooks.Engine.Planning;
using Runbooks.Engine.Running;
using Runbooks.Language.Templates;

namespace Runbooks.Engine.Guiding;

/// <summary>What a person says that steps printed, and what later items become with it.</summary>
internal sealed class ToldOutputs(RunScope run)
{
    /// <summary>Its output is kept for others, and its playbook names it.</summary>
    public bool IsNeeded(PlannedStep step) => step.Captures && run.Plan.PlaybookOf(step.Part).Source.Content.Contains($"steps.{step.Syntax.Id}.", StringComparison.Ordinal);

    /// <summary>Kept as the output of a step is that was run.</summary>
    public (string Name, string Sha256) Keep(PlannedStep step, string printed)
    {
        var (name, bytes) = (string.Create(CultureInfo.InvariantCulture, $"captured/{step.Number:D4}-{step.Syntax.Id}.1"), Encoding.UTF8.GetBytes($"{printed}\n"));
        if (run.Folder.Write(name, bytes) is { } problem)
        {
            throw new TrailUnwritableException($"{name}: {problem}");
        }

        run.Scopes.Learn(step.Part, step.Syntax.Id, StepOutputs.Of(printed, 0));
        return (name, Sha256.Hex(bytes));
    }

    /// <summary>With what was told; as it was, where that is not enough.</summary>
    public PlannedStep Complete(PlannedStep step)
    {
        var condition = step.Condition is { Decision: null } open && Planner.Decide(run.Plan, step, run.Scopes.Of(step.Part), out _) is { } decision ? open with { Decision = decision } : step.Condition;
        if (step.Action is { Preview.IsKnown: true } || condition is { Decision: false })
        {
            return step with { Condition = condition };
        }

        var secrets = new HashSet<string>(StringComparer.Ordinal);
        var completed = run.Planner.Complete(run.Plan, step, run.Scopes.Of(step.Part), secrets);
        run.Hide(secrets);
        return step with { Condition = condition, Action = completed.Value ?? step.Action };
    }

    /// <inheritdoc cref="Complete(PlannedStep)"/>
    public PlannedCheck Complete(PlannedCheck check)
    {
        if (check.Question is { IsKnown: true })
        {
            return check;
        }

        var secrets = new HashSet<string>(StringComparer.Ordinal);
        var completed = run.Planner.Complete(run.Plan, check, run.Scopes.Of(check.Part), secrets);
        run.Hide(secrets);
        return completed.Value ?? check;
    }
}
