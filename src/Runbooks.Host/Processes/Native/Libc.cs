using System.Runtime.InteropServices;

namespace Runbooks.Host.Processes.Native;

/// <summary>The C library's functions that have the same shape on Linux (glibc, musl) and macOS.</summary>
/// <remarks>
/// Only blittable parameters, so nothing is marshalled and Native AOT calls them directly. No function with a variable argument is called with
/// one where macOS on arm64 runs: it would look for it in another place.
/// </remarks>
internal static unsafe partial class Libc
{
    internal const int Enoent = 2;
    internal const int Eperm = 1;
    internal const int Eintr = 4;
    internal const int E2Big = 7;
    internal const int Enoexec = 8;
    internal const int Echild = 10;
    internal const int Eacces = 13;
    internal const int Enotdir = 20;

    internal const int SigInt = 2;
    internal const int SigKill = 9;
    internal const int SigTerm = 15;

    internal const int Existence = 0;
    internal const int ExecuteAccess = 1;
    internal const int ReadOnly = 0;
    internal const int ReadWrite = 2;
    internal const int NoHang = 1;

    /// <summary>TCIFLUSH: what came in and was not read.</summary>
    internal const int FlushInputLinux = 0;
    internal const int FlushInputMac = 1;

    internal const short PollIn = 1;
    internal const short PollOut = 4;
    internal const short PollErr = 8;
    internal const short PollHup = 16;
    internal const short PollInvalid = 32;

    private const string Name = "libc";

    /// <summary>The error number of the last call that is marked to keep it.</summary>
    internal static int Error => Marshal.GetLastPInvokeError();

    [StructLayout(LayoutKind.Sequential)]
    internal struct PollFd
    {
        public int Fd;
        public short Events;
        public short Returned;
    }

    [LibraryImport(Name, EntryPoint = "posix_spawn")]
    internal static partial int Spawn(int* pid, byte* path, void* actions, void* attributes, byte** argv, byte** environment);

    [LibraryImport(Name, EntryPoint = "posix_spawnattr_init")]
    internal static partial int AttributesInit(void* attributes);

    [LibraryImport(Name, EntryPoint = "posix_spawnattr_destroy")]
    internal static partial int AttributesDestroy(void* attributes);

    [LibraryImport(Name, EntryPoint = "posix_spawnattr_setflags")]
    internal static partial int AttributesFlags(void* attributes, short flags);

    [LibraryImport(Name, EntryPoint = "posix_spawnattr_setsigmask")]
    internal static partial int AttributesSignalMask(void* attributes, void* signals);

    [LibraryImport(Name, EntryPoint = "posix_spawnattr_setsigdefault")]
    internal static partial int AttributesSignalDefaults(void* attributes, void* signals);

    [LibraryImport(Name, EntryPoint = "posix_spawn_file_actions_init")]
    internal static partial int ActionsInit(void* actions);

    [LibraryImport(Name, EntryPoint = "posix_spawn_file_actions_destroy")]
    internal static partial int ActionsDestroy(void* actions);

    [LibraryImport(Name, EntryPoint = "posix_spawn_file_actions_adddup2")]
    internal static partial int ActionsDuplicate(void* actions, int fd, int newFd);

    [LibraryImport(Name, EntryPoint = "posix_spawn_file_actions_addopen")]
    internal static partial int ActionsOpen(void* actions, int fd, byte* path, int flags, uint mode);

    [LibraryImport(Name, EntryPoint = "posix_spawn_file_actions_addchdir_np")]
    internal static partial int ActionsChangeDirectory(void* actions, byte* path);

    [LibraryImport(Name, EntryPoint = "sigfillset")]
    internal static partial int FillSignals(void* signals);

    [LibraryImport(Name, EntryPoint = "sigemptyset")]
    internal static partial int EmptySignals(void* signals);

    [LibraryImport(Name, EntryPoint = "sigaction", SetLastError = true)]
    internal static partial int SignalAction(int signal, void* action, void* previous);

    [LibraryImport(Name, EntryPoint = "signal")]
    internal static partial nint SetSignal(int signal, nint handler);

    [LibraryImport(Name, EntryPoint = "waitpid", SetLastError = true)]
    internal static partial int WaitPid(int pid, int* status, int options);

    [LibraryImport(Name, EntryPoint = "kill", SetLastError = true)]
    internal static partial int Kill(int pid, int signal);

    [LibraryImport(Name, EntryPoint = "getpid")]
    internal static partial int GetPid();

    [LibraryImport(Name, EntryPoint = "getsid", SetLastError = true)]
    internal static partial int GetSession(int pid);

    [LibraryImport(Name, EntryPoint = "getpgid", SetLastError = true)]
    internal static partial int GetGroup(int pid);

    [LibraryImport(Name, EntryPoint = "access", SetLastError = true)]
    internal static partial int Access(byte* path, int mode);

    [LibraryImport(Name, EntryPoint = "open", SetLastError = true)]
    internal static partial int Open(byte* path, int flags);

    [LibraryImport(Name, EntryPoint = "read", SetLastError = true)]
    internal static partial nint Read(int fd, byte* buffer, nuint count);

    [LibraryImport(Name, EntryPoint = "write", SetLastError = true)]
    internal static partial nint Write(int fd, byte* buffer, nuint count);

    [LibraryImport(Name, EntryPoint = "close")]
    internal static partial int Close(int fd);

    [LibraryImport(Name, EntryPoint = "isatty", SetLastError = true)]
    internal static partial int IsTerminal(int fd);

    [LibraryImport(Name, EntryPoint = "tcflush", SetLastError = true)]
    internal static partial int FlushTerminal(int fd, int which);

    [LibraryImport(Name, EntryPoint = "poll", SetLastError = true)]
    internal static partial int Poll(PollFd* fds, nuint count, int milliseconds);

    /// <summary>Reads once, again when a signal interrupted it. 0 is end of file, negative an error.</summary>
    internal static int Read(int fd, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            nint read;
            do
            {
                read = Read(fd, start, (nuint)buffer.Length);
            }
            while (read < 0 && Error == Eintr);

            return (int)read;
        }
    }

    /// <summary>Writes once, again when a signal interrupted it; may write less than all. Negative is an error.</summary>
    internal static int Write(int fd, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            nint written;
            do
            {
                written = Write(fd, start, (nuint)bytes.Length);
            }
            while (written < 0 && Error == Eintr);

            return (int)written;
        }
    }
}
