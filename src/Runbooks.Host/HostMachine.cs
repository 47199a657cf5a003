using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Runbooks.Engine.Ports;

namespace Runbooks.Host;

/// <summary>This machine.</summary>
public sealed class HostMachine : IMachine
{
    public string User => System.Environment.UserName;

    public string HostName => System.Environment.MachineName;

    public int ProcessId => System.Environment.ProcessId;

    public string Platform => $"{(OperatingSystem.IsMacOS() ? "osx" : OperatingSystem.IsWindows() ? "win" : "linux")}-{Architecture}";

    public string? Environment(string name) => System.Environment.GetEnvironmentVariable(name);

    public ImmutableArray<byte> RandomBytes(int count) => [.. RandomNumberGenerator.GetBytes(count)];

    private static string Architecture => RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
}
