using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Runbooks.Engine.Ports;

namespace Runbooks.Testing;

/// <summary>Starts nothing: records what would have been started and ends as it was told.</summary>
/// <param name="answer">How each start ends; null for exit code 0 without output.</param>
public sealed class ScriptedProcesses(Func<ProcessSpec, ScriptedEnd>? answer = null) : IProcesses
{
    public List<ProcessSpec> Started { get; } = [];

    /// <summary>Programs that are not to be found.</summary>
    public ImmutableHashSet<string> Missing { get; init; } = [];

    public Task<ProcessExit> RunAsync(ProcessSpec spec, ProcessOutput output, StopTokens stop)
    {
        Started.Add(spec);
        if (Missing.Contains(spec.Argv[0]))
        {
            return Task.FromResult(new ProcessExit { StartError = "not found on PATH" });
        }

        if (stop.Interrupt.IsCancellationRequested || stop.Kill.IsCancellationRequested)
        {
            return Task.FromResult(new ProcessExit { Pid = 4711, Signal = 2, Stopped = true });
        }

        var end = answer?.Invoke(spec) ?? new ScriptedEnd(0);
        var bytes = Encoding.UTF8.GetBytes(end.Output);
        output.Seen?.Invoke(bytes);
        return Task.FromResult(new ProcessExit
        {
            Pid = 4711,
            ExitCode = end.ExitCode,
            OutputLength = output.Path is null ? 0 : bytes.Length,
            OutputSha256 = output.Path is null ? "" : Convert.ToHexStringLower(SHA256.HashData(bytes)),
            Captured = bytes.AsMemory(0, Math.Min(bytes.Length, output.CaptureLimit)),
            CaptureExceeded = bytes.Length > output.CaptureLimit && output.CaptureLimit > 0,
        });
    }

    public ImmutableArray<Survivor> Left { get; init; } = [];

    public ImmutableArray<Survivor> Marked(string name, string value) => Left;

    public string? Find(string program, string workingDirectory, ImmutableSortedDictionary<string, string> environment) =>
        Missing.Contains(program) ? null : $"/usr/bin/{program}";
}

/// <param name="Output">What the program writes, on standard output.</param>
public sealed record ScriptedEnd(int ExitCode, string Output = "");
