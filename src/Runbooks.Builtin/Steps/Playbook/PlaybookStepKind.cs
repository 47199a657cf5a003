using Runbooks.Engine.Kinds;
using Runbooks.Language.Playbooks;

namespace Runbooks.Builtin.Steps.Playbook;

/// <summary><c>playbook:</c> stands for the steps of another playbook. The planner puts them in its place.</summary>
public sealed class PlaybookStepKind : StepKind<PlaybookStep>
{
    public override KindDeclaration Declaration { get; } = new("playbook", "Runs the steps of another playbook.", () => PartFields.Set)
    {
        Effect = Effect.Read,
        HoldsPlaybook = true,
    };

    public override PlaybookStep Plan(Inputs inputs, PlanContext context) => new();

    public override Task<ActionOutcome> RunAsync(PlaybookStep action, StepContext context) =>
        Task.FromResult(new ActionOutcome { Changed = false, Untouched = true, Observed = "its steps are done" });
}
