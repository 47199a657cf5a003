using System.Runtime.InteropServices;
using System.Text;

namespace Runbooks.Host.Processes.Native;

/// <summary>What macOS does in its own way: no pipe2, no pidfd, no subreaper, no /proc.</summary>
internal static unsafe partial class MacOs
{
    private const nuint CloseOnExecRequest = 0x20006601;
    private const uint AllPids = 1;
    private const int BsdInformation = 3;
    private const int BsdInformationSize = 136;
    private const int PathSize = 4096;
    private const uint StateStopped = 4;
    private const uint StateZombie = 5;

    [LibraryImport("libc", EntryPoint = "pipe", SetLastError = true)]
    private static partial int Pipe(int* ends);

    // The request takes no argument, so that the function is a variadic one does not matter.
    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int DeviceControl(int fd, nuint request);

    [LibraryImport("libproc", EntryPoint = "proc_listpids", SetLastError = true)]
    private static partial int ListPids(uint kind, uint which, void* buffer, int size);

    [LibraryImport("libproc", EntryPoint = "proc_pidinfo", SetLastError = true)]
    private static partial int PidInformation(int pid, int flavor, ulong argument, void* buffer, int size);

    [LibraryImport("libproc", EntryPoint = "proc_pidpath", SetLastError = true)]
    private static partial int PidPath(int pid, void* buffer, uint size);

    internal static bool CreatePipe(int* ends)
    {
        if (Pipe(ends) != 0)
        {
            return false;
        }

        // Our own children get no descriptor anyway (POSIX_SPAWN_CLOEXEC_DEFAULT); this is for children that others start.
        _ = DeviceControl(ends[0], CloseOnExecRequest);
        _ = DeviceControl(ends[1], CloseOnExecRequest);
        return true;
    }

    internal static void Snapshot(List<TableEntry> table)
    {
        int bytes = ListPids(AllPids, 0, null, 0);
        var pids = new int[Math.Max(bytes, 0) / sizeof(int) + 64];
        fixed (int* start = pids)
        {
            bytes = ListPids(AllPids, 0, start, pids.Length * sizeof(int));
        }

        foreach (int pid in pids.AsSpan(0, Math.Max(bytes, 0) / sizeof(int)))
        {
            if (pid > 0 && Look(pid) is { } entry)
            {
                table.Add(entry);
            }
        }
    }

    internal static TableEntry? Look(int pid)
    {
        // struct proc_bsdinfo: 12 words, two names (16 and 32 bytes), 6 words, the start in seconds and microseconds.
        byte* found = stackalloc byte[BsdInformationSize];
        if (PidInformation(pid, BsdInformation, 0, found, BsdInformationSize) != BsdInformationSize)
        {
            return null;
        }

        uint state = *(uint*)(found + 4);
        int parent = *(int*)(found + 16);
        int group = *(int*)(found + 100);
        ulong started = (*(ulong*)(found + 120) * 1_000_000) + *(ulong*)(found + 128);
        return new TableEntry(pid, parent, group, Libc.GetSession(pid), started, state == StateZombie, state == StateStopped);
    }

    internal static string CommandLine(int pid)
    {
        byte* path = stackalloc byte[PathSize];
        int length = PidPath(pid, path, PathSize);
        return length > 0 ? Encoding.UTF8.GetString(path, length) : "";
    }
}
