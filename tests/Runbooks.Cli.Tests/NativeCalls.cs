using System.Runtime.InteropServices;

namespace Runbooks.Cli.Tests;

/// <summary>What .NET does not offer.</summary>
internal static partial class NativeCalls
{
    internal const int Interrupt = 2;
    internal const int Kill = 9;
    internal const int Terminate = 15;

    [LibraryImport("libc", EntryPoint = "kill")]
    internal static partial int Send(int pid, int signal);
}
