using System.Formats.Tar;
using Runbooks.Engine.Ports;

namespace Runbooks.Host.Files;

/// <summary>Writes entries of archives.</summary>
internal static class ArchiveUnpacking
{
    /// <returns>Why it was not written; null when it was.</returns>
    public static string? Write(TarEntry entry, string target, MeasuredStream? content)
    {
        try
        {
            switch (ArchiveTargets.KindOf(entry))
            {
                case ArchivedKind.Folder:
                    FileReplacement.MakeFolder(target);
                    KeepMode(target, entry);
                    return null;
                case ArchivedKind.Link:
                    FileReplacement.MakeFolder(Path.GetDirectoryName(target) ?? "/");
                    File.CreateSymbolicLink(target, entry.LinkName);
                    return null;
                default:
                    FileReplacement.MakeFolder(Path.GetDirectoryName(target) ?? "/");
                    return FileReplacement.Put(target, stream => Fill(stream, entry, content), beside => Finish(beside, entry));
            }
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException and not EndOfStreamException)
        {
            return $"{target}: {Errno.Sentence(e)}";
        }
    }

    private static void Fill(FileStream stream, TarEntry entry, MeasuredStream? content)
    {
        content?.CopyTo(stream);

        // Only root may give files away; for others the file is theirs, as with tar.
        if (!OperatingSystem.IsWindows() && NativeFiles.EffectiveUser == 0)
        {
            _ = NativeFiles.ChangeOwner(stream.SafeFileHandle, new NativeFiles.Owner((uint)entry.Uid, (uint)entry.Gid));
        }
    }

    private static void Finish(string path, TarEntry entry)
    {
        KeepMode(path, entry);
        File.SetLastWriteTimeUtc(path, entry.ModificationTime.UtcDateTime);
    }

    private static void KeepMode(string path, TarEntry entry)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, entry.Mode);
        }
    }
}
