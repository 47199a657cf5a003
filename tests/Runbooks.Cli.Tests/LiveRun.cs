using System.Text;
using CliWrap;

namespace Runbooks.Cli.Tests;

/// <summary>The program while it runs: its lines as they come, and signals to it.</summary>
internal sealed class LiveRun
{
    private readonly Lock _gate = new();
    private readonly StringBuilder _out = new();
    private readonly StringBuilder _error = new();
    private readonly List<(string Text, int Times, TaskCompletionSource Seen)> _waiting = [];
    private readonly CommandTask<CommandResult> _command;

    internal LiveRun(Command command, CancellationToken cancel)
    {
        _command = command
            .WithStandardOutputPipe(PipeTarget.ToDelegate(line => Add(_out, line), Encoding.UTF8))
            .WithStandardErrorPipe(PipeTarget.ToDelegate(line => Add(_error, line), Encoding.UTF8))
            .ExecuteAsync(cancel);
        Ended = EndAsync();
    }

    internal int Pid => _command.ProcessId;

    internal Task<Finished> Ended { get; }

    internal void Send(int signal) => Assert.Equal(0, NativeCalls.Send(Pid, signal));

    /// <summary>Until a line that holds the text was printed so many times; fails when the program ends first.</summary>
    internal async Task SeesAsync(string text, int times = 1)
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _waiting.Add((text, times, seen));
            Answer();
        }

        await Task.WhenAny(seen.Task, Ended);
        if (!seen.Task.IsCompleted)
        {
            Assert.Fail($"'{text}' was never printed {times} times\n{await Ended}");
        }
    }

    private async Task<Finished> EndAsync()
    {
        var result = await _command;
        lock (_gate)
        {
            return new Finished(result.ExitCode, _out.ToString(), _error.ToString());
        }
    }

    private void Add(StringBuilder to, string line)
    {
        lock (_gate)
        {
            to.Append(line).Append('\n');
            Answer();
        }
    }

    private void Answer()
    {
        var all = _out.ToString() + _error;
        foreach (var (text, times, seen) in _waiting)
        {
            if (all.Split('\n').Count(line => line.Contains(text, StringComparison.Ordinal)) >= times)
            {
                seen.TrySetResult();
            }
        }
    }
}
