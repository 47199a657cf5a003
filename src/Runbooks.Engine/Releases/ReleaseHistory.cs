using System.Collections.Immutable;
using Runbooks.Engine.Kinds;

namespace Runbooks.Engine.Releases;

public enum ReleaseStanding
{
    /// <summary>Recorded, and never verified to be well.</summary>
    Candidate,

    /// <summary>Was verified to be well.</summary>
    Good,

    /// <summary>Somebody said that it is bad, whatever was verified before.</summary>
    Bad,
}

/// <summary>A release with what became of it.</summary>
public sealed record ReleaseState(Release Release, DateTimeOffset RecordedAt, ReleaseAuthor By, string Reason)
{
    public ReleaseStanding Standing { get; init; }

    /// <summary>When it was first verified to be well; null when it never was.</summary>
    public DateTimeOffset? VerifiedAt { get; init; }

    /// <summary>When it was last verified to be well; null when it never was.</summary>
    public DateTimeOffset? LastHeldAt { get; init; }

    /// <summary>The last verification; null when there was none.</summary>
    public ReleaseVerified? LastVerified { get; init; }

    /// <summary>Why it is bad; null when it is not.</summary>
    public ReleaseCondemned? Condemned { get; init; }

    /// <summary>What keeps its images, as last recorded.</summary>
    public ImmutableArray<ImageAnchor> Anchors { get; init; } = [];
}

/// <summary>A candidate for the way back that was passed over, and why.</summary>
public sealed record SkippedRelease(string Id, string Why);

/// <param name="Previous">Null when there is none.</param>
/// <param name="Skipped">Those between it and the current one, newest first.</param>
public sealed record PreviousRelease(ReleaseState? Previous, ImmutableArray<SkippedRelease> Skipped);

/// <summary>The fold over the journal of releases: the one source of what is shown and chosen.</summary>
/// <param name="Releases">Oldest first.</param>
public sealed record ReleaseHistory(ImmutableArray<ReleaseState> Releases)
{
    /// <summary>What stands for the release before the current one that was verified.</summary>
    public const string PreviousWord = "previous";

    /// <summary>What stands for the release that was recorded last.</summary>
    public const string CurrentWord = "current";

    /// <summary>The one that was recorded last: what is deployed, as far as the record goes.</summary>
    public ReleaseState? Current => Releases.IsEmpty ? null : Releases[^1];

    /// <summary>Whether <see cref="Current"/> is what is deployed; null when nobody looked, or it could not be told.</summary>
    public bool? IsCurrentDeployed { get; init; }

    public static ReleaseHistory Of(ReleaseContent content)
    {
        var order = new List<string>();
        var states = new Dictionary<string, ReleaseState>(StringComparer.Ordinal);
        foreach (var line in content.Lines)
        {
            if (line.Event is ReleaseRecorded recorded)
            {
                if (states.TryAdd(recorded.Release, new ReleaseState(recorded.State, line.Time, recorded.By, recorded.Reason)))
                {
                    order.Add(recorded.Release);
                }
            }
            else if (states.TryGetValue(line.Event.Release, out var state))
            {
                states[line.Event.Release] = Apply(state, line);
            }
        }

        return new ReleaseHistory([.. order.Select(id => states[id])]);
    }

    /// <summary>A release by its id or the beginning of it, or by one of the two words.</summary>
    /// <returns>The release, or why it is none.</returns>
    public (ReleaseState? Release, string Problem) Find(string word)
    {
        if (Releases.IsEmpty)
        {
            return (null, "no release is on record: 'runbook release record' puts what is deployed on record");
        }

        switch (word)
        {
            case CurrentWord:
                return (Current, "");
            case PreviousWord:
                var (previous, skipped) = Previous();
                return previous is not null ? (previous, "")
                    : (null, $"no release before the current one was verified{(skipped.IsEmpty ? "" : $": {string.Join("; ", skipped.Select(s => $"{s.Id} {s.Why}"))}")}");
        }

        var found = Releases.Where(r => r.Release.Id == word).ToList();
        found = found.Count > 0 ? found : [.. Releases.Where(r => word.Length > 0 && r.Release.Id.StartsWith(word, StringComparison.OrdinalIgnoreCase))];
        return found.Count switch
        {
            1 => (found[0], ""),
            0 => (null, $"there is no release '{word}'; the last one is {Releases[^1].Release.Id}"),
            _ => (null, $"'{word}' fits {found.Count} releases: {string.Join(", ", found.TakeLast(5).Select(r => r.Release.Id))}"),
        };
    }

    /// <summary>The last release that was verified to be well before what is deployed. Never simply the one before; and the current one, when something was deployed after it that nobody recorded.</summary>
    public PreviousRelease Previous() => Current is not { } current ? new PreviousRelease(null, [])
        : IsCurrentDeployed == false ? From(Releases.Length - 1, null)
        : Before(current);

    /// <summary>The last release that was verified to be well before another one was recorded.</summary>
    public PreviousRelease Before(ReleaseState release) => From(Releases.IndexOf(release) - 1, release);

    /// <param name="deployed">What is deployed; null when it is on no record.</param>
    private PreviousRelease From(int index, ReleaseState? deployed)
    {
        var skipped = ImmutableArray.CreateBuilder<SkippedRelease>();
        for (var i = index; i >= 0; i--)
        {
            if (WhySkipped(Releases[i], deployed) is not { } why)
            {
                return new PreviousRelease(Releases[i], skipped.ToImmutable());
            }

            skipped.Add(new SkippedRelease(Releases[i].Release.Id, why));
        }

        return new PreviousRelease(null, skipped.ToImmutable());
    }

    private static string? WhySkipped(ReleaseState candidate, ReleaseState? from) => candidate switch
    {
        { Standing: ReleaseStanding.Bad } => $"is bad: {candidate.Condemned?.Reason}",
        { Standing: ReleaseStanding.Candidate, LastVerified: null } => "was never verified",
        { Standing: ReleaseStanding.Candidate, LastVerified.Verdict: VerdictKind.Unknown } => "could not be verified",
        { Standing: ReleaseStanding.Candidate } => "was verified not to be well",
        _ when from is null => null,
        _ when candidate.Release.Project != from.Release.Project => $"is of another project, {candidate.Release.Project}",
        _ when ReleaseDiff.Of(candidate.Release, from.Release).IsEmpty => "is the same as what is deployed",
        _ => null,
    };

    private static ReleaseState Apply(ReleaseState state, ReleaseLine line) => line.Event switch
    {
        ReleaseVerified verified => state with
        {
            LastVerified = verified,
            VerifiedAt = verified.Verdict == VerdictKind.Holds ? state.VerifiedAt ?? line.Time : state.VerifiedAt,
            LastHeldAt = verified.Verdict == VerdictKind.Holds ? line.Time : state.LastHeldAt,
            Standing = verified.Verdict == VerdictKind.Holds && state.Standing == ReleaseStanding.Candidate ? ReleaseStanding.Good : state.Standing,
        },
        ReleaseCondemned condemned => state with { Condemned = state.Condemned ?? condemned, Standing = ReleaseStanding.Bad },
        ReleaseAnchored anchored => state with { Anchors = anchored.Anchors },
        _ => state,
    };
}
