using Runbooks.Engine.Kinds;
using Runbooks.Engine.Planning;
using Runbooks.Language.Fields;

namespace Runbooks.Engine.Running;

/// <summary>Questions to the world, bounded, with three answers whatever happens.</summary>
internal static class Questions
{
    /// <summary>Asks once. An answer that takes longer than the question says it can is unknown: no check may hang a run.</summary>
    public static async Task<Verdict> AskOnceAsync(ICheckKind kind, CheckQuestion question, CheckContext context, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(question.Longest, context.Ports.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
        try
        {
            return await kind.AskAsync(question, context, both.Token);
        }
        catch (OperationCanceledException)
        {
            return Verdict.Unknown(cancel.IsCancellationRequested ? "the run was stopped" : $"no answer within {Durations.Format(question.Longest)}");
        }
        catch (Exception e) when (e is not OutOfMemoryException and not TrailUnwritableException)
        {
            // A check that breaks must not vanish and must not pass: it is unknown, and says why.
            return Verdict.Unknown($"the check itself failed: {e.GetType().Name}: {e.Message}");
        }
    }

    /// <summary>Asks a check as often as it says: until it holds, and keeps holding, or its time is over.</summary>
    /// <param name="context">Made anew for each question: what must be masked grows.</param>
    public static async Task<(Verdict Verdict, int Asked)> UntilSettledAsync(PlannedCheck check, CheckQuestion question, Func<CheckContext> context, CancellationToken cancel)
    {
        var time = context().Ports.Time;
        var began = time.GetTimestamp();
        long? holdsSince = null;
        for (var asked = 1; ; asked++)
        {
            var verdict = await AskOnceAsync(check.Kind, question, context(), cancel);
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

                await PauseAsync(Shorter(check.Every, check.For - held), time, cancel);
                continue;
            }

            holdsSince = null;
            var left = check.Within - time.GetElapsedTime(began);
            if (left <= TimeSpan.Zero)
            {
                return (check.Within > TimeSpan.Zero ? verdict with { Observed = $"{verdict.Observed} (after {asked} questions)" } : verdict, asked);
            }

            await PauseAsync(Shorter(check.Every, left), time, cancel);
        }
    }

    private static async Task PauseAsync(TimeSpan pause, TimeProvider time, CancellationToken cancel)
    {
        try
        {
            await Task.Delay(pause, time, cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The loop asks once more and sees it.
        }
    }

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
