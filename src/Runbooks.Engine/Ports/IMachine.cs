using System.Collections.Immutable;

namespace Runbooks.Engine.Ports;

/// <summary>Where and as whom the engine runs.</summary>
public interface IMachine
{
    /// <summary>A variable of the engine's own environment; null when it is not set.</summary>
    string? Environment(string name);

    /// <summary>Name of the operating system's user.</summary>
    string User { get; }

    string HostName { get; }

    int ProcessId { get; }

    /// <summary>The platform, as in "linux-x64".</summary>
    string Platform { get; }

    /// <summary>Tells a process from a later one with the same id: boot and start time; null when there is no such process.</summary>
    string? ProcessStamp(int processId);

    /// <summary>Random bytes for ids; not for secrets.</summary>
    ImmutableArray<byte> RandomBytes(int count);
}
