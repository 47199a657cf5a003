using System.Globalization;
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
    private const string Run = "run ";
    private const string Process = "process ";
    private const string Since = "since ";
    private const string Host = "host ";
    private const string Number = "pid ";

    public LockAnswer Take(string name, LockHolder holder)
    {
        var path = Path.Combine(root, "locks", FileName(name));
        try
        {
            Directory.CreateDirectory(Path.Combine(root, "locks"));
            // Unix: FileShare.None is flock(LOCK_EX | LOCK_NB).
            var stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            var left = Read(stream);
            stream.SetLength(0);
            stream.Write(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{holder.Text}\n{name}\n{Run}{holder.RunId}\n{Process}{holder.ProcessStamp}\n{Since}{holder.Since:O}\n{Host}{holder.Host}\n{Number}{holder.ProcessId}\n")));
            stream.Flush(flushToDisk: false);
            return new LockAnswer(new Held(stream), null, null) { Left = left };
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

    private static LockHolder HolderOf(string path)
    {
        try
        {
            // The runtime would lock what it opens, and so find it locked, or look like a holder to others.
            using var stream = new FileStream(NativeFiles.OpenUnlocked(path), FileAccess.Read);
            return Read(stream) ?? Nameless("somebody who has not written a name yet");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Nameless($"somebody whose name cannot be read ({FileRunStore.Sentence(e)})");
        }
    }

    private static LockHolder Nameless(string text) => new(text, "", "", null);

    /// <returns>Null when nobody's name is in it: it was let go of.</returns>
    private static LockHolder? Read(FileStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8, leaveOpen: true);
        var lines = reader.ReadToEnd().Split('\n');
        stream.Position = 0;
        return lines[0].Length == 0 ? null : new LockHolder(lines[0], After(Run), After(Process), DateTimeOffset.TryParse(After(Since), CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var since) ? since : null)
        {
            Host = After(Host),
            ProcessId = int.TryParse(After(Number), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0,
        };

        string After(string label) => lines.Skip(2).FirstOrDefault(l => l.StartsWith(label, StringComparison.Ordinal))?[label.Length..] ?? "";
    }

    /// <summary>Readable where possible, unique always.</summary>
    private static string FileName(string name)
    {
        var readable = new string([.. name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' ? c : '_').Take(60)]);
        return $"{readable}-{Sha256.Hex(Encoding.UTF8.GetBytes(name))[..12]}.lock";
    }

    /// <summary>Who lets go takes the name away: a name in a file that is not locked is that of somebody who died.</summary>
    private sealed class Held(FileStream stream) : IDisposable
    {
        public void Dispose()
        {
            try
            {
                stream.SetLength(0);
            }
            catch (IOException)
            {
                // The next one is told that it was left. What counts is that it is let go of.
            }

            stream.Dispose();
        }
    }
}
