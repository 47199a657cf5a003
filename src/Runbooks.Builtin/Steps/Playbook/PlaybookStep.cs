using Runbooks.Engine.Kinds;

namespace Runbooks.Builtin.Steps.Playbook;

/// <summary>The end of the steps of another playbook: by itself it does nothing, its checks are that playbook's validations.</summary>
public sealed record PlaybookStep : StepAction
{
    public override ActionPreview Preview => ActionPreview.Of();

    public override bool IsRepeatable => true;
}
