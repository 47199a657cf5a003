using Runbooks.Engine.Journal;
using Runbooks.Engine.Ports;

namespace Runbooks.Engine.Running;

/// <summary>The locks of the playbooks of which a plan consists: whoever runs one of them alone meanwhile is refused, and the other way round.</summary>
internal sealed class PartLocks(RunScope run, ILocks locks, IRunStore store) : IDisposable
{
    private readonly List<IDisposable> _held = [];

    /// <summary>Takes them all; nobody is waited for, so that two runs cannot wait for each other.</summary>
    /// <returns>Null when they are held; else who holds one of them.</returns>
    public string? Take()
    {
        foreach (var part in run.Plan.Parts.Where(p => p.Lock != run.Plan.Lock).DistinctBy(p => p.Lock, StringComparer.Ordinal))
        {
            var answer = locks.Take(part.Lock, run.Request.Holder(run.Ports.Time.GetUtcNow()));
            if (answer.Held is not { } held)
            {
                return $"part '{part.Id}': {LockRefusals.Of(part.Lock, answer, store)}";
            }

            _held.Add(held);
            run.Journal.Append(new LockTaken(part.Lock) { Left = answer.Left?.Text, Part = part.Id });
        }

        return null;
    }

    public void Dispose() => _held.ForEach(h => h.Dispose());
}
