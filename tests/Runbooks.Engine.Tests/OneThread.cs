namespace Runbooks.Engine.Tests;

/// <summary>Runs tasks on the caller's thread, one after the other, so that "nothing else is going on" can be known and the clock moves only then.</summary>
internal sealed class OneThread : TaskScheduler
{
    private readonly Queue<Task> _waiting = new();

    public void RunAll()
    {
        while (_waiting.TryDequeue(out var task))
        {
            TryExecuteTask(task);
        }
    }

    protected override IEnumerable<Task> GetScheduledTasks() => _waiting;

    protected override void QueueTask(Task task) => _waiting.Enqueue(task);

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;
}
