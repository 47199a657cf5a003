using System.Globalization;
using Runbooks.Advisor.Assessing.Readings;
using Runbooks.Advisor.Situations;

namespace Runbooks.Advisor.Assessing.Rules;

/// <summary>What the machine, its disks and others on it have to do with it.</summary>
internal static class HostTroubles
{
    private const long FewBytes = 100L << 20;
    private const double SmallShare = 0.01;

    public static void Apply(Draft draft)
    {
        Space(draft);
        Actors(draft);
        Git(draft);
    }

    private static void Space(Draft draft)
    {
        var spaces = draft.Readings.OfType<SpaceReading>().ToList();
        foreach (var space in spaces)
        {
            draft.Tell(FactKeys.DiskFull, space, $"{Size(space.Free)} of {Size(space.Total)} free for {space.What}", IsFull(space) ? "the disk is full" : "");
        }

        var logs = draft.Readings.OfType<LogsReading>().Where(l => l.SaysDiskFull).ToList();
        foreach (var log in logs)
        {
            draft.Tell(FactKeys.DiskFull, log, "its log says that there is no space left", "a disk that it writes to is full, or was");
        }

        var full = spaces.Exists(IsFull);
        if (logs.Count > 0 && !full && spaces.Count > 0)
        {
            draft.Contradict("a log says that there is no space left, and the disks that were looked at have some: it may be another volume, a quota, or over by now");
        }

        draft.Facts = draft.Facts with
        {
            // Both have to be known to say that there is space.
            DiskFull = full ? Answer.Yes : logs.Count > 0 || spaces.Count < 2 ? Answer.Unknown : Answer.No,
        };
    }

    private static bool IsFull(SpaceReading space) => space.Free < FewBytes || space.Free < space.Total * SmallShare;

    private static void Actors(Draft draft)
    {
        var looked = draft.Readings.OfType<ActorsReading>().ToList();
        foreach (var place in looked)
        {
            foreach (var found in place.Found)
            {
                draft.Tell(FactKeys.OtherActors, place, found, "it may bring the failed release back: stop it before a rollback");
            }

            foreach (var near in place.Near)
            {
                draft.Tell(FactKeys.OtherActors, place, near, "it works on containers: look whether it gets in the way");
            }
        }

        if (looked.Exists(p => !p.Found.IsEmpty))
        {
            draft.Facts = draft.Facts with { OtherActors = Answer.Yes };
        }
        else if (looked.Count > 0)
        {
            // A deployment that waits in a queue elsewhere is not seen from here.
            draft.TellUnknown(FactKeys.OtherActors, string.Join(", ", looked.Select(l => l.Source)), looked.Max(l => l.At), "nobody was found here; whether a deployment waits in continuous integration cannot be seen from here");
        }
    }

    private static void Git(Draft draft)
    {
        if (draft.Get<GitReading>() is not { } git)
        {
            return;
        }

        if (draft.Good is null)
        {
            foreach (var commit in git.Log)
            {
                draft.Tell(FactKeys.Changes, git, commit, "a commit; whether it was deployed is on no record");
            }

            if (!git.SinceLast.IsEmpty)
            {
                draft.Tell(FactKeys.Changes, git, $"the last commit changed {string.Join(", ", git.SinceLast)}", "a suggestion and no more: nobody recorded that the commit before was deployed, or well. 'runbook changes HEAD~1..HEAD' says what it means");
            }
        }

        if (git.Dirty is not { } dirty)
        {
            return;
        }

        draft.Facts = draft.Facts with { GitDirty = dirty.IsEmpty ? Answer.No : Answer.Yes };
        draft.Tell(FactKeys.GitDirty, git, dirty.IsEmpty ? "everything is in a commit" : $"not committed: {string.Join(", ", dirty.Take(5).Select(d => d.Trim()))}{(dirty.Length > 5 ? string.Create(CultureInfo.InvariantCulture, $" and {dirty.Length - 5} more") : "")}",
            dirty.IsEmpty ? "" : "what is deployed may be in no commit");
    }

    private static string Size(long bytes) => bytes >= 1L << 30
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 30):0.#} GiB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 20):0.#} MiB");
}
