using System.Collections.Immutable;
using Runbooks.Engine.Journal;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Planning;

namespace Runbooks.Engine.Running;

/// <summary>Asks checks until they hold, keep holding, or their time is over; every answer goes into the journal.</summary>
internal sealed class CheckAsker(RunScope run, string phase, string step) : IAskChecks
{
    public async Task<ImmutableArray<Verdict>> AskAsync(ImmutableArray<PlannedCheck> checks, CancellationToken cancel)
    {
        var verdicts = ImmutableArray.CreateBuilder<Verdict>(checks.Length);
        foreach (var check in checks)
        {
            verdicts.Add(await AskAsync(check, cancel));
        }

        return verdicts.MoveToImmutable();
    }

    private async Task<Verdict> AskAsync(PlannedCheck check, CancellationToken cancel)
    {
        var began = run.Ports.Time.GetTimestamp();
        var asked = 0;
        var (question, verdict) = QuestionOf(check);
        if (question is not null)
        {
            (verdict, asked) = await UntilSettledAsync(check, question, began, cancel);
        }

        var masked = verdict with { Observed = run.Mask.Text(verdict.Observed), Evidence = [.. verdict.Evidence.Select(run.Mask.Text)] };
        run.Journal.Append(new CheckAnswered
        {
            Phase = phase,
            Step = step,
            Name = run.Mask.Text(check.Name),
            Statement = run.Mask.Text(question?.Statement ?? check.Statement),
            Verdict = CheckWords.Of(verdict.Kind),
            Observed = masked.Observed,
            Evidence = masked.Evidence,
            Asked = asked,
            ElapsedMs = (long)run.Ports.Time.GetElapsedTime(began).TotalMilliseconds,
        });
        return masked;
    }

    private (CheckQuestion? Question, Verdict Problem) QuestionOf(PlannedCheck check)
    {
        if (check.Question is { IsKnown: true } known)
        {
            return (known, Verdict.Unknown(""));
        }

        var secrets = new HashSet<string>(StringComparer.Ordinal);
        var completed = run.Planner.Complete(run.Plan, check, run.Scope, secrets);
        run.Hide(secrets);
        return completed.Value?.Question is { IsKnown: true } question
            ? (question, Verdict.Unknown(""))
            : (null, Verdict.Unknown(completed.Diagnostics.Select(d => d.Message).FirstOrDefault() ?? "it depends on the output of a step that has none"));
    }

    private async Task<(Verdict Verdict, int Asked)> UntilSettledAsync(PlannedCheck check, CheckQuestion question, long began, CancellationToken cancel)
    {
        var time = run.Ports.Time;
        long? holdsSince = null;
        for (var asked = 1; ; asked++)
        {
            var verdict = await Questions.AskOnceAsync(check.Kind, question, run.CheckContext, cancel);
            if (cancel.IsCancellationRequested)
            {
                return (Verdict.Unknown("the run was stopped before it was settled"), asked);
            }

            if (verdict.Kind == VerdictKind.Holds)
            {
                holdsSince ??= time.GetTimestamp();
                var held = time.GetElapsedTime(holdsSince.Value);
                if (held >= check.For)
                {
                    return (check.For > TimeSpan.Zero ? verdict with { Observed = $"{verdict.Observed}, for {(long)held.TotalSeconds}s" } : verdict, asked);
                }

                await PauseAsync(Shorter(check.Every, check.For - held), cancel);
                continue;
            }

            holdsSince = null;
            var left = check.Within - time.GetElapsedTime(began);
            if (left <= TimeSpan.Zero)
            {
                return (check.Within > TimeSpan.Zero ? verdict with { Observed = $"{verdict.Observed} (after {asked} questions)" } : verdict, asked);
            }

            await PauseAsync(Shorter(check.Every, left), cancel);
        }
    }

    private async Task PauseAsync(TimeSpan pause, CancellationToken cancel)
    {
        try
        {
            await Task.Delay(pause, run.Ports.Time, cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The loop asks once more and sees it.
        }
    }

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
