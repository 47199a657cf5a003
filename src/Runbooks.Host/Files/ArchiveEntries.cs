using System.Formats.Tar;
using Runbooks.Engine.Ports;

namespace Runbooks.Host.Files;

/// <summary>Puts files, folders and links into an archive. Their names are their absolute paths without the first slash, as <c>tar</c> does it.</summary>
internal static class ArchiveEntries
{
    private const UnixFileMode Everything = (UnixFileMode)0b111_111_111;

    /// <returns>Why it is not in the archive as it is; null when it is.</returns>
    public static string? Add(TarWriter tar, ArchiveSource source, ArchiveContents contents, CancellationToken cancel)
    {
        switch (source.Kind)
        {
            case ArchivedKind.Folder:
                Add(tar, Entry(TarEntryType.Directory, source.Path, Path.TrimEndingDirectorySeparator(NameOf(source.Path)) + "/"), contents);
                return null;
            case ArchivedKind.Link:
                var link = Entry(TarEntryType.SymbolicLink, source.Path, NameOf(source.Path));
                link.LinkName = new FileInfo(source.Path).LinkTarget ?? "";
                Add(tar, link, contents);
                return null;
            default:
                return AddFile(tar, source.Path, contents, cancel);
        }
    }

    public static string NameOf(string path) => path.TrimStart('/');

    private static string? AddFile(TarWriter tar, string path, ArchiveContents contents, CancellationToken cancel)
    {
        var entry = Entry(TarEntryType.RegularFile, path, NameOf(path));
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        var length = file.Length;
        using var content = new MeasuredStream(file, cancel, length);
        entry.DataStream = content;
        tar.WriteEntry(entry);
        var now = new FileInfo(path);
        if (content.Passed != length || file.Length != length || !now.Exists || new DateTimeOffset(now.LastWriteTimeUtc) != entry.ModificationTime)
        {
            return "it was changed while it was read: stop what writes to it first";
        }

        contents.Add(entry, length, content.HexDigest());
        return null;
    }

    private static void Add(TarWriter tar, PaxTarEntry entry, ArchiveContents contents)
    {
        tar.WriteEntry(entry);
        contents.Add(entry, 0, "");
    }

    private static PaxTarEntry Entry(TarEntryType type, string path, string name)
    {
        FileSystemInfo seen = type == TarEntryType.Directory ? new DirectoryInfo(path) : new FileInfo(path);
        var entry = new PaxTarEntry(type, name) { ModificationTime = new DateTimeOffset(seen.LastWriteTimeUtc) };
        if (!OperatingSystem.IsWindows())
        {
            // A link has no mode of its own, and what the runtime says of it is none that an archive takes.
            entry.Mode = type == TarEntryType.SymbolicLink ? Everything : seen.UnixFileMode;
        }

        if (NativeFiles.OwnerOfEntry(path) is { } owner)
        {
            (entry.Uid, entry.Gid) = ((int)owner.User, (int)owner.Group);
        }

        return entry;
    }
}
