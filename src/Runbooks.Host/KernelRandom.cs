using System.Runtime.InteropServices;

namespace Runbooks.Host;

/// <summary>Random bytes of the kernel, unfit to be guessed. The runtime's own come from the same place, after it has loaded OpenSSL, which every start would wait for.</summary>
internal static unsafe partial class KernelRandom
{
    /// <param name="count">At most 256: what the call gives in one piece.</param>
    public static byte[] Bytes(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, 256);
        var bytes = new byte[count];
        fixed (byte* buffer = bytes)
        {
            return GetEntropy(buffer, (nuint)count) == 0
                ? bytes
                : throw new InvalidOperationException($"the kernel gives no random bytes: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    [LibraryImport("libc", EntryPoint = "getentropy", SetLastError = true)]
    private static partial int GetEntropy(byte* buffer, nuint count);
}
