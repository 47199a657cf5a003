using System.Collections.Immutable;
using Runbooks.Engine.Gates;
using Runbooks.Engine.Kinds;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Fields;
using Runbooks.Language.Playbooks;

namespace Runbooks.Builtin.Steps.Approve;

/// <summary><c>approve:</c> waits until a person lets the run go on.</summary>
public sealed class ApproveStepKind : StepKind<ApproveStep>
{
    private const long WeekInMilliseconds = 7 * 86_400_000L;

    public override KindDeclaration Declaration { get; } = new("approve", "Waits until a person lets the run go on.", () => new FieldSet("'approve'",
    [
        new Field("question", FieldShape.Text, "what is approved, and what it costs") { Required = true, IsShown = true },
        new Field("by", FieldShape.TextList, "names of those who may approve; everybody may when it is not given") { IsShown = true },
        new Field("expires", FieldShape.Duration, "how long an approval is good: what comes after it must have begun by then") { Default = "1h", Minimum = 1, Maximum = WeekInMilliseconds },
    ])
    { Shorthand = "question" })
    {
        Effect = Effect.Read,
    };

    public override ImmutableArray<Descriptor> Descriptors => ApproveDiagnostics.All;

    public override ApproveStep? Plan(Inputs inputs, PlanContext context)
    {
        var question = inputs.Text("question");
        if (question.IsKnown && string.IsNullOrWhiteSpace(question.Display))
        {
            context.Report(ApproveDiagnostics.NothingAsked, inputs.SpanOf("question"), "the question is empty");
            return null;
        }

        var names = inputs.Texts("by");
        for (var i = 0; i < names.Length; i++)
        {
            if (!names[i].IsKnown || string.IsNullOrWhiteSpace(names[i].Display))
            {
                context.Report(ApproveDiagnostics.ApproverNotKnown, inputs.SpanOf("by", i), $"'{names[i].Display}' is no name");
                return null;
            }
        }

        return new ApproveStep(question, [.. names.Select(n => n.Display)], inputs.Duration("expires"));
    }

    public override async Task<ActionOutcome> RunAsync(ApproveStep action, StepContext context)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.Stop.Interrupt, context.Stop.Kill);
        try
        {
            return await context.Gate.PassAsync(new GateTerms(action.Question.Display, action.By, action.Expires), ended.Token) is { } refusal
                ? Nothing(refusal)
                : Nothing(null) with { Observed = "approved" };
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            return Nothing("nobody answered before the wait ended");
        }
    }

    private static ActionOutcome Nothing(string? failure) => new() { Failure = failure, Changed = false, Untouched = true };
}
