using Runbooks.Engine.Journal;
using Runbooks.Engine.Ports;
using Runbooks.Engine.Running;
using Runbooks.Engine.Signing;

namespace Runbooks.Engine.Resuming;

/// <summary>Seals a run that was interrupted and that nobody will go on with.</summary>
public sealed class Aborter(EnginePorts ports, IRunStore store, ILocks locks)
{
    /// <param name="key">Signs the seal; null when nobody does.</param>
    /// <returns>Null when it is sealed; else why it is not.</returns>
    public string? Abort(PastRun past, Operator who, string reason, SigningKey? key = null)
    {
        var name = past.State.Lock;
        var answer = name.Length > 0 ? locks.Take(name, new LockHolder($"the end of run {past.RunId} by {who.User} on {who.Host} (process {who.ProcessId})", "", who.ProcessStamp, ports.Time.GetUtcNow())) : null;
        if (answer is { Held: null })
        {
            return LockRefusals.Of(name, answer, store);
        }

        using (answer?.Held)
        {
            if (PastRun.Load(store, past.RunId).Run is not { } now || now.Head != past.Head)
            {
                return "it went on while this was prepared: look at it again";
            }

            var alive = ports.Processes.Marked("RUNBOOK_RUN", past.RunId);
            if (!alive.IsEmpty)
            {
                return $"processes of it are still alive: {string.Join(", ", alive.Select(p => $"{p.Pid} {p.CommandLine}"))}";
            }

            var (folder, problem) = store.Open(past.RunId, past.Length);
            if (folder is null)
            {
                return problem;
            }

            using (folder)
            {
                try
                {
                    if (past.State.IsSealed)
                    {
                        return past.EnterLate(store, folder, ports.Time.GetUtcNow(), $"{who.User} on {who.Host}{(reason.Length > 0 ? $" ({reason})" : "")}");
                    }

                    var journal = new JournalWriter(folder, ports.Time, (_, _) => { }, past.Count, past.Head);
                    journal.Append(new RunResumed(who, reason, "", past.TornBytes));
                    past.EnsureEntered(store, journal);
                    journal.Append(new RunEnded { Conclusion = Conclusion.Cancelled, ExitCode = ExitCodes.Interrupted, Why = reason.Length > 0 ? $"it was aborted: {reason}" : "it was aborted", ElapsedMs = 0 });
                    journal.Seal(past.RunId, Conclusion.Cancelled, key);
                    return null;
                }
                catch (TrailUnwritableException e)
                {
                    return $"its journal cannot be written: {e.Message}";
                }
            }
        }
    }
}
