using Runbooks.Host.Processes.Native;

namespace Runbooks.Host.Processes;

/// <summary>Both ends of a pipe; each is closed once.</summary>
internal sealed unsafe class Pipe : IDisposable
{
    private Pipe(int read, int write)
    {
        ReadEnd = read;
        WriteEnd = write;
    }

    /// <summary>Negative once closed.</summary>
    internal int ReadEnd { get; private set; }

    /// <summary>Negative once closed.</summary>
    internal int WriteEnd { get; private set; }

    /// <summary>Null with <see cref="Libc.Error"/> kept when the system has no descriptor left.</summary>
    internal static Pipe? TryCreate()
    {
        int* ends = stackalloc int[2];
        return Platform.CreatePipe(ends) ? new Pipe(ends[0], ends[1]) : null;
    }

    internal void CloseRead()
    {
        if (ReadEnd >= 0)
        {
            _ = Libc.Close(ReadEnd);
            ReadEnd = -1;
        }
    }

    internal void CloseWrite()
    {
        if (WriteEnd >= 0)
        {
            _ = Libc.Close(WriteEnd);
            WriteEnd = -1;
        }
    }

    public void Dispose()
    {
        CloseRead();
        CloseWrite();
    }
}
