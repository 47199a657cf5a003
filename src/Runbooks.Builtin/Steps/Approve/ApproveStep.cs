using System.Collections.Immutable;
using Runbooks.Engine.Gates;
using Runbooks.Engine.Kinds;
using Runbooks.Language.Fields;
using Runbooks.Language.Templates;

namespace Runbooks.Builtin.Steps.Approve;

/// <summary>A question that a person must answer with yes before the run goes on.</summary>
/// <param name="By">Who may; empty for everybody.</param>
/// <param name="Expires">How long a yes is good.</param>
public sealed record ApproveStep(Rendered Question, ImmutableArray<string> By, TimeSpan Expires) : StepAction
{
    public override ActionPreview Preview => ActionPreview.Of(new Waiting(
        $"for an approval{(By.IsEmpty ? "" : $" by {string.Join(" or ", By)}")}, good for {Durations.Format(Expires)}: {Question.Display}")
    { NeedsOutput = !Question.IsKnown });

    public override ApprovalNeed? Approval => new(By);

    /// <summary>To ask once more harms nobody.</summary>
    public override bool IsRepeatable => true;
}
