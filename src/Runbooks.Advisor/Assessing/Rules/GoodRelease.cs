using Runbooks.Advisor.Assessing.Readings;
using Runbooks.Advisor.Situations;
using Runbooks.Engine.Releases;

namespace Runbooks.Advisor.Assessing.Rules;

/// <summary>Which release everything is compared with: the last one that was verified to be well and is not simply what runs. Nothing else is taken for it.</summary>
internal static class GoodRelease
{
    public static void Apply(Draft draft)
    {
        if (draft.Get<ReleasesReading>() is not { } record)
        {
            return;
        }

        var history = record.History;
        if (history.Current is not { } current)
        {
            draft.TellUnknown(FactKeys.PreviousReleaseAvailable, record.Source, record.At, "no release is on record, so that nobody knows what was well: 'runbook release record' and 'runbook release verify' after each deployment");
            return;
        }

        if (draft.Get<RunningReading>() is not { } running || (running.Running.Services.IsEmpty && !draft.IsTakenDown))
        {
            var why = draft.Get<RunningReading>() is null ? "what runs is not known, so that it cannot be said which release is the previous one" : "nothing of the project runs or is there";
            draft.TellUnknown(FactKeys.PreviousReleaseAvailable, record.Source, record.At, why);
            return;
        }

        var isCurrent = IsDeployed(current.Release, running.Running, draft.Get<FilesReading>()?.Files);
        var (good, skipped) = isCurrent && current.Standing == ReleaseStanding.Good ? new PreviousRelease(current, []) : (history with { IsCurrentDeployed = isCurrent }).Previous();
        foreach (var other in skipped)
        {
            draft.Tell(FactKeys.PreviousReleaseAvailable, record, $"release {other.Id} {other.Why}", "passed over");
        }

        if (good is null)
        {
            // One that nobody verified may have been well; one that was asked and was not, is none.
            var isCertain = skipped.Length == history.Releases.Length && history.Releases.All(r => r.Standing == ReleaseStanding.Bad || r.LastVerified?.Verdict == Engine.Kinds.VerdictKind.DoesNotHold);
            draft.Facts = draft.Facts with { PreviousReleaseAvailable = isCertain ? Answer.No : Answer.Unknown };
            draft.TellUnknown(FactKeys.PreviousReleaseAvailable, record.Source, record.At, "no release before what runs was verified to be well");
            return;
        }

        draft.Good = good;
        draft.Facts = draft.Facts with { PreviousReleaseAvailable = Answer.Yes };
        draft.Tell(FactKeys.PreviousReleaseAvailable, record, $"release {good.Release.Id}, verified to be well at {Times.Shown(good.VerifiedAt)}", isCurrent && good == current ? "it is what runs now" : "the last one that was");
        if (!isCurrent)
        {
            draft.Tell(FactKeys.Changes, record, $"release {current.Release.Id} is the last one on record, and not what runs", "something was deployed after it that nobody recorded");
        }
    }

    /// <summary>A service without a container is ill, and no other release; what could not be read is not compared.</summary>
    private static bool IsDeployed(Release release, Release running, Release? files)
    {
        var now = running with
        {
            Services = [.. release.Services.Where(s => running.Services.All(r => r.Name != s.Name)), .. running.Services.Select(s => s with { Ports = s.Ports.IsEmpty ? PortsOf(release, s.Name) : s.Ports })],
            Files = files?.Files ?? release.Files,
            EnvFiles = files?.EnvFiles ?? release.EnvFiles,
            Schema = release.Schema,
        };
        return ReleaseDiff.Of(release, now).All(d => d.Area is "containers" or "version");
    }

    private static System.Collections.Immutable.ImmutableArray<int> PortsOf(Release release, string service) => release.Services.FirstOrDefault(s => s.Name == service)?.Ports ?? [];
}
