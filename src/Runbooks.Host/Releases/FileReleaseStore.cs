using Microsoft.Win32.SafeHandles;
using Runbooks.Engine.Hashing;
using Runbooks.Engine.Ports;
using Runbooks.Engine.Releases;
using Runbooks.Host.Files;
using Runbooks.Host.Runs;

namespace Runbooks.Host.Releases;

/// <summary>
/// The releases of a project under <c>.runbook/releases</c>: <c>journal.jsonl</c>, to which is only ever added; <c>files/</c> with kept files under their SHA-256; <c>key</c>, with
/// which values of variables are hashed and which leaves this machine with nothing.
/// </summary>
/// <param name="root">Absolute path of the store (<c>.runbook</c>).</param>
public sealed class FileReleaseStore(string root, IFiles files)
{
    /// <summary>A line is added within milliseconds: who does not get the lock in so many tries of a millisecond and more waits for somebody who is stuck.</summary>
    private const int Tries = 5000;

    private string Folder => Path.Combine(root, ReleaseFiles.Folder);

    private string Journal => Path.Combine(root, ReleaseFiles.Journal);

    /// <summary>Absolute path of the journal, for people.</summary>
    public string JournalPath => Journal;

    /// <summary>What is on record; empty when nothing is.</summary>
    /// <returns>The journal, or why it could not be read.</returns>
    public (ReleaseContent? Content, string? Problem) Read() => ReleaseFiles.Read(root, files);

    /// <summary>The key of this store, which is made when there is none.</summary>
    /// <returns>The key, or why there is none.</returns>
    public (KeyedHash? Key, string? Problem) Key()
    {
        var path = Path.Combine(root, ReleaseFiles.KeyFile);
        if (files.Stat(path).Kind == FileKind.Missing)
        {
            try
            {
                RunStoreFolder.KeepOutOfGit(root);
                MakeFolder();
            }
            catch (Exception e) when (Errno.Sentence(e) is { } refused)
            {
                return (null, $"{Folder}: {refused}");
            }

            // Of two who make it at the same moment one does, and both read that.
            if (files.Create(path, System.Text.Encoding.ASCII.GetBytes(Convert.ToHexStringLower(KernelRandom.Bytes(Sha256.Size)) + "\n"), ownerOnly: true) is { } problem && files.Stat(path).Kind == FileKind.Missing)
            {
                return (null, $"{path}: {problem}");
            }
        }

        return ReleaseFiles.Key(root, files);
    }

    /// <summary>Keeps bytes under their SHA-256, durably.</summary>
    /// <returns>Why they could not be kept; null when they are.</returns>
    public string? Keep(ReadOnlySpan<byte> bytes, string sha256)
    {
        var path = Path.Combine(root, ReleaseFiles.KeptFile(sha256));
        return files.Stat(path).Kind == FileKind.File && files.Digest(path).Sha256 == sha256 ? null
            : (files.Stat(path).Kind == FileKind.File ? files.Replace(path, bytes) : files.Create(path, bytes, ownerOnly: true)) is { } problem ? $"{path}: {problem}"
            : null;
    }

    /// <summary>Adds an event after the last one. It is durable when this returns.</summary>
    /// <param name="mayFollow">Why the event must not follow what is on record by now; null when it may.</param>
    /// <returns>Why it could not be added; null when it was.</returns>
    public string? Append(ReleaseEvent entry, DateTimeOffset time, Func<ReleaseContent, string?>? mayFollow = null)
    {
        try
        {
            RunStoreFolder.KeepOutOfGit(root);
            MakeFolder();
            using var held = Lock();
            if (held is null)
            {
                return $"{Journal}: another process has been writing into it for too long";
            }

            var (content, problem) = Read();
            return content is null ? problem
                : content.Break is { } broken && content.IsAltered ? $"{Journal} line {broken.LineNumber} (byte {broken.Offset}) was altered: {broken.Problem}; what comes after it could not be trusted. Put back the file as it was, or move it away"
                : mayFollow?.Invoke(content) ?? Write(ReleaseCodec.Next(content, entry, time), content.Length);
        }
        catch (Exception e) when (Errno.Sentence(e) is { } problem)
        {
            return $"{Journal}: {problem}";
        }
    }

    /// <summary>Kept files can hold what only the operator may read.</summary>
    private void MakeFolder()
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(Folder);
        }
        else
        {
            Directory.CreateDirectory(Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private string? Write(ReadOnlySpan<byte> line, long end)
    {
        var isNew = !File.Exists(Journal);
        using var file = File.OpenHandle(Journal, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        try
        {
            // What a crash left of a line was durable for nobody.
            RandomAccess.SetLength(file, end);
            RandomAccess.Write(file, line, end);
            RandomAccess.FlushToDisk(file);
            return isNew && NativeFiles.FlushFolder(Folder) is not 0 and var error ? $"{Folder}: {Errno.Sentence(error)}" : null;
        }
        catch (Exception e) when (Errno.Sentence(e) is { } problem)
        {
            TakeBack(file, end);
            return $"{Journal}: {problem}";
        }
    }

    /// <summary>A part of a line that found no room must not stand before the next one.</summary>
    private static void TakeBack(SafeFileHandle file, long end)
    {
        try
        {
            RandomAccess.SetLength(file, end);
        }
        catch (Exception e) when (Errno.Sentence(e) is not null)
        {
            // The failure that led here is the one to report; the next one who writes finds a line without its end, and takes it away.
        }
    }

    /// <returns>Null when it could not be had in time.</returns>
    private FileStream? Lock()
    {
        var path = Path.Combine(root, "locks", "releases.lock");
        Directory.CreateDirectory(Path.Combine(root, "locks"));
        using var never = new ManualResetEventSlim();
        for (var i = 0; i < Tries; i++)
        {
            try
            {
                // Unix: FileShare.None is flock(LOCK_EX | LOCK_NB).
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            }
            catch (IOException e) when (FileLocks.IsHeld(e))
            {
                never.Wait(1, CancellationToken.None);
            }
        }

        return null;
    }
}
