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

    /// <summary>Asks another process to end in its own way (SIGTERM).</summary>
    /// <param name="stamp">What <see cref="ProcessStamp"/> said of it: a later process with the same id is not asked.</param>
    /// <returns>Why it could not be asked, a few words; null when it was.</returns>
    string? AskToEnd(int processId, string stamp);

    /// <summary>Random bytes for ids; not for secrets.</summary>
    ImmutableArray<byte> RandomBytes(int count);
}
