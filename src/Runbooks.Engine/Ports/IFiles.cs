namespace Runbooks.Engine.Ports;

/// <summary>Files and folders. Paths are absolute. Failures are results with a sentence for people.</summary>
public interface IFiles
{
    /// <summary>What is at a path; symbolic links are followed.</summary>
    FileStat Stat(string path);

    /// <summary>Whether two paths lead to the same file or folder, by links or otherwise; null when one of them leads to nothing, or it cannot be asked.</summary>
    bool? AreSame(string path, string other);

    /// <summary>The whole of a file.</summary>
    /// <param name="limit">Larger files are a failure.</param>
    FileRead Read(string path, long limit = 64 << 20);

    /// <summary>SHA-256 of the whole of a file of any size, lower-case hex.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    FileDigest Digest(string path, CancellationToken cancel = default);

    /// <summary>
    /// Replaces the bytes of a file so that a crash leaves the old ones or the new ones, never a mixture: written beside it, flushed, renamed over it,
    /// folder flushed; owner and mode are kept; a symbolic link stays one and its target is replaced.
    /// </summary>
    /// <returns>Why it could not be done; null when it was.</returns>
    string? Replace(string path, ReadOnlySpan<byte> bytes);

    /// <summary>Writes a new file and flushes it and its folder, which is created when missing.</summary>
    /// <param name="ownerOnly">From its first moment on nobody but its owner can read it.</param>
    /// <returns>Why it could not be done; null when it was.</returns>
    string? Create(string path, ReadOnlySpan<byte> bytes, bool ownerOnly = false);

    /// <summary>True when this process may replace the file (or, when it does not exist, create it).</summary>
    bool CanWrite(string path);

    /// <summary>Names of the entries of a folder, in ordinal order; empty when there is no such folder.</summary>
    IReadOnlyList<string> List(string folder);

    /// <summary>The same, of a folder that may refuse.</summary>
    FolderRead ReadFolder(string folder);

    /// <summary>Free and total bytes of the file system that holds a path; null when it cannot be asked.</summary>
    (long Free, long Total)? Space(string path);
}

public enum FileKind
{
    Missing,
    File,
    Folder,
    Other,
}

/// <param name="Problem">Why it could not be looked at; null when it could.</param>
public readonly record struct FileStat(FileKind Kind, long Length, DateTimeOffset Modified, string? Problem);

/// <param name="Bytes">Null when it could not be read.</param>
/// <param name="Problem">Why: "there is no such file", "it is a folder", "permission denied".</param>
public readonly record struct FileRead(byte[]? Bytes, string? Problem);

/// <param name="Names">Of its entries, in ordinal order; null when it could not be read.</param>
/// <param name="Problem">Why: "there is no such folder", "permission denied".</param>
public readonly record struct FolderRead(IReadOnlyList<string>? Names, string? Problem);

/// <param name="Sha256">Null when it could not be read.</param>
/// <param name="Problem">Why, in the words of <see cref="FileRead"/>.</param>
public readonly record struct FileDigest(string? Sha256, string? Problem);
