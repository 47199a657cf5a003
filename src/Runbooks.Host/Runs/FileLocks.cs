using System.Text;
using Runbooks.Engine.Hashing;
using Runbooks.Engine.Ports;
using Runbooks.Host.Files;

namespace Runbooks.Host.Runs;

/// <summary>Locks as locked files under <c>.runbook/locks</c>.</summary>
/// <remarks>The kernel holds the lock (flock) for as long as the process lives: a killed run leaves no stale lock behind. The file itself stays; removing it would be a race.</remarks>
/// <param name="root">Absolute path of the store.</param>
public sealed class FileLocks(string root) : ILocks
{
    public LockAnswer Take(string name, string holder)
    {
        var path = Path.Combine(root, "locks", FileName(name));
        try
        {
            Directory.CreateDirectory(Path.Combine(root, "locks"));
            // Unix: FileShare.None is flock(LOCK_EX | LOCK_NB).
            var stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            stream.SetLength(0);
            stream.Write(Encoding.UTF8.GetBytes($"{holder}\n{name}\n"));
            stream.Flush(flushToDisk: false);
            return new LockAnswer(stream, null, null);
        }
        catch (IOException e) when (IsHeld(e))
        {
            return new LockAnswer(null, HolderOf(path), null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new LockAnswer(null, null, $"{path}: {FileRunStore.Sentence(e)}");
        }
    }

    /// <summary>EWOULDBLOCK is 11 on Linux and 35 on macOS.</summary>
    internal static bool IsHeld(IOException e) => e.HResult is 11 or 35;

    private static string HolderOf(string path)
    {
        try
        {
            // The runtime would lock what it opens, and so find it locked, or look like a holder to others.
            using var reader = new StreamReader(new FileStream(NativeFiles.OpenUnlocked(path), FileAccess.Read));
            return reader.ReadLine() is { Length: > 0 } holder ? holder : "somebody who has not written a name yet";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"somebody whose name cannot be read ({FileRunStore.Sentence(e)})";
        }
    }

    /// <summary>Readable where possible, unique always.</summary>
    private static string FileName(string name)
    {
        var readable = new string([.. name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' ? c : '_').Take(60)]);
        return $"{readable}-{Sha256.Hex(Encoding.UTF8.GetBytes(name))[..12]}.lock";
    }
}
