namespace Runbooks.Cli;

/// <summary>Goes on with everything that was waited for on the program's first thread, one thing after the other.</summary>
/// <remarks>
/// Without it each wait goes on in a thread of the pool, which must be started first (three threads, of which the first thread awaits the beginning of two) and then takes part in what
/// the children could use. A run does one thing at a time anyway; also of steps that run side by side, only the children do. Nothing here may wait for a task without <c>await</c>: it would wait for itself.
/// </remarks>
internal sealed class MainLoop : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Work, object? State)> _work = new();

    /// <summary>Begins the work and goes on with it until it has ended.</summary>
    /// <returns>The work, which has ended.</returns>
    public static Task<T> Run<T>(Func<Task<T>> work)
    {
        var (loop, before) = (new MainLoop(), Current);
        SetSynchronizationContext(loop);
        try
        {
            var task = work();
            _ = task.ContinueWith(_ => loop.Post(static _ => { }, null), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            while (!task.IsCompleted)
            {
                var (next, state) = loop.Next();
                next(state);
            }

            return task;
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }

    public override void Post(SendOrPostCallback d, object? state)
    {
        lock (_work)
        {
            _work.Enqueue((d, state));
            Monitor.Pulse(_work);
        }
    }

    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("nobody waits for the main thread");

    private (SendOrPostCallback Work, object? State) Next()
    {
        lock (_work)
        {
            while (_work.Count == 0)
            {
                Monitor.Wait(_work);
            }

            return _work.Dequeue();
        }
    }
}
