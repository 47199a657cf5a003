using System.Collections.Immutable;
using Runbooks.Engine.Ports;
using Runbooks.Host.Processes.Native;

namespace Runbooks.Host.Processes;

/// <summary>Starts programs with posix_spawn; see src/decisions/0002-own-process-launcher.md.</summary>
public sealed class SpawnedProcesses : IProcesses
{
    // Children belong to the operating-system process, not to an object in it: two of these must not take each other's for orphans.
    private static readonly Families Families = new();

    private readonly StepThreads _threads = new();
    private readonly TimeProvider _time;
    private readonly EngineEnvironment _environment = EngineEnvironment.Read();

    /// <param name="time">Measures durations, graces and drains.</param>
    public SpawnedProcesses(TimeProvider time)
    {
        _time = time;
        Platform.Prepare();
    }

    /// <inheritdoc />
    public string? Find(string program, string workingDirectory, ImmutableSortedDictionary<string, string> environment) =>
        ProgramLookup.Find(program, workingDirectory, _environment.Get("PATH", environment)).Path;

    /// <inheritdoc />
    public ImmutableArray<Survivor> Marked(string name, string value)
    {
        var table = new List<TableEntry>(256);
        Platform.Snapshot(table);
        var entry = System.Text.Encoding.UTF8.GetBytes($"{name}={value}\0");
        return [.. table.Where(p => p.Pid != Environment.ProcessId && Holds(Platform.EnvironmentOf(p.Pid), entry)).Select(StepTree.Name)];
    }

    /// <summary>An entry stands at the beginning or after the end of another.</summary>
    private static bool Holds(ReadOnlySpan<byte> environment, ReadOnlySpan<byte> entry)
    {
        for (var from = 0; environment[from..].IndexOf(entry) is >= 0 and var at; from += at + 1)
        {
            if (from + at == 0 || environment[from + at - 1] == 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc />
    public Task<ProcessExit> RunAsync(ProcessSpec spec, ProcessOutput output, StopTokens stop)
    {
        if (stop.Interrupt.IsCancellationRequested || stop.Kill.IsCancellationRequested)
        {
            return Task.FromResult(new ProcessExit { Stopped = true });
        }

        return _threads.Run(() => Run(spec, output, stop));
    }

    private ProcessExit Run(ProcessSpec spec, ProcessOutput output, StopTokens stop)
    {
        using ChildStart? start = ChildStart.Prepare(spec, _environment, out string? error);
        if (start is null)
        {
            return new ProcessExit { StartError = error };
        }

        if (output.Path is { } path && File.Exists(path))
        {
            error = $"The file '{path}' already exists.";
            return new ProcessExit { StartError = $"its output file could not be created: {error}", OutputError = error };
        }

        using var sink = new OutputSink(output);
        using ChildFiles? files = ChildFiles.Open(spec, output, out error);
        if (files is null)
        {
            return new ProcessExit { StartError = error };
        }

        using ChildPipes? pipes = ChildPipes.Create(!spec.StandardInput.IsEmpty && files.Input is null, out error);
        if (pipes is null)
        {
            return new ProcessExit { StartError = error };
        }

        StepTree tree = Families.Expect(_environment.Entries(StepTree.MarkerNames, spec.Environment));
        try
        {
            using var run = new ChildRun(spec, pipes, files, sink, stop, _time, tree);
            return run.Run(start);
        }
        finally
        {
            Families.Leave(tree);
        }
    }
}
