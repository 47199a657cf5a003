using System.Globalization;
using Runbooks.Engine.Journal;
using Runbooks.Engine.Ports;

namespace Runbooks.Engine.Running;

/// <summary>Why a lock was not taken: who holds it, since when, and what that run is doing.</summary>
internal static class LockRefusals
{
    public static string Of(string name, LockAnswer answer, IRunStore store)
    {
        if (answer.Holder is not { } holder)
        {
            return $"the lock '{name}' could not be taken: {answer.Problem}";
        }

        var since = holder.Since is { } time ? string.Create(CultureInfo.InvariantCulture, $" since {time.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z") : "";
        return $"the lock '{name}' is held by {holder.Text}{since}{Doing(holder, store)}";
    }

    /// <summary>The journal of the other run knows; it may be ahead of what is shown here, or lie in another store.</summary>
    private static string Doing(LockHolder holder, IRunStore store)
    {
        if (holder.RunId.Length == 0 || store.ReadJournal(holder.RunId).Bytes is not { } bytes)
        {
            return "";
        }

        var state = RunState.Of(JournalReader.Read(bytes));
        return state.Steps.FirstOrDefault(s => s.Undo == UndoStanding.InDoubt) is { } undone ? $", in the undo of step '{undone.Head.Id}'"
            : state.Steps.FirstOrDefault(s => s.Standing == StepStanding.InDoubt) is { } step ? $", in step '{step.Head.Id}'"
            : "";
    }
}
