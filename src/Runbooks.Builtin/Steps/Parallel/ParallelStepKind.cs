using Runbooks.Engine.Kinds;
using Runbooks.Language.Playbooks;

namespace Runbooks.Builtin.Steps.Parallel;

/// <summary><c>parallel:</c> holds steps that are run side by side. The planner puts them in its place.</summary>
public sealed class ParallelStepKind : StepKind<ParallelStep>
{
    public override KindDeclaration Declaration { get; } = new("parallel", "Runs steps side by side.", () => ParallelFields.Set)
    {
        Effect = Effect.Read,
        HoldsSteps = true,
    };

    public override ParallelStep? Plan(Inputs inputs, PlanContext context) => throw new InvalidOperationException("its steps are planned, not itself");

    public override Task<ActionOutcome> RunAsync(ParallelStep action, StepContext context) => throw new InvalidOperationException("its steps are run, not itself");
}

/// <summary>Never made: the steps that it holds are the ones that are planned.</summary>
public sealed record ParallelStep : StepAction
{
    public override ActionPreview Preview => ActionPreview.Of();
}
