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
            (verdict, asked) = await Questions.UntilSettledAsync(check, question, () => run.CheckContext, cancel);
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
        var completed = run.Planner.Complete(run.Plan, check, run.Scopes.Of(check.Part), secrets);
        run.Hide(secrets);
        return completed.Value?.Question is { IsKnown: true } question
            ? (question, Verdict.Unknown(""))
            : (null, Verdict.Unknown(completed.Diagnostics.Select(d => d.Message).FirstOrDefault() ?? "it depends on the output of a step that has none"));
    }
}
