using System.Text;
using CliWrap;

namespace Runbooks.Cli.Tests;

/// <summary>The program while it runs: what it prints as it comes, and signals to it.</summary>
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
            .WithStandardOutputPipe(PipeTarget.Create((stream, token) => ReadAsync(stream, _out, token)))
            .WithStandardErrorPipe(PipeTarget.Create((stream, token) => ReadAsync(stream, _error, token)))
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

    /// <summary>Character by character as it comes: what belongs to a line is for the tests to say.</summary>
    private async Task ReadAsync(Stream stream, StringBuilder to, CancellationToken cancel)
    {
        using var reader = new StreamReader(stream, new UTF8Encoding(false), detectEncodingFromByteOrderMarks: false, leaveOpen: true);
        var buffer = new char[4096];
        int read;
        while ((read = await reader.ReadAsync(buffer, cancel)) > 0)
        {
            lock (_gate)
            {
                to.Append(buffer, 0, read);
                Answer();
            }
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
