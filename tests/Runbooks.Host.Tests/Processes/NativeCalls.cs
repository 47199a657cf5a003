using System.Runtime.InteropServices;

namespace Runbooks.Host.Tests.Processes;

/// <summary>What .NET does not offer.</summary>
internal static partial class NativeCalls
{
    [LibraryImport("libc", EntryPoint = "dup")]
    internal static partial int Duplicate(int fd);

    [LibraryImport("libc", EntryPoint = "close")]
    internal static partial int Close(int fd);

    [LibraryImport("libc", EntryPoint = "kill")]
    internal static partial int Kill(int pid, int signal);
}
