using System.Text;
using Runbooks.Engine.Ports;
using Runbooks.Host.Processes.Native;

namespace Runbooks.Host;

/// <summary>Reads the operator's answers from a terminal.</summary>
/// <param name="show">Puts a text in front of the operator, as it is, without a line break of its own.</param>
/// <param name="descriptor">Of the terminal; standard input when not given.</param>
public sealed class TerminalPrompt(Action<string> show, int descriptor = 0) : IPrompt
{
    /// <summary>A line of a terminal in its usual mode is no longer (N_TTY_BUF_SIZE).</summary>
    private const int LongestLine = 4096;

    /// <summary>How soon a wait that is given up ends, in milliseconds: a read of a terminal cannot be cancelled, so it is begun only when there is something to read.</summary>
    private const int Patience = 50;

    /// <summary>Somebody sits at standard input.</summary>
    public static bool IsThere => !OperatingSystem.IsWindows() && Libc.IsTerminal(0) == 1;

    public void Show(string text) => show(text);

    public Task<string?> AskAsync(string question, CancellationToken cancel)
    {
        _ = Libc.FlushTerminal(descriptor, OperatingSystem.IsMacOS() ? Libc.FlushInputMac : Libc.FlushInputLinux);
        show($"{question} ");
        var answer = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        // A thread of its own: the wait is as long as a person takes, and the pool's threads have work to do.
        new Thread(() => Read(answer, cancel)) { IsBackground = true, Name = "prompt" }.Start();
        return answer.Task;
    }

    private void Read(TaskCompletionSource<string?> answer, CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            if (IsReady())
            {
                answer.SetResult(Line());
                return;
            }
        }

        answer.SetCanceled(cancel);
    }

    private unsafe bool IsReady()
    {
        var fd = new Libc.PollFd { Fd = descriptor, Events = Libc.PollIn };
        return Libc.Poll(&fd, 1, Patience) > 0;
    }

    /// <returns>Null at the end of the file.</returns>
    private string? Line()
    {
        var bytes = new byte[LongestLine];
        var read = Libc.Read(descriptor, bytes);
        return read <= 0 ? null : string.Concat(Encoding.UTF8.GetString(bytes.AsSpan(0, read)).Where(c => !char.IsControl(c))).Trim();
    }
}
