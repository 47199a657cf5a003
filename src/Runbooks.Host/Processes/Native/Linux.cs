using System.Buffers.Text;
using System.IO.Enumeration;
using System.Runtime.InteropServices;
using System.Text;

namespace Runbooks.Host.Processes.Native;

/// <summary>What only Linux has: pidfd, subreaper, /proc.</summary>
internal static unsafe partial class Linux
{
    private const int CloseOnExec = 0x80000;
    private const int SetPipeSize = 1031;
    private const int SetDescriptorFlags = 2;
    private const int DescriptorCloseOnExec = 1;
    private const int SetChildSubreaper = 36;
    private const nint PidFdOpen = 434;
    private const nint CloseRange = 436;
    private const nint CloseRangeCloseOnExec = 4;

    [LibraryImport("libc", EntryPoint = "pipe2", SetLastError = true)]
    private static partial int Pipe2(int* ends, int flags);

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static partial int ProcessControl(int option, nuint a, nuint b, nuint c, nuint d);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, nint a, nint b, nint c);

    [LibraryImport("libc", EntryPoint = "waitid", SetLastError = true)]
    private static partial int WaitId(int kind, uint id, int* found, int options);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(int fd, int command, nint argument);

    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MemoryFile(string name, uint flags);

    /// <summary>A file that has no name and lives in memory; negative where there is none.</summary>
    internal static int OpenMemoryFile()
    {
        const uint CloseIt = 1;
        return MemoryFile("stdin", CloseIt);
    }

    internal static bool CreatePipe(int* ends) => Pipe2(ends, CloseOnExec) == 0;

    /// <summary>Asks for a larger pipe, so that a flood changes threads less often. A refusal (the user's quota) leaves the usual 64 KiB.</summary>
    internal static void Widen(int pipe, int bytes) => _ = Control(pipe, SetPipeSize, bytes);

    /// <summary>From now on every orphaned descendant becomes a child of this process, and so can be found.</summary>
    internal static bool BecomeSubreaper() => ProcessControl(SetChildSubreaper, 1, 0, 0, 0) == 0;

    /// <summary>A descriptor that becomes readable when the process ends; negative before Linux 5.3 and where a sandbox forbids it.</summary>
    internal static int OpenPidFd(int pid) => (int)SystemCall(PidFdOpen, pid, 0, 0);

    /// <summary>Looks for a child that ended, without waiting for it: its pid, 0 when there are only live ones, negative when there is none at all.</summary>
    internal static int EndedChild()
    {
        // siginfo_t, 128 bytes; the pid is the fifth word on 64-bit systems.
        const int All = 0;
        const int Exited = 4;
        const int LeaveIt = 0x0100_0000;
        int* found = stackalloc int[32];
        new Span<int>(found, 32).Clear();
        return WaitId(All, 0, found, Exited | Libc.NoHang | LeaveIt) == 0 ? found[4] : -1;
    }

    /// <summary>No descriptor above standard error survives an exec, also those that this process inherited.</summary>
    internal static void CloseAllOnExec()
    {
        if (SystemCall(CloseRange, 3, unchecked((nint)uint.MaxValue), CloseRangeCloseOnExec) == 0)
        {
            return;
        }

        // Before Linux 5.11.
        foreach (int fd in Numbers("/proc/self/fd"))
        {
            if (fd > 2)
            {
                _ = Control(fd, SetDescriptorFlags, DescriptorCloseOnExec);
            }
        }
    }

    /// <summary>The names in a folder that are numbers; none when it is gone or closed to us.</summary>
    internal static List<int> Numbers(string folder)
    {
        var numbers = new List<int>();
        try
        {
            var entries = new FileSystemEnumerable<int>(folder, static (ref entry) => int.Parse(entry.FileName), new EnumerationOptions { AttributesToSkip = FileAttributes.None })
            {
                ShouldIncludePredicate = static (ref entry) => int.TryParse(entry.FileName, out _),
            };
            numbers.AddRange(entries);
        }
        catch (IOException)
        {
            // The process that owned the folder has ended.
        }
        catch (UnauthorizedAccessException)
        {
            // Another user's process; the caller counts what it could not see.
        }

        return numbers;
    }

    internal static void Snapshot(List<TableEntry> table)
    {
        foreach (int pid in Numbers("/proc"))
        {
            if (Look(pid) is { } entry)
            {
                table.Add(entry);
            }
        }
    }

    /// <summary>One process; null when there is none with that id.</summary>
    internal static TableEntry? Look(int pid)
    {
        Span<byte> text = stackalloc byte[1024];
        int length = ReadFile(pid, "/stat"u8, text);
        if (length <= 0)
        {
            return null;
        }

        // The name in parentheses may hold spaces and parentheses itself; what follows the last one are plain fields.
        text = text[..length];
        int close = text.LastIndexOf((byte)')');
        if (close < 0 || close + 2 >= length)
        {
            return null;
        }

        ReadOnlySpan<byte> rest = text[(close + 2)..];
        byte state = rest[0];
        Span<long> fields = stackalloc long[20];
        int count = 0;
        foreach (Range range in rest[2..].Split((byte)' '))
        {
            if (count == fields.Length)
            {
                break;
            }

            _ = Utf8Parser.TryParse(rest[2..][range], out fields[count], out _);
            count++;
        }

        // Counted from the parent's id: 0 parent, 1 group, 2 session, 16 threads, 18 start.
        bool onlyTheFirstThreadEnded = fields[16] > 1;
        bool ended = state is (byte)'Z' or (byte)'X' && !onlyTheFirstThreadEnded;
        return new TableEntry(pid, (int)fields[0], (int)fields[1], (int)fields[2], (ulong)fields[18], ended, state is (byte)'T' or (byte)'t');
    }

    /// <summary>The words that a process shows, joined by spaces; its short name when it shows none.</summary>
    internal static string CommandLine(int pid)
    {
        Span<byte> text = stackalloc byte[4096];
        int length = ReadFile(pid, "/cmdline"u8, text);
        if (length > 0)
        {
            text = text[..length].TrimEnd((byte)0);
            text.Replace((byte)0, (byte)' ');
            return Encoding.UTF8.GetString(text);
        }

        length = ReadFile(pid, "/comm"u8, text);
        return length > 0 ? $"[{Encoding.UTF8.GetString(text[..length]).TrimEnd('\n')}]" : "";
    }

    /// <summary>The environment that a process started with, entries ended by NUL; empty when it cannot be read.</summary>
    internal static byte[] EnvironmentOf(int pid)
    {
        try
        {
            return File.ReadAllBytes($"/proc/{pid}/environ");
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            // Ended meanwhile, or another user's: it cannot be told by its environment then.
            return [];
        }
    }

    // File.ReadAllBytes costs ten times this, and a look at the table is hundreds of these.
    private static int ReadFile(int pid, ReadOnlySpan<byte> name, Span<byte> buffer)
    {
        Span<byte> path = stackalloc byte[48];
        "/proc/"u8.CopyTo(path);
        _ = Utf8Formatter.TryFormat(pid, path[6..], out int digits);
        name.CopyTo(path[(6 + digits)..]);
        path[6 + digits + name.Length] = 0;
        int fd;
        fixed (byte* start = path)
        {
            fd = Libc.Open(start, Libc.ReadOnly | CloseOnExec);
        }

        if (fd < 0)
        {
            return -1;
        }

        int length = Libc.Read(fd, buffer);
        _ = Libc.Close(fd);
        return length;
    }
}
