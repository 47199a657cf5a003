using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Runbooks.Host.Files;

/// <summary>What the runtime does not offer: owners, access for the effective user, flushing a folder.</summary>
internal static unsafe partial class NativeFiles
{
    public const int RegularFile = 0x8000;

    private const int TypeBits = 0xF000;
    private const int WriteAccess = 2;
    private const int SearchAccess = 1;
    private const int StatSize = 256;

    /// <summary>Who owns a file; null when it cannot be asked. Symbolic links are followed.</summary>
    public static Owner? OwnerOf(string path) => StatusOf(path)?.Owner;

    /// <summary>Who owns what is at a path itself, be it a symbolic link; null when it cannot be asked.</summary>
    public static Owner? OwnerOfEntry(string path) => StatusOf(path, followLinks: false)?.Owner;

    /// <summary>The type bits of a file's mode; null when they cannot be asked. Symbolic links are followed.</summary>
    public static int? KindOf(string path) => StatusOf(path)?.Mode & TypeBits;

    /// <summary>File system and number of what is at a path; null when it cannot be asked. Symbolic links are followed.</summary>
    public static (ulong Device, ulong Number)? IdentityOf(string path) => StatusOf(path)?.Identity;

    private static (Owner Owner, int Mode, (ulong Device, ulong Number) Identity)? StatusOf(string path, bool followLinks = true)
    {
        // Both structures are fixed by their kernels: statx has one layout on every architecture, Darwin's stat has one since 64-bit inodes.
        var buffer = stackalloc byte[StatSize];
        fixed (byte* name = Terminated(path))
        {
            if (OperatingSystem.IsLinux())
            {
                const int AtWorkingDirectory = -100;
                const int AtSymbolicLinkNoFollow = 0x100;
                const uint TypeModeLinksOwnerAndNumber = 0x11F;
                return Statx(AtWorkingDirectory, name, followLinks ? 0 : AtSymbolicLinkNoFollow, TypeModeLinksOwnerAndNumber, buffer) == 0
                    ? (new Owner(*(uint*)(buffer + 20), *(uint*)(buffer + 24)), *(ushort*)(buffer + 28), (((ulong)*(uint*)(buffer + 136) << 32) | *(uint*)(buffer + 140), *(ulong*)(buffer + 32)))
                    : null;
            }

            if (OperatingSystem.IsMacOS())
            {
                var result = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? StatInode64(name, buffer) : Stat(name, buffer);
                return result == 0 ? (new Owner(*(uint*)(buffer + 16), *(uint*)(buffer + 20)), *(ushort*)(buffer + 4), (*(uint*)buffer, *(ulong*)(buffer + 8))) : null;
            }
        }

        return null;
    }

    /// <summary>Gives an open file to its owner.</summary>
    /// <returns>0, or the error number.</returns>
    public static int ChangeOwner(SafeHandle file, Owner owner) => FChown((int)file.DangerousGetHandle(), owner.User, owner.Group) == 0 ? 0 : Marshal.GetLastPInvokeError();

    /// <summary>Asks whether the effective user may write a file.</summary>
    /// <returns>0, or the error number.</returns>
    public static int MayWrite(string path) => Access(path, WriteAccess);

    /// <summary>Asks whether the effective user may create files in a folder.</summary>
    /// <returns>0, or the error number.</returns>
    public static int MayCreateIn(string folder) => Access(folder, WriteAccess | SearchAccess);

    public static uint EffectiveUser => GetEuid();

    /// <summary>Opens a file for reading without the advisory lock that the runtime takes on everything it opens.</summary>
    /// <exception cref="IOException">It could not be opened; its HResult is the error number.</exception>
    public static SafeFileHandle OpenUnlocked(string path)
    {
        fixed (byte* name = Terminated(path))
        {
            const int ReadOnly = 0;
            var closeOnExec = OperatingSystem.IsMacOS() ? 0x1000000 : 0x80000;
            var descriptor = Open(name, ReadOnly | closeOnExec);
            return descriptor < 0 ? throw new IOException(null, Marshal.GetLastPInvokeError()) : new SafeFileHandle(descriptor, ownsHandle: true);
        }
    }

    /// <summary>Makes the names in a folder durable.</summary>
    /// <returns>0, or the error number.</returns>
    public static int FlushFolder(string folder)
    {
        fixed (byte* name = Terminated(folder))
        {
            const int ReadOnly = 0;
            var descriptor = Open(name, ReadOnly);
            if (descriptor < 0)
            {
                return Marshal.GetLastPInvokeError();
            }

            const int InvalidArgument = 22;
            var result = FSync(descriptor) == 0 ? 0 : Marshal.GetLastPInvokeError();
            _ = Close(descriptor);

            // Some file systems cannot flush a folder and say so: nothing more can be done there.
            return result == InvalidArgument ? 0 : result;
        }
    }

    private static int Access(string path, int mode)
    {
        fixed (byte* name = Terminated(path))
        {
            var atWorkingDirectory = OperatingSystem.IsLinux() ? -100 : -2;
            var effectiveUser = OperatingSystem.IsLinux() ? 0x200 : 0x10;
            return FAccessAt(atWorkingDirectory, name, mode, effectiveUser) == 0 ? 0 : Marshal.GetLastPInvokeError();
        }
    }

    private static byte[] Terminated(string path) => Encoding.UTF8.GetBytes(path + '\0');

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true)]
    private static partial int Statx(int folder, byte* path, int flags, uint mask, byte* buffer);

    [LibraryImport("libc", EntryPoint = "stat", SetLastError = true)]
    private static partial int Stat(byte* path, byte* buffer);

    [LibraryImport("libc", EntryPoint = "stat$INODE64", SetLastError = true)]
    private static partial int StatInode64(byte* path, byte* buffer);

    [LibraryImport("libc", EntryPoint = "fchown", SetLastError = true)]
    private static partial int FChown(int descriptor, uint user, uint group);

    [LibraryImport("libc", EntryPoint = "faccessat", SetLastError = true)]
    private static partial int FAccessAt(int folder, byte* path, int mode, int flags);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true)]
    private static partial int Open(byte* path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint GetEuid();

    internal readonly record struct Owner(uint User, uint Group);
}
