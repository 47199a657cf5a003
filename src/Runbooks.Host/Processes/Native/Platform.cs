namespace Runbooks.Host.Processes.Native;

/// <summary>The one place that asks which system this is.</summary>
internal static unsafe class Platform
{
    private const short SetSignalDefaults = 0x04;
    private const short SetSignalMask = 0x08;
    private const short LinuxSetSession = 0x80;
    private const short MacOsSetSession = 0x400;
    private const short MacOsCloseOnExecDefault = 0x4000;

    /// <summary>Own session, all signals at their default, none blocked.</summary>
    internal static short SpawnFlags => OperatingSystem.IsMacOS()
        ? (short)(SetSignalDefaults | SetSignalMask | MacOsSetSession | MacOsCloseOnExecDefault)
        : (short)(SetSignalDefaults | SetSignalMask | LinuxSetSession);

    internal static int SigStop => OperatingSystem.IsMacOS() ? 17 : 19;

    internal static int SigContinue => OperatingSystem.IsMacOS() ? 19 : 18;

    internal static int SigChild => OperatingSystem.IsMacOS() ? 20 : 17;

    /// <summary>How many bytes a pipe takes without blocking once poll says that it can be written (PIPE_BUF).</summary>
    internal static int PipeAtom => OperatingSystem.IsMacOS() ? 512 : 4096;

    /// <summary>A pipe whose ends no other child inherits; false with the error kept when there is none.</summary>
    internal static bool CreatePipe(int* ends) => OperatingSystem.IsMacOS() ? MacOs.CreatePipe(ends) : Linux.CreatePipe(ends);

    /// <summary>A file that has no name and lives in memory; negative where there is none.</summary>
    internal static int OpenMemoryFile() => OperatingSystem.IsLinux() ? Linux.OpenMemoryFile() : -1;

    internal static void Widen(int pipe, int bytes)
    {
        if (OperatingSystem.IsLinux())
        {
            Linux.Widen(pipe, bytes);
        }
    }

    internal static int OpenPidFd(int pid) => OperatingSystem.IsLinux() ? Linux.OpenPidFd(pid) : -1;

    /// <summary>True when it is certain that this process has no child, not even an adopted one.</summary>
    internal static bool HasNoChild => OperatingSystem.IsLinux() && Linux.EndedChild() < 0;

    /// <summary>A child that ended and was not waited for; 0 or less when none is known.</summary>
    internal static int EndedChild => OperatingSystem.IsLinux() ? Linux.EndedChild() : 0;

    internal static void CloseAllOnExec()
    {
        if (OperatingSystem.IsLinux())
        {
            Linux.CloseAllOnExec();
        }
    }

    internal static void Snapshot(List<TableEntry> table)
    {
        if (OperatingSystem.IsMacOS())
        {
            MacOs.Snapshot(table);
        }
        else
        {
            Linux.Snapshot(table);
        }
    }

    internal static TableEntry? Look(int pid) => OperatingSystem.IsMacOS() ? MacOs.Look(pid) : Linux.Look(pid);

    internal static string CommandLine(int pid) => OperatingSystem.IsMacOS() ? MacOs.CommandLine(pid) : Linux.CommandLine(pid);

    internal static byte[] EnvironmentOf(int pid) => OperatingSystem.IsMacOS() ? [] : Linux.EnvironmentOf(pid);

    /// <summary>Makes this process fit to be a parent; may be called again.</summary>
    internal static void Prepare()
    {
        // A parent that ignores SIGCHLD (some supervisors hand that down) never learns how its children ended.
        byte* action = stackalloc byte[512];
        const nint Ignore = 1;
        if (Libc.SignalAction(SigChild, null, action) == 0 && *(nint*)action == Ignore)
        {
            _ = Libc.SetSignal(SigChild, 0);
        }

        // Started with a standard stream closed, a pipe of ours would take its number, and the child's streams would cross.
        fixed (byte* path = "/dev/null\0"u8)
        {
            int fd;
            do
            {
                fd = Libc.Open(path, Libc.ReadWrite);
            }
            while (fd is >= 0 and <= 2);

            if (fd >= 0)
            {
                _ = Libc.Close(fd);
            }
        }

        if (OperatingSystem.IsLinux() && !Linux.BecomeSubreaper())
        {
            throw new InvalidOperationException($"prctl(PR_SET_CHILD_SUBREAPER) failed with error {Libc.Error}; it exists since Linux 3.4");
        }
    }
}
