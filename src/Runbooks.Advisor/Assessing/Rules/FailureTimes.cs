using Runbooks.Advisor.Assessing.Readings;
using Runbooks.Advisor.Situations;
using Runbooks.Engine.Kinds;

namespace Runbooks.Advisor.Assessing.Rules;

/// <summary>When it failed, and whether it began with the release.</summary>
internal static class FailureTimes
{
    /// <summary>What a release breaks, it breaks sooner. A leak takes longer.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromHours(6);

    public static void Apply(Draft draft)
    {
        if (draft.Get<ContainersReading>() is not { } seen || seen.Containers.IsEmpty)
        {
            return;
        }

        Events(draft);
        var changed = draft.Changed;
        var deployed = draft.Applications.Where(s => changed.IsEmpty || changed.Contains(s.Name)).Max(s => s.MadeAt);
        var ill = draft.Services.Where(s => s.Trouble is not (Trouble.None or Trouble.Starting)).ToList();
        When(draft, seen, deployed, ill);
        Cause(draft, seen, deployed, ill);
    }

    /// <summary>A container that was just started again does not say any more how it ended before.</summary>
    private static void Events(Draft draft)
    {
        foreach (var seen in draft.Readings.OfType<EventsReading>())
        {
            foreach (var group in seen.Events.Where(e => e.IsTrouble).GroupBy(e => (e.Service, e.Action, e.ExitCode)))
            {
                var what = group.Key.Action == "die" ? $"ended with exit code {group.Key.ExitCode}" : group.Key.Action == "oom" ? "was out of memory" : group.Key.Action;
                draft.Tell(FactKeys.FailureTime, seen, $"{group.Key.Service}: {what}, {(group.Count() == 1 ? "once" : $"{group.Count()} times")}, the last time at {Times.Shown(group.Max(e => e.At))}");
            }
        }
    }

    private static void When(Draft draft, ContainersReading seen, DateTimeOffset? deployed, List<ServiceSight> ill)
    {
        if (ill.Find(s => s.Trouble is Trouble.NotStarted or Trouble.Missing) is { } never)
        {
            draft.Facts = draft.Facts with { FailureTime = FailureTime.DuringDeployment };
            draft.Tell(FactKeys.FailureTime, seen, $"{never.Name}: {(never.Trouble == Trouble.Missing ? "it has no container" : "its container was made and never started")}", "the deployment did not come to its end");
            return;
        }

        var first = FirstTrouble(draft, ill, deployed);
        draft.TroubleSince = first.At;
        if (first.At is not { } at || deployed is not { } from)
        {
            draft.TellUnknown(FactKeys.FailureTime, seen.Source, seen.At, ill.Count == 0 ? "nothing that was seen says when the trouble began" : "when it began is in no state that the engine keeps");
            return;
        }

        var after = at - from;
        draft.Facts = draft.Facts with { FailureTime = after < TimeSpan.Zero ? FailureTime.Unknown : after <= Soon ? FailureTime.PostDeployment : FailureTime.Gradual };
        draft.Tell(FactKeys.FailureTime, first.Source, seen.At, $"{first.What} at {Times.Shown(at)}, {(after < TimeSpan.Zero ? $"{Times.Span(-after)} before" : $"{Times.Span(after)} after")} the containers were made",
            after < TimeSpan.Zero ? "the trouble is older than the release" : "");
    }

    private static (DateTimeOffset? At, string What, string Source) FirstTrouble(Draft draft, List<ServiceSight> ill, DateTimeOffset? deployed)
    {
        var all = new List<(DateTimeOffset? At, string What, string Source)>();
        all.AddRange(ill.Where(s => s.EndedAt is not null).Select(s => (s.EndedAt, $"{s.Name} ended", "docker container inspect: .State.FinishedAt")));
        all.AddRange(draft.Readings.OfType<EventsReading>().SelectMany(e => e.Events.Where(v => v.IsTrouble && (deployed is null || v.At >= deployed)).Select(v => ((DateTimeOffset?)v.At, $"{v.Service}: {v.Action}", e.Source))));
        all.AddRange(draft.Readings.OfType<LogsReading>().Where(l => l.FirstErrorAt is not null).Select(l => (l.FirstErrorAt, $"the first error in the log of {l.Container}", l.Source)));
        return all.OrderBy(t => t.At).FirstOrDefault((null, "", ""));
    }

    private static void Cause(Draft draft, ContainersReading seen, DateTimeOffset? deployed, List<ServiceSight> ill)
    {
        var changed = draft.Changed;
        if (changed.IsEmpty || deployed is not { } from)
        {
            return;
        }

        var others = ill.Where(s => !changed.Contains(s.Name)).ToList();
        if (others.Find(s => s.EndedAt < from && s.Trouble is Trouble.Crashed or Trouble.Ended or Trouble.CrashLoop) is { } older)
        {
            draft.Facts = draft.Facts with { CauseInRelease = Answer.No };
            draft.Tell(FactKeys.CauseInRelease, seen, $"{older.Name}, which the release did not change, has been down since {Times.Shown(older.EndedAt)}", $"{Times.Span(from - (older.EndedAt ?? from))} before the release was deployed");
            return;
        }

        if (others.Count > 0)
        {
            draft.TellUnknown(FactKeys.CauseInRelease, seen.Source, seen.At, $"{string.Join(", ", others.Select(s => s.Name))} did not change with the release, and {(others.Count > 1 ? "are" : "is")} ill too");
            return;
        }

        var addresses = draft.Readings.OfType<HttpReading>().Where(a => a.IsWell == false || (a.Status is null && a.IsDown)).ToList();
        var verified = draft.Good?.LastVerified is { Verdict: VerdictKind.Holds };
        if ((ill.Count > 0 || addresses.Exists(a => changed.Contains(a.Service))) && addresses.TrueForAll(a => changed.Contains(a.Service)) && verified)
        {
            draft.Facts = draft.Facts with { CauseInRelease = Answer.Yes };
            draft.Tell(FactKeys.CauseInRelease, seen, "only services that the release changed are ill", $"with release {draft.Good?.Release.Id} they were verified to be well");
        }
    }
}
