using System.Runtime.InteropServices;
using Runbooks.Host.Processes.Native;

namespace Runbooks.Host.Processes;

/// <summary>The pipes of one run: all of them or none.</summary>
internal sealed class ChildPipes : IDisposable
{
    private ChildPipes(Pipe output, Pipe error, Pipe wake, Pipe? input)
    {
        Output = output;
        Error = error;
        Wake = wake;
        Input = input;
    }

    internal Pipe Output { get; }

    internal Pipe Error { get; }

    /// <summary>Written to by a stop, so that the waiting thread sees it.</summary>
    internal Pipe Wake { get; }

    /// <summary>Null when the child reads nothing.</summary>
    internal Pipe? Input { get; }

    /// <summary>Null with the reason when the system has no descriptor left.</summary>
    internal static ChildPipes? Create(bool withInput, out string? why)
    {
        var made = new List<Pipe>();
        int wanted = withInput ? 4 : 3;
        while (made.Count < wanted && Pipe.TryCreate() is { } pipe)
        {
            made.Add(pipe);
        }

        if (made.Count == wanted)
        {
            why = null;
            return new ChildPipes(made[0], made[1], made[2], withInput ? made[3] : null);
        }

        why = $"no pipe for its output: {Marshal.GetPInvokeErrorMessage(Libc.Error)}";
        made.ForEach(pipe => pipe.Dispose());
        return null;
    }

    public void Dispose()
    {
        Output.Dispose();
        Error.Dispose();
        Wake.Dispose();
        Input?.Dispose();
    }
}
