using System.Collections.Immutable;
using Runbooks.Engine.Kinds;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Fields;
using Runbooks.Language.Playbooks;

namespace Runbooks.Builtin.Steps.Wait;

/// <summary><c>wait:</c> lets time pass, or asks checks until they hold.</summary>
public sealed class WaitStepKind : StepKind<WaitStep>
{
    private const long DayInMilliseconds = 86_400_000;

    public override KindDeclaration Declaration { get; } = new("wait", "Lets time pass, or waits until checks hold.", () => new FieldSet("'wait'",
    [
        new Field("for", FieldShape.Duration, "how long to wait") { Minimum = 1, Maximum = DayInMilliseconds },
        new Field("until", FieldShape.Checks, "checks that must hold, each asked again within its own 'within'"),
    ])
    { Shorthand = "for" })
    {
        Effect = Effect.Read,
    };

    public override ImmutableArray<Descriptor> Descriptors => WaitDiagnostics.All;

    public override WaitStep? Plan(Inputs inputs, PlanContext context)
    {
        var (duration, checks) = (inputs.OptionalDuration("for"), inputs.Checks("until"));
        if (duration is not null && inputs.IsGiven("until"))
        {
            context.Report(PlaybookDiagnostics.Contradiction, inputs.SpanOf("until"), "'for' and 'until' cannot both end the wait", "remove one of the two; to wait after the checks hold, give them 'for'");
            return null;
        }

        if (duration is null && checks.IsEmpty)
        {
            if (!inputs.IsGiven("until"))
            {
                context.Report(WaitDiagnostics.NothingToWaitFor, inputs.Span, "'wait' needs 'for' or 'until'", "for example 'wait: 10s'");
            }

            return null;
        }

        var impatient = checks.Where(c => c.Within <= TimeSpan.Zero).ToList();
        foreach (var check in impatient)
        {
            context.Report(WaitDiagnostics.DoesNotWait, check.Syntax.Span, "this check is asked only once", "give it 'within', for example 'within: 60s'");
        }

        return impatient.Count == 0 ? new WaitStep(duration, checks) : null;
    }

    public override async Task<ActionOutcome> RunAsync(WaitStep action, StepContext context)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.Stop.Interrupt, context.Stop.Kill);
        try
        {
            return action.For is { } duration ? await PassAsync(duration, context, ended.Token) : await AskAsync(action, context, ended.Token);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            return Nothing("the wait was ended early") with { Observed = "" };
        }
    }

    private static async Task<ActionOutcome> PassAsync(TimeSpan duration, StepContext context, CancellationToken cancel)
    {
        await Task.Delay(duration, context.Ports.Time, cancel);
        return Nothing(null) with { Observed = $"waited {Durations.Format(duration)}" };
    }

    private static async Task<ActionOutcome> AskAsync(WaitStep action, StepContext context, CancellationToken cancel)
    {
        var verdicts = await context.Checks.AskAsync(action.Until, cancel);
        var missing = action.Until.Zip(verdicts).Where(p => p.Second.Kind != VerdictKind.Holds).ToList();
        var observed = string.Join("; ", verdicts.Select(v => v.Observed));
        if (verdicts.Length != action.Until.Length)
        {
            throw new InvalidOperationException($"{action.Until.Length} checks were asked and {verdicts.Length} answered");
        }

        return missing.Count == 0
            ? Nothing(null) with { Observed = observed }
            : Nothing(string.Join("; ", missing.Select(p => Sentence(p.First.Statement, p.First.Within, p.Second)))) with { Observed = observed };
    }

    private static string Sentence(string statement, TimeSpan within, Verdict verdict) => verdict.Kind == VerdictKind.Unknown
        ? $"whether {statement} could not be found out within {Durations.Format(within)}: {verdict.Observed}"
        : $"'{statement}' did not hold within {Durations.Format(within)}: {verdict.Observed}";

    private static ActionOutcome Nothing(string? failure) => new() { Failure = failure, Changed = false, Untouched = true };
}
