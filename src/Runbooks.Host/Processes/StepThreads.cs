using System.Collections.Concurrent;

namespace Runbooks.Host.Processes;

/// <summary>Threads that wait for children: one for each that runs at the same time, used again for the next.</summary>
/// <remarks>
/// Not the thread pool: a wait lasts as long as its child, and the pool adds threads too slowly for many at once. Not a new thread each time: it takes its
/// cached buffers with it when it ends, which is most of the garbage of a long run.
/// </remarks>
internal sealed class StepThreads
{
    private readonly ConcurrentBag<WorkThread> _idle = [];

    /// <summary>Does the work on a thread of its own; the task ends with its result or its exception.</summary>
    public Task<T> Run<T>(Func<T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!_idle.TryTake(out var worker))
        {
            worker = new WorkThread("step");
        }

        worker.Do(() =>
        {
            try
            {
                var result = work();
                // Idle before anybody hears of the result: the next step finds this thread.
                _idle.Add(worker);
                done.SetResult(result);
            }
            catch (Exception bug)
            {
                _idle.Add(worker);
                done.SetException(bug);
            }
        });
        return done.Task;
    }
}
