using Runbooks.Engine.Ports;

namespace Runbooks.Host.Files;

/// <summary>Walks over what goes into an archive: every folder before what is in it, names in ordinal order.</summary>
/// <param name="leftOut">Absolute; neither these nor what is below them.</param>
internal sealed class ArchiveSources(IReadOnlyList<string> sources, IReadOnlyList<string> leftOut)
{
    public IEnumerable<ArchiveSource> All() => sources.SelectMany(Below);

    private IEnumerable<ArchiveSource> Below(string path)
    {
        if (leftOut.Contains(path, StringComparer.Ordinal))
        {
            yield break;
        }

        var source = new ArchiveSource(path, KindOf(path, out var problem), problem);
        yield return source;
        if (source.Kind != ArchivedKind.Folder)
        {
            yield break;
        }

        foreach (var name in NamesIn(path, out problem))
        {
            foreach (var below in Below(Path.Combine(path, name)))
            {
                yield return below;
            }
        }

        if (problem is not null)
        {
            yield return source with { Problem = problem };
        }
    }

    /// <summary>What is at a path itself, be it a link.</summary>
    public static ArchivedKind KindOf(string path, out string? problem)
    {
        problem = null;
        try
        {
            var attributes = File.GetAttributes(path);
            if (attributes.HasFlag(FileAttributes.ReparsePoint))
            {
                return ArchivedKind.Link;
            }

            if (attributes.HasFlag(FileAttributes.Directory))
            {
                return ArchivedKind.Folder;
            }

            if (NativeFiles.KindOf(path) is null or NativeFiles.RegularFile)
            {
                return ArchivedKind.File;
            }

            problem = "it is a socket, a pipe or a device, which cannot be put back";
        }
        catch (Exception e) when (Errno.Sentence(e) is { } sentence)
        {
            problem = sentence;
        }

        return ArchivedKind.Other;
    }

    private static IReadOnlyList<string> NamesIn(string folder, out string? problem)
    {
        try
        {
            problem = null;
            return [.. Directory.EnumerateFileSystemEntries(folder).Select(p => Path.GetFileName(p)).Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (Errno.Sentence(e) is { } sentence)
        {
            problem = sentence;
            return [];
        }
    }
}

/// <param name="Problem">Why it cannot be taken in; null when it can.</param>
internal sealed record ArchiveSource(string Path, ArchivedKind Kind, string? Problem);
