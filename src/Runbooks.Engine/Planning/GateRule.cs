using Runbooks.Engine.Gates;
using Runbooks.Language.Diagnostics;

namespace Runbooks.Engine.Planning;

/// <summary>What takes the place of something that people work with is done behind a gate.</summary>
internal static class GateRule
{
    /// <param name="steps">All of the plan, in order.</param>
    public static void Report(IReadOnlyCollection<PlannedStep> steps, DiagnosticBag bag)
    {
        var isOpen = false;
        foreach (var step in steps.Where(s => s.Condition?.Decision != false))
        {
            isOpen |= Gate.IsAt(step);
            if (step.Action?.NeedsGate == true && !isOpen)
            {
                bag.Add(PlanDiagnostics.NoGate, step.Syntax.Body.Span, $"step '{step.Id}' destroys what is there and puts something else in its place, and nobody is asked before", "put an 'approve' step before it");
            }
        }
    }
}
