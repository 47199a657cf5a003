using Runbooks.Builtin.Phrasing;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Ports;

namespace Runbooks.Builtin.Steps.Restore;

/// <summary>Puts files and folders back, byte for byte, after it has saved what stands in their place.</summary>
internal static class FilesRestoration
{
    public static async Task<ActionOutcome> RunAsync(FilesTarget target, string from, StepContext context, CancellationToken cancel)
    {
        var archives = context.Ports.Archives;
        var found = archives.Compare(from, target.Into, cancel);
        if (found.Problem is not null)
        {
            return Untouched($"{from} cannot be restored: {found.Problem}");
        }

        if (found.Entries.FirstOrDefault(e => e.There == FoundThere.SomethingElse) is { } obstacle)
        {
            return Untouched($"{obstacle.Path} is no {obstacle.Kind.ToString().ToLowerInvariant()} as in the backup: it is in the way");
        }

        var wanted = found.Entries.Where(e => e.There != FoundThere.Same).ToList();
        if (wanted.Count == 0)
        {
            return new ActionOutcome { Changed = false, Untouched = true, Observed = $"{Phrases.Count(found.Entries.Length, "entry", "entries")}: all is already as in the backup" };
        }

        if (await KeptAsync(wanted, context, cancel) is { } problem)
        {
            return Untouched(problem);
        }

        var made = Phrases.And(Phrased(wanted));
        if (archives.Unpack(from, target.Into, wanted.Select(e => e.Path).ToHashSet(StringComparer.Ordinal), cancel) is { } broken)
        {
            return ActionOutcome.Failed($"not all of it was put back: {broken}");
        }

        var now = archives.Compare(from, target.Into, cancel);
        return now.Problem is null && now.Entries.FirstOrDefault(e => e.There != FoundThere.Same) is { } different ? ActionOutcome.Failed($"{different.Path} is not as in the backup after it was written")
            : now.Problem is { } unread ? ActionOutcome.Failed($"what was put back cannot be compared: {unread}")
            : ActionOutcome.Done($"{made}, compared with the backup") with { Notes = [.. Notes(wanted)] };
    }

    /// <summary>Saves every file that will be overwritten, before the first of them is.</summary>
    private static async Task<string?> KeptAsync(List<ArchivedEntry> wanted, StepContext context, CancellationToken cancel)
    {
        foreach (var file in wanted.Where(e => e.Kind == ArchivedKind.File))
        {
            cancel.ThrowIfCancellationRequested();
            if (file.There == FoundThere.Nothing)
            {
                await context.KeepAsync(file.Path, null, file.Sha256, cancel);
                continue;
            }

            var read = context.Ports.Files.Read(file.Path);
            if (read.Bytes is not { } now)
            {
                return $"{file.Path} cannot be saved before it is overwritten: {read.Problem}; restore 'into' another folder, or move it away";
            }

            await context.KeepAsync(file.Path, now, file.Sha256, cancel);
        }

        return null;
    }

    private static IEnumerable<string> Phrased(List<ArchivedEntry> wanted)
    {
        var (over, made, others) = (wanted.Count(e => e.There == FoundThere.OtherBytes), wanted.Count(e => e.Kind == ArchivedKind.File && e.There == FoundThere.Nothing), wanted.Count(e => e.Kind != ArchivedKind.File));
        return ((int Count, string Noun)[])[(over, "file put back"), (made, "file made"), (others, "folder or link made")] is var parts
            ? parts.Where(p => p.Count > 0).Select(p => p.Count == 1 ? $"1 {p.Noun}" : $"{p.Count} {p.Noun.Replace("file ", "files ", StringComparison.Ordinal).Replace("folder or link", "folders and links", StringComparison.Ordinal)}")
            : [];
    }

    private static IEnumerable<string> Notes(List<ArchivedEntry> wanted)
    {
        var left = wanted.Count(e => e.Kind != ArchivedKind.File);
        return left == 0 ? [] : [$"{Phrases.Count(left, "folder or link was", "folders and links were")} made, which an undo leaves"];
    }

    private static ActionOutcome Untouched(string failure) => ActionOutcome.Failed(failure) with { Untouched = true, Changed = false };
}
