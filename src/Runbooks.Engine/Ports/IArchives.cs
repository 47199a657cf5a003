using System.Collections.Immutable;

namespace Runbooks.Engine.Ports;

/// <summary>Files that are written as a whole, however large: archives of files and folders, dumps. Paths are absolute. Failures are sentences for people.</summary>
public interface IArchives
{
    /// <summary>How much room an archive of files and folders takes, at most.</summary>
    /// <param name="leftOut">Files and folders that are not taken in.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    ArchiveSize Measure(IReadOnlyList<string> sources, IReadOnlyList<string> leftOut, CancellationToken cancel);

    /// <summary>
    /// Writes files and folders into a new tar archive, which only its owner can read, and flushes it. Symbolic links stay links; modes, owners and times are kept.
    /// What cannot be put back (a socket, a device) and what changes while it is read are failures.
    /// </summary>
    /// <param name="path">Its folder is made when it is missing.</param>
    /// <param name="leftOut">Files and folders that are not taken in; the archive itself never is.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    ArchiveAnswer Write(string path, IReadOnlyList<string> sources, IReadOnlyList<string> leftOut, CancellationToken cancel);

    /// <summary>Reads an archive to its end, every entry.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    ArchiveAnswer Read(string path, CancellationToken cancel);

    /// <summary>Flushes a file, gives it its name in the same folder, and flushes that.</summary>
    /// <param name="replace">A file that has the name already is replaced; else it is a failure.</param>
    /// <returns>Why it could not be done; null when it was.</returns>
    string? Finish(string partial, string path, bool replace);

    /// <summary>Removes a file, durably; nothing when there is none.</summary>
    /// <returns>Why it could not be removed; null when it is gone.</returns>
    string? Remove(string path);

    /// <summary>Reads an archive to its end and looks at what stands where its entries belong.</summary>
    /// <param name="into">Absolute folder below which they belong.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    ArchiveComparison Compare(string path, string into, CancellationToken cancel);

    /// <summary>Writes entries of an archive to where they belong: each file complete or not at all, with its mode, time and, where that is allowed, its owner.</summary>
    /// <param name="wanted">Absolute paths of the entries that are written, out of a comparison that found nothing in their way.</param>
    /// <returns>Why not all of them were written; null when they were.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    string? Unpack(string path, string into, IReadOnlySet<string> wanted, CancellationToken cancel);
}

public enum ArchivedKind
{
    /// <summary>Nothing that can be put back.</summary>
    Other,
    File,
    Folder,
    Link,
}

/// <summary>What stands where an entry of an archive belongs.</summary>
public enum FoundThere
{
    Nothing,

    /// <summary>A file with these bytes, a link to the same place, a folder.</summary>
    Same,

    /// <summary>A file with other bytes.</summary>
    OtherBytes,

    /// <summary>Something of another kind, or a link to another place.</summary>
    SomethingElse,
}

/// <param name="Path">Absolute: where it belongs.</param>
/// <param name="Sha256">Of a file's bytes; empty for others.</param>
public sealed record ArchivedEntry(string Path, ArchivedKind Kind, string Sha256, FoundThere There);

/// <param name="Entries">In the order of the archive; empty with a problem.</param>
/// <param name="Problem">Why it cannot be read, or must not be unpacked there; null when it can.</param>
public sealed record ArchiveComparison(ImmutableArray<ArchivedEntry> Entries, string? Problem);

/// <param name="Bytes">At most; 0 with a problem.</param>
/// <param name="Problem">Why it cannot be told; null when it can.</param>
public readonly record struct ArchiveSize(long Bytes, string? Problem);

/// <summary>What an archive holds, found out while it was written or read.</summary>
public sealed record ArchiveAnswer
{
    /// <summary>Bytes of the archive.</summary>
    public long Length { get; init; }

    /// <summary>Of the archive, lower-case hex.</summary>
    public string Sha256 { get; init; } = "";

    /// <summary>Files, folders and links in it.</summary>
    public long Entries { get; init; }

    /// <summary>Digest over every entry: its kind, name, mode, time, length, link and the digest of its bytes. Lower-case hex.</summary>
    public string Contents { get; init; } = "";

    /// <summary>It ends as an archive does; one that was cut between two entries does not.</summary>
    public bool IsEnded { get; init; }

    /// <summary>Why it could not be written or read to its end; null when it was.</summary>
    public string? Problem { get; init; }

    public static ArchiveAnswer Failed(string problem) => new() { Problem = problem };
}
