using System.Collections.Immutable;
using System.Globalization;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Releases;

namespace Runbooks.Advisor.Readiness;

/// <summary>Which release would be gone back to, and whether somebody knows that it was well.</summary>
/// <param name="Release">Null when there is none.</param>
public sealed record TargetJudgement(ReleaseState? Release, ReadyAnswer Answer)
{
    private static readonly ReadyFix Record = new("put what is deployed on record", "runbook release record");
    private static readonly ReadyFix Verify = new("ask the project's checks of it", "runbook release verify");

    /// <param name="journal">For people: where the record is.</param>
    /// <param name="history">With what the engine says of its last release.</param>
    /// <param name="notDeployed">Why the last release is not what is deployed, or why that cannot be told; empty when it is.</param>
    /// <param name="wanted">A release by its id, or one of the words for it.</param>
    public static TargetJudgement Of(string journal, ReleaseHistory history, string notDeployed, string wanted)
    {
        if (history.Current is not { } current)
        {
            return None(ReadyAnswer.NotReady("no release is on record", Record, Verify) with { Seen = [new Sighting(journal, "it holds no release")] });
        }

        if (wanted is ReleaseHistory.PreviousWord or ReleaseHistory.CurrentWord && history.IsCurrentDeployed is null)
        {
            return None(ReadyAnswer.Unknown($"which release is deployed cannot be told: {notDeployed}", new ReadyFix("see what runs, and whether it is the right engine that is asked", "docker compose ps --all")) with { Seen = [Seen(journal, current)] });
        }

        if (wanted == ReleaseHistory.CurrentWord && history.IsCurrentDeployed == false)
        {
            return None(ReadyAnswer.NotReady($"what is deployed is on no record: {notDeployed}", Record, Verify) with { Seen = [Seen(journal, current)] });
        }

        var skipped = wanted == ReleaseHistory.PreviousWord ? history.Previous().Skipped : [];
        ImmutableArray<Sighting> seen = [Seen(journal, current), .. skipped.Select(s => new Sighting(journal, $"release {s.Id} {s.Why}"))];
        var (found, problem) = history.Find(wanted);
        if (found is null)
        {
            return None(wanted == ReleaseHistory.PreviousWord
                ? ReadyAnswer.NotReady("no release before what is deployed was verified", new ReadyFix("verify what is deployed now: it is what the next deployment can be taken back to", "runbook release verify"), new ReadyFix("ask about that: whether one could come back to what is deployed now", "runbook ready --to current")) with { Seen = seen }
                : ReadyAnswer.NotReady(problem, new ReadyFix("see which releases there are", "runbook release list")) with { Seen = seen });
        }

        return new TargetJudgement(found, Judge(found) with { Seen = [.. seen.Append(Seen(journal, found)).Distinct(), .. found.Release.Unknown.Select(u => new Sighting(journal, $"unknown of release {found.Release.Id}: {u}"))] });
    }

    private static ReadyAnswer Judge(ReleaseState release)
    {
        var id = release.Release.Id;
        return release switch
        {
            { Standing: ReleaseStanding.Bad } => ReadyAnswer.NotReady($"release {id} is bad: {release.Condemned?.Reason}", new ReadyFix("see which one was well", "runbook release list")),
            { Standing: ReleaseStanding.Candidate } => ReadyAnswer.NotReady($"release {id} was never verified to be well", new ReadyFix("ask the project's checks of it while it is deployed", $"runbook release verify {id}")),
            { LastVerified: { Verdict: not VerdictKind.Holds } last } => ReadyAnswer.NotReady(
                $"release {id} was well on {Time(release.VerifiedAt)}, and {(last.Verdict == VerdictKind.Unknown ? "could not be verified" : "was not")} when it was asked again",
                new ReadyFix("see what did not hold", $"runbook release show {id}")),
            _ => ReadyAnswer.Ready($"release {id}, verified {Time(release.VerifiedAt)}"),
        };
    }

    private static TargetJudgement None(ReadyAnswer answer) => new(null, answer);

    private static Sighting Seen(string journal, ReleaseState release) =>
        new(journal, $"release {release.Release.Id}: {release.Standing.ToString().ToLowerInvariant()}, recorded {Time(release.RecordedAt)}{(release.VerifiedAt is { } at ? $", verified {Time(at)}" : "")}");

    internal static string Time(DateTimeOffset? at) => at is { } time ? string.Create(CultureInfo.InvariantCulture, $"{time.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z") : "at no time";
}
