using System.Collections.Immutable;
using Runbooks.Advisor.Assessing.Readings;
using Runbooks.Advisor.Situations;

namespace Runbooks.Advisor.Assessing.Rules;

/// <summary>Which rollbacks were run in this trouble already, and did not lead back. What was tried before a release was seen to be well was in another trouble.</summary>
internal static class TriedRollbacks
{
    public static void Apply(Draft draft)
    {
        if (draft.Get<PastRunsReading>() is not { Tries: { } tries } past)
        {
            return;
        }

        var well = draft.Get<ReleasesReading>()?.History.Releases.Max(r => r.LastHeldAt);
        var counted = tries.Where(t => well is null || t.StartedAt > well).ToList();
        draft.Facts = draft.Facts with { Tried = [.. counted.Select(t => Of(draft, t))] };
        foreach (var tried in draft.Facts.Tried ?? [])
        {
            draft.Tell(FactKeys.Tried, $"runbook runs show {tried.Run}", past.At, $"{tried.What} ended as {FactWords.Of(FactWords.TriedEnds, tried.End)}{(tried.Why.Length > 0 ? $": {tried.Why}" : "")}");
        }

        if (draft.Facts.CauseInRelease == Answer.Yes && counted.Find(t => t.SawItIll) is { } ill)
        {
            draft.Facts = draft.Facts with { CauseInRelease = Answer.Unknown };
            draft.TellUnknown(FactKeys.CauseInRelease, $"runbook runs show {ill.Run}", past.At, $"what {ill.Playbook} had put back in run {ill.Run} was not well either");
        }
    }

    /// <summary>A value that may be shown nowhere is left out: then it is not known.</summary>
    private static TriedRollback Of(Draft draft, PastTry tried) =>
        new(tried.Playbook, tried.Run, tried.End, tried.Target.Where(t => !draft.Hides(t.Value)).ToImmutableSortedDictionary(StringComparer.Ordinal)) { Why = draft.Shown(tried.Why) };
}
