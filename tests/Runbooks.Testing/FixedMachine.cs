using System.Collections.Immutable;
using Runbooks.Engine.Ports;

namespace Runbooks.Testing;

/// <summary>A machine about which everything is known before.</summary>
public sealed class FixedMachine : IMachine
{
    private readonly Dictionary<string, string> _environment = new(StringComparer.Ordinal);
    private byte _next;

    public string User { get; init; } = "operator";

    public string HostName { get; init; } = "build-1";

    public int ProcessId { get; init; } = 4711;

    public string Platform { get; init; } = "linux-x64";

    public FixedMachine With(string name, string value)
    {
        _environment[name] = value;
        return this;
    }

    public string? Environment(string name) => _environment.GetValueOrDefault(name);

    public string? ProcessStamp(int processId) => processId == ProcessId ? "boot:1" : null;

    /// <summary>What was asked to end, in order.</summary>
    public List<int> AskedToEnd { get; } = [];

    /// <summary>What happens when a process is asked to end: the answer of the machine.</summary>
    public Func<int, string?> WhenAsked { get; init; } = _ => null;

    public string? AskToEnd(int processId, string stamp)
    {
        AskedToEnd.Add(processId);
        return WhenAsked(processId);
    }

    /// <summary>Counts up, so that ids differ and tests repeat.</summary>
    public ImmutableArray<byte> RandomBytes(int count) => [.. Enumerable.Range(0, count).Select(_ => _next++)];
}
