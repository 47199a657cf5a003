using System.Collections.Immutable;
using Runbooks.Engine.Ports;

namespace Runbooks.Testing;

/// <summary>Every program runs until it is stopped.</summary>
/// <param name="started">Told each start.</param>
public sealed class EndlessProcesses(Action<ProcessSpec>? started = null) : IProcesses
{
    public async Task<ProcessExit> RunAsync(ProcessSpec spec, ProcessOutput output, StopTokens stop)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var interrupt = stop.Interrupt.Register(() => ended.TrySetResult());
        using var kill = stop.Kill.Register(() => ended.TrySetResult());
        started?.Invoke(spec);
        await ended.Task;
        return new ProcessExit { Pid = 4711, Signal = 2, Stopped = true };
    }

    public ImmutableArray<Survivor> Marked(string name, string value) => [];

    public string? Find(string program, string workingDirectory, ImmutableSortedDictionary<string, string> environment) => $"/usr/bin/{program}";
}
