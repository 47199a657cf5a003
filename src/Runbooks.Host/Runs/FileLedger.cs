using Microsoft.Win32.SafeHandles;
using Runbooks.Engine.Audit;

namespace Runbooks.Host.Runs;

/// <summary>The ledger over all runs as a file of lines in the store, which every run of every process adds to.</summary>
/// <param name="root">Absolute path of the store.</param>
internal sealed class FileLedger(string root)
{
    internal const string Name = "ledger.jsonl";

    /// <summary>A line is added within a fraction of a millisecond: who does not get the lock in so many tries of a millisecond and more waits for somebody who is stuck.</summary>
    private const int Tries = 5000;

    private string Path => System.IO.Path.Combine(root, Name);

    /// <summary>Adds an entry after the last one.</summary>
    /// <returns>The file, to be flushed and closed, and whether it is new; or why it could not be added.</returns>
    public (SafeFileHandle? File, bool IsNew, string? Problem) Append(LedgerEntry entry, DateTimeOffset time)
    {
        try
        {
            using var held = Lock();
            if (held is null)
            {
                return (null, false, "another run has been writing into it for too long");
            }

            var isNew = !File.Exists(Path);
            var file = File.OpenHandle(Path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
            if (Add(file, entry, time) is { } problem)
            {
                file.Dispose();
                return (null, false, problem);
            }

            return (file, isNew, null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (null, false, FileRunStore.Sentence(e));
        }
    }

    private static string? Add(SafeFileHandle file, LedgerEntry entry, DateTimeOffset time)
    {
        var end = 0L;
        try
        {
            var length = RandomAccess.GetLength(file);
            var start = Math.Max(0, length - LedgerCodec.TailLength);
            var tail = new byte[length - start];
            tail = tail[..RandomAccess.Read(file, tail, start)];
            end = length;
            var whole = LedgerCodec.EndOf(tail);
            if (whole < tail.Length)
            {
                // What a crash left of a line was durable for nobody.
                RandomAccess.SetLength(file, start + whole);
                end = start + whole;
            }

            RandomAccess.Write(file, LedgerCodec.Next(tail.AsSpan(0, whole), entry, time), end);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            TakeBack(file, end);
            return FileRunStore.Sentence(e);
        }
    }

    /// <summary>A part of a line that found no room must not stand before the next one.</summary>
    private static void TakeBack(SafeFileHandle file, long end)
    {
        try
        {
            RandomAccess.SetLength(file, end);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The failure that led here is the one to report; the next one who writes finds a line without its end, and takes it away.
        }
    }

    /// <returns>Null when it could not be had in time.</returns>
    private FileStream? Lock()
    {
        var path = System.IO.Path.Combine(root, "locks", "ledger.lock");
        Directory.CreateDirectory(System.IO.Path.Combine(root, "locks"));
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
