using Runbooks.Engine.Journal;
using Runbooks.Engine.Planning;
using Runbooks.Language.Playbooks;

namespace Runbooks.Engine.Running;

/// <summary>Runs steps at the same time, as many as their group allows.</summary>
/// <remarks>What they do lies side by side; what the run does about them, above all its journal, happens one thing after the other.</remarks>
internal sealed class SideBySide(RunScope run, StepGroup group) : IDisposable
{
    private readonly CancellationTokenSource _ending = CancellationTokenSource.CreateLinkedTokenSource(run.Stop.Interrupt);
    private readonly Queue<TaskCompletionSource> _beginning = new();

    /// <summary>Ends the steps: the run is asked to stop, or one of them failed.</summary>
    public CancellationToken Ending => _ending.Token;

    /// <summary>One of them failed, and ends the others.</summary>
    public bool IsEndedByOne => _ending.IsCancellationRequested && !run.IsStopping;

    /// <summary>Makes the journal durable, once for all steps that are about to begin at this moment.</summary>
    /// <returns>Ends in the order in which it was asked for.</returns>
    public async Task FlushAsync()
    {
        var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _beginning.Enqueue(mine);
        if (_beginning.Count == 1)
        {
            // All that are about to begin have written their intents when this goes on.
            await Task.Yield();
            FlushForAll();
        }

        await mine.Task;
    }

    /// <param name="perform">Runs one step.</param>
    /// <returns>What kept them from coming to their end; null when nothing did.</returns>
    public Task<Setback?> RunAsync(IReadOnlyList<PlannedStep> steps, Func<PlannedStep, Task<Setback?>> perform) => IsInOrder
        ? InOrderAsync(steps, perform)
        : Task.Factory.StartNew(() => InOrderAsync(steps, perform), CancellationToken.None, TaskCreationOptions.None, new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler).Unwrap();

    public void Dispose() => _ending.Dispose();

    /// <summary>What was waited for goes on one thing after the other already, as in the program itself.</summary>
    private static bool IsInOrder => SynchronizationContext.Current is not null || TaskScheduler.Current != TaskScheduler.Default;

    private async Task<Setback?> InOrderAsync(IReadOnlyList<PlannedStep> steps, Func<PlannedStep, Task<Setback?>> perform)
    {
        var (waiting, running, setbacks) = (new Queue<PlannedStep>(steps), new List<Task<Setback?>>(), new List<Setback>());
        // A person at the terminal is asked about one step after the other.
        var limit = run.Request.AsksBeforeSteps ? 1 : group.Limit;
        try
        {
            while (running.Count > 0 || (waiting.Count > 0 && !Ending.IsCancellationRequested))
            {
                while (running.Count < limit && waiting.Count > 0 && !Ending.IsCancellationRequested)
                {
                    running.Add(perform(waiting.Dequeue()));
                }

                var ended = await Task.WhenAny(running);
                running.Remove(ended);
                if (await ended is { } setback)
                {
                    // Of those that the first one ended there is nothing new to say.
                    if (!IsEndedByOne)
                    {
                        setbacks.Add(setback);
                    }

                    if (group.EndsOthers)
                    {
                        await _ending.CancelAsync();
                    }
                }
            }
        }
        finally
        {
            // Left early only by what may not happen, or because the journal cannot be written: nothing goes on without anybody who looks at it.
            await _ending.CancelAsync();
            await Task.WhenAll(running.Select(step => step.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default)));
        }

        return setbacks.Count > 0
            ? new Setback(
                string.Join("; ", setbacks.Select(s => s.Why)),
                setbacks.Any(s => s.Then == OnFailure.Undo) ? OnFailure.Undo : OnFailure.Stop,
                setbacks.Any(s => s.As == Conclusion.Failed) ? Conclusion.Failed : setbacks[0].As)
            : waiting.TryPeek(out var next) ? new Setback($"it was stopped before step '{next.Id}'", next.OnFailure, Conclusion.Cancelled)
            : null;
    }

    private void FlushForAll()
    {
        TrailUnwritableException? problem = null;
        try
        {
            run.Journal.Flush();
        }
        catch (TrailUnwritableException e)
        {
            problem = e;
        }

        while (_beginning.TryDequeue(out var next))
        {
            if (problem is null)
            {
                next.SetResult();
            }
            else
            {
                next.SetException(problem);
            }
        }
    }
}
