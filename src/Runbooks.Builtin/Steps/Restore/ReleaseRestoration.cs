using Runbooks.Builtin.Releases;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Releases;

namespace Runbooks.Builtin.Steps.Restore;

/// <summary>Gives a file the bytes that were kept with a release. Only what the record proves is used: the chain up to the release, and bytes that have the SHA-256 on record.</summary>
internal static class ReleaseRestoration
{
    public static async Task<ActionOutcome> RunAsync(ReleaseTarget target, StepContext context, CancellationToken cancel)
    {
        var (store, files) = (context.Backups.Store, context.Ports.Files);
        var (content, unread) = ReleaseFiles.Read(store, files);
        if (content is null)
        {
            return RestoredBytes.Untouched($"the releases cannot be read: {unread}");
        }

        // What comes after the place could change which release is meant.
        if (content is { IsAltered: true, Break: { } broken })
        {
            return RestoredBytes.Untouched($"the record of the releases was altered (line {broken.LineNumber}: {broken.Problem}): no release is believed");
        }

        var (history, unclear) = await HistoryAsync(ReleaseHistory.Of(content), target, context, cancel);
        if (history is null)
        {
            return RestoredBytes.Untouched(unclear);
        }

        var (found, none) = history.Find(target.Release.Reveal());
        if (found is null)
        {
            return RestoredBytes.Untouched(none);
        }

        var (id, kept) = (found.Release.Id, found.Release.Files.FirstOrDefault(f => Path.GetFullPath(f.Path, context.ProjectDirectory) == target.Path));
        if (kept is not { IsKept: true, Sha256: { } sha256 })
        {
            return RestoredBytes.Untouched(kept is null
                ? $"release {id} has no {target.Shown}: it has {(found.Release.Files.IsEmpty ? "no files" : string.Join(", ", found.Release.Files.Select(f => f.Path)))}"
                : $"{target.Shown} was not kept with release {id}: {kept.Why}");
        }

        var (bytes, problem) = ReleaseFiles.Kept(store, sha256, files);
        return bytes is null ? RestoredBytes.Untouched(problem) : await new RestoredBytes(target.To, target.ShownTo, bytes).WriteAsync($"release {id}", context, cancel);
    }

    /// <summary>What is previous depends on what is deployed, which can be something that nobody recorded.</summary>
    /// <returns>Null when that cannot be told, with the reason.</returns>
    private static async Task<(ReleaseHistory? History, string Problem)> HistoryAsync(ReleaseHistory history, ReleaseTarget target, StepContext context, CancellationToken cancel)
    {
        if (target.Release.Reveal() != ReleaseHistory.PreviousWord || history.Current is not { } current)
        {
            return (history, "");
        }

        string? Recorded(ReleaseState? release) => release?.Release.Files.FirstOrDefault(f => Path.GetFullPath(f.Path, context.ProjectDirectory) == target.Path)?.Sha256;

        // Bytes that the current release does not have were put there by somebody, unless it was this step, some time before.
        var there = context.Ports.Files.Digest(target.Path, cancel).Sha256;
        if (Recorded(current) is { } recorded && there != recorded)
        {
            return (history with { IsCurrentDeployed = there is not null && there == Recorded(history.Before(current).Previous) }, "");
        }

        var (isDeployed, why) = await DeployedRelease.LookAsync(current.Release, context.Ports.Docker, cancel);
        return isDeployed is null
            ? (null, $"which release is the previous one cannot be told, because it cannot be told whether {current.Release.Id} is deployed: {why}; name the release by its id")
            : (history with { IsCurrentDeployed = isDeployed }, "");
    }
}
