using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Runbooks.Engine.Ports;
using Runbooks.Host.Processes.Native;

namespace Runbooks.Host;

/// <summary>This machine.</summary>
public sealed class HostMachine : IMachine
{
    public string User => System.Environment.UserName;

    public string HostName => System.Environment.MachineName;

    public int ProcessId => System.Environment.ProcessId;

    public string Platform => $"{(OperatingSystem.IsMacOS() ? "osx" : OperatingSystem.IsWindows() ? "win" : "linux")}-{Architecture}";

    public string? Environment(string name) => System.Environment.GetEnvironmentVariable(name);

    public ImmutableArray<byte> RandomBytes(int count) => [.. KernelRandom.Bytes(count)];

    /// <summary>Field 22 of /proc/PID/stat counts from boot, so the boot's own id goes with it.</summary>
    public string? ProcessStamp(int processId)
    {
        try
        {
            if (OperatingSystem.IsLinux())
            {
                var stat = File.ReadAllText($"/proc/{processId}/stat");
                // The name stands in brackets and may hold blanks and brackets itself.
                var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
                return fields[0] == "Z" ? null : $"{File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim()}:{fields[19]}";
            }

            using var process = System.Diagnostics.Process.GetProcessById(processId);
            return process.StartTime.ToUniversalTime().Ticks.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            // No such process, or none that may be looked at.
            return null;
        }
    }

    public string? AskToEnd(int processId, string stamp) =>
        // Never a group, and never all (0, -1): the number comes from a file.
        processId <= 1 || ProcessStamp(processId) != stamp ? "there is no such process any more"
        : Libc.Kill(processId, Libc.SigTerm) == 0 ? null
        : Libc.Error == Libc.Eperm ? "it belongs to another user"
        : $"the system refused (error {Libc.Error})";

    private static string Architecture => RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
}
