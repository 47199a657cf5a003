using System.Runtime.InteropServices;

namespace Runbooks.Host.Tests.Files;

/// <summary>Runs something as a user without any rights, so that a test of root sees what others see.</summary>
internal static partial class AnotherUser
{
    private const int Nobody = 65534;

    /// <summary>On a thread of its own: to the kernel, the user is a property of the thread; only the C library makes it one of the process.</summary>
    public static T Run<T>(Func<T> action)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName == "root", "becoming another user needs root on Linux");
        T? result = default;
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                // The group first: afterwards it is no longer allowed.
                var isX64 = RuntimeInformation.ProcessArchitecture == Architecture.X64;
                Assert.Equal(0, Call(isX64 ? 119 : 149, Nobody, Nobody, Nobody));
                Assert.Equal(0, Call(isX64 ? 117 : 147, Nobody, Nobody, Nobody));
                result = action();
            }
            catch (Exception e)
            {
                failure = e;
            }
        });
        thread.Start();
        thread.Join();
        Assert.Null(failure);
        return result!; // set, because nothing failed
    }

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint Call(nint number, nint real, nint effective, nint saved);
}
