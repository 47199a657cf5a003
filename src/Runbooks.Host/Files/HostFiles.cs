using System.Security.Cryptography;
using Runbooks.Engine.Ports;

namespace Runbooks.Host.Files;

/// <summary>The files of this machine.</summary>
public sealed class HostFiles : IFiles
{
    /// <inheritdoc/>
    public bool? AreSame(string path, string other) => NativeFiles.IdentityOf(path) is { } one && NativeFiles.IdentityOf(other) is { } two ? one == two : null;

    public FileStat Stat(string path)
    {
        try
        {
            var seen = Target(path);
            var modified = new DateTimeOffset(File.GetLastWriteTimeUtc(seen), TimeSpan.Zero);
            if (File.GetAttributes(seen).HasFlag(FileAttributes.Directory))
            {
                return new FileStat(FileKind.Folder, 0, modified, null);
            }

            return IsRegular(seen)
                ? new FileStat(FileKind.File, new FileInfo(seen).Length, modified, null)
                : new FileStat(FileKind.Other, 0, modified, null);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return new FileStat(FileKind.Missing, 0, default, null);
        }
        catch (Exception e) when (Errno.Sentence(e) is { } problem)
        {
            return new FileStat(FileKind.Missing, 0, default, problem);
        }
    }

    /// <inheritdoc/>
    public FileRead Read(string path, long limit = 64 << 20) => Try(
        () =>
        {
            if (NotReadable(path) is { } problem)
            {
                return new FileRead(null, problem);
            }

            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            var bound = Math.Min(limit, Array.MaxLength);
            if (stream.Length > bound)
            {
                return new FileRead(null, $"it is larger than {bound} bytes");
            }

            // The length is only a first guess: files of /proc say 0, and a file may grow while it is read.
            using var bytes = new MemoryStream((int)stream.Length);
            var buffer = new byte[Math.Clamp(stream.Length + 1, 4 << 10, 64 << 10)];
            int read;
            while ((read = stream.Read(buffer)) > 0)
            {
                if (bytes.Length + read > bound)
                {
                    return new FileRead(null, $"it is larger than {bound} bytes");
                }

                bytes.Write(buffer, 0, read);
            }

            return new FileRead(bytes.ToArray(), null);
        },
        problem => new FileRead(null, problem));

    /// <inheritdoc/>
    public FileDigest Digest(string path, CancellationToken cancel = default) => Try(
        () =>
        {
            if (NotReadable(path) is { } problem)
            {
                return new FileDigest(null, problem);
            }

            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var buffer = new byte[256 << 10];
            int read;
            while ((read = stream.Read(buffer)) > 0)
            {
                cancel.ThrowIfCancellationRequested();
                hash.AppendData(buffer, 0, read);
            }

            return new FileDigest(Convert.ToHexStringLower(hash.GetHashAndReset()), null);
        },
        problem => new FileDigest(null, problem));

    /// <inheritdoc/>
    public string? Replace(string path, ReadOnlySpan<byte> bytes)
    {
        try
        {
            return FileReplacement.Replace(Target(path), bytes);
        }
        catch (Exception e) when (Errno.Sentence(e) is { } problem)
        {
            return problem;
        }
    }

    /// <inheritdoc/>
    public string? Create(string path, ReadOnlySpan<byte> bytes, bool ownerOnly = false)
    {
        try
        {
            return FileReplacement.Create(path, bytes, ownerOnly);
        }
        catch (Exception e) when (Errno.Sentence(e) is { } problem)
        {
            return problem;
        }
    }

    /// <inheritdoc/>
    public bool CanWrite(string path) => Try(() => MayWrite(Target(path)), _ => false);

    /// <inheritdoc/>
    public IReadOnlyList<string> List(string folder) => Try(
        () => Directory.Exists(folder) ? Directory.EnumerateFileSystemEntries(folder).Select(p => Path.GetFileName(p)).Order(StringComparer.Ordinal).ToList() : [],
        _ => []);

    /// <inheritdoc/>
    public FolderRead ReadFolder(string folder) => Try(
        () => Stat(folder) switch
        {
            { Problem: { } problem } => new FolderRead(null, problem),
            { Kind: FileKind.Missing } => new FolderRead(null, "there is no such folder"),
            { Kind: not FileKind.Folder } => new FolderRead(null, "it is no folder"),
            _ => new FolderRead([.. Directory.EnumerateFileSystemEntries(folder).Select(p => Path.GetFileName(p)).Order(StringComparer.Ordinal)], null),
        },
        problem => new FolderRead(null, problem));

    /// <inheritdoc/>
    public (long Free, long Total)? Space(string path) => Try<(long, long)?>(
        () =>
        {
            var drive = new DriveInfo(NearestFolder(path));
            return (drive.AvailableFreeSpace, drive.TotalSize);
        },
        _ => null);

    private static bool MayWrite(string path)
    {
        if (Directory.Exists(path))
        {
            return false;
        }

        if (!File.Exists(path))
        {
            return NativeFiles.MayCreateIn(NearestFolder(path)) == 0;
        }

        return NativeFiles.MayWrite(path) == 0
            && NativeFiles.MayCreateIn(Folder(path)) == 0
            && (NativeFiles.EffectiveUser == 0 || NativeFiles.OwnerOf(path)?.User == NativeFiles.EffectiveUser);
    }

    /// <summary>Where a path leads when its last part is a symbolic link, whether or not something is there.</summary>
    private static string Target(string path)
    {
        var entry = new FileInfo(path);
        return entry.LinkTarget is null ? path : entry.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? path;
    }

    private static string? NotReadable(string path)
    {
        var seen = Target(path);
        if (File.GetAttributes(seen).HasFlag(FileAttributes.Directory))
        {
            return "it is a folder";
        }

        // Opening a pipe would wait for somebody to write into it.
        return IsRegular(seen) ? null : "it is not a regular file";
    }

    private static bool IsRegular(string path) => NativeFiles.KindOf(path) is null or NativeFiles.RegularFile;

    private static string Folder(string path) => Path.GetDirectoryName(path) ?? "/";

    private static string NearestFolder(string path)
    {
        var folder = path;
        while (!Directory.Exists(folder) && Path.GetDirectoryName(folder) is { } parent)
        {
            folder = parent;
        }

        return folder;
    }

    private static T Try<T>(Func<T> ask, Func<string, T> failed)
    {
        try
        {
            return ask();
        }
        catch (Exception e) when (Errno.Sentence(e) is { } problem)
        {
            return failed(problem);
        }
    }
}
