using System.Formats.Tar;
using Runbooks.Engine.Hashing;
using Runbooks.Engine.Ports;

namespace Runbooks.Host.Files;

/// <summary>Where entries of an archive belong, and what stands there.</summary>
internal static class ArchiveTargets
{
    /// <param name="links">The links of the archive so far: nothing may lie below one.</param>
    /// <returns>The absolute path, or why there is none. An archive is never trusted to stay below its folder.</returns>
    public static (string? Target, string? Problem) Of(TarEntry entry, string into, List<string> links)
    {
        var name = entry.Name.TrimEnd('/');
        if (name.Length == 0 || name.Split('/').Any(part => part is "" or "." or "..") || KindOf(entry) == ArchivedKind.Other)
        {
            return (null, $"its entry '{entry.Name}' cannot be put back");
        }

        var target = Path.Combine(into, name);
        if (links.Find(l => target.StartsWith($"{l}/", StringComparison.Ordinal)) is { } link)
        {
            return (null, $"its entry '{entry.Name}' lies below the link {link}");
        }

        if (KindOf(entry) == ArchivedKind.Link)
        {
            links.Add(target);
        }

        return (target, null);
    }

    public static ArchivedKind KindOf(TarEntry entry) => entry.EntryType switch
    {
        TarEntryType.RegularFile or TarEntryType.V7RegularFile => ArchivedKind.File,
        TarEntryType.Directory => ArchivedKind.Folder,
        TarEntryType.SymbolicLink => ArchivedKind.Link,
        _ => ArchivedKind.Other,
    };

    /// <param name="sha256">Of its bytes; empty when it has none.</param>
    public static ArchivedEntry Found(TarEntry entry, string target, string sha256, CancellationToken cancel)
    {
        var kind = KindOf(entry);
        var digest = kind != ArchivedKind.File ? "" : sha256.Length == 0 ? Sha256.OfNothing : sha256;
        return new ArchivedEntry(target, kind, digest, There(entry, target, kind, digest, cancel));
    }

    private static FoundThere There(TarEntry entry, string target, ArchivedKind kind, string sha256, CancellationToken cancel)
    {
        var seen = ArchiveSources.KindOf(target, out var problem);
        if (seen == ArchivedKind.Other)
        {
            return problem == Errno.Sentence(Errno.NoEntry) ? FoundThere.Nothing : FoundThere.SomethingElse;
        }

        return seen != kind ? FoundThere.SomethingElse : kind switch
        {
            ArchivedKind.Folder => FoundThere.Same,
            ArchivedKind.Link => new FileInfo(target).LinkTarget == entry.LinkName ? FoundThere.Same : FoundThere.SomethingElse,
            _ => DigestOf(target, cancel) == sha256 ? FoundThere.Same : FoundThere.OtherBytes,
        };
    }

    private static string DigestOf(string path, CancellationToken cancel)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        using var measured = new MeasuredStream(file, cancel);
        measured.ReadToEnd();
        return measured.HexDigest();
    }
}
