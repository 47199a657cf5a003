namespace Runbooks.Host.Processes;

/// <summary>A thread that does one piece of work after the other, in the order in which they came.</summary>
internal sealed class WorkThread : IDisposable
{
    /// <summary>Bytes: what is done here keeps its buffers elsewhere.</summary>
    private const int StackSize = 512 * 1024;

    // Waited for with a monitor: the collections that wait spin first, which takes a processor from the children.
    private readonly Queue<Action> _work = new();
    private bool _isEnding;

    /// <param name="name">Shown by the system's tools; 15 bytes of it on Linux.</param>
    public WorkThread(string name) => new Thread(Loop, StackSize) { IsBackground = true, Name = name }.Start();

    public void Do(Action work)
    {
        lock (_work)
        {
            _work.Enqueue(work);
            Monitor.Pulse(_work);
        }
    }

    /// <summary>Lets the thread end when it has done what it was given.</summary>
    public void Dispose()
    {
        lock (_work)
        {
            _isEnding = true;
            Monitor.Pulse(_work);
        }
    }

    private void Loop()
    {
        while (Next() is { } work)
        {
            work();
        }
    }

    private Action? Next()
    {
        lock (_work)
        {
            while (_work.Count == 0)
            {
                if (_isEnding)
                {
                    return null;
                }

                Monitor.Wait(_work);
            }

            return _work.Dequeue();
        }
    }
}
