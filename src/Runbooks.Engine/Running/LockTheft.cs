using Runbooks.Engine.Journal;
using Runbooks.Engine.Ports;

namespace Runbooks.Engine.Running;

/// <summary>Takes a lock from a run that holds it: that run is asked to end, and its end is waited for. Never is it taken from one that lives. See src/decisions/0009-locks.md.</summary>
internal sealed class LockTheft(RunScope run, ILocks locks, LockHolder holder)
{
    /// <summary>How long the other run may take to end its step and to take back what it changed.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    /// <returns>The lock; or who holds it still, and why that run was not asked or did not end.</returns>
    public async Task<(LockAnswer Answer, string Problem)> TakeAsync()
    {
        var (machine, time, stop) = (run.Ports.Machine, run.Ports.Time, run.Stop.Interrupt);
        var still = new LockAnswer(null, holder, null);
        if (holder.ProcessId <= 0 || holder.ProcessStamp.Length == 0)
        {
            return (still, "; it is not stolen: which process that is cannot be found out");
        }

        if (holder.Host != machine.HostName)
        {
            return (still, $"; it is not stolen: that run is on {holder.Host}, and can only be ended there");
        }

        // On record before the other run feels it.
        run.Journal.Append(new LockClaimed(run.Plan.Lock, holder.Text));
        run.Journal.Flush();
        if (machine.AskToEnd(holder.ProcessId, holder.ProcessStamp) is { } refused)
        {
            // It may have ended by itself just now.
            var now = locks.Take(run.Plan.Lock, run.Request.Holder(time.GetUtcNow()));
            return (now, $"; it is not stolen, process {holder.ProcessId} could not be asked to end: {refused}");
        }

        var asked = time.GetTimestamp();
        while (true)
        {
            var answer = locks.Take(run.Plan.Lock, run.Request.Holder(time.GetUtcNow()));
            if (answer.Held is not null || answer.Holder is null)
            {
                return (answer, "");
            }

            if (answer.Holder.RunId.Length > 0 && answer.Holder.RunId != holder.RunId)
            {
                return (answer, $"; {holder.Text} was asked to end and has, and this one was faster");
            }

            if (time.GetElapsedTime(asked) >= Patience)
            {
                return (answer, $"; it was asked to end and has not within {Patience.TotalMinutes:0} minutes: wait for it, or look at process {holder.ProcessId}");
            }

            try
            {
                await Task.Delay(Look, time, stop);
            }
            catch (OperationCanceledException) when (run.IsStopping)
            {
                return (answer, "; it was asked to end, and this run was stopped before it had");
            }
        }
    }
}
