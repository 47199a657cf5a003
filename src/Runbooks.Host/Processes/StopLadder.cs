using System.Collections.Immutable;
using Runbooks.Engine.Ports;
using Runbooks.Host.Processes.Native;

namespace Runbooks.Host.Processes;

/// <summary>Ends a tree: INT, a grace, TERM, a grace, KILL until nothing is left or the bound is reached.</summary>
/// <remarks>It never waits: <see cref="Advance"/> does what is due, so that the child's output keeps flowing while it cleans up.</remarks>
internal sealed class StopLadder(StepTree tree, TimeProvider time, TimeSpan grace)
{
    private static readonly TimeSpan KillBound = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(15);

    /// <summary>How often a storm of forks is looked at, frozen and looked at again before what was found is killed.</summary>
    private const int FreezePasses = 20;

    private readonly HashSet<(int Pid, ulong Started)> _killed = [];
    private Rung _rung;
    private long _since;
    private long _looked;

    internal enum Rung
    {
        None,
        Interrupt,
        Terminate,
        Kill,
    }

    internal bool Begun => _rung != Rung.None;

    /// <summary>Nothing of the tree is alive, or the bound is reached (see <see cref="Survivors"/>).</summary>
    internal bool Finished { get; private set; }

    internal ImmutableArray<Survivor> Survivors { get; private set; } = [];

    /// <summary>Goes to a rung; never back down.</summary>
    internal void ClimbTo(Rung rung)
    {
        if (rung <= _rung)
        {
            return;
        }

        _rung = rung;
        _since = time.GetTimestamp();
        _looked = 0;
        if (rung != Rung.Kill)
        {
            StepTree.Send(tree.Alive(), rung == Rung.Interrupt ? Libc.SigInt : Libc.SigTerm);
        }
    }

    /// <summary>Does what is due.</summary>
    /// <param name="childEnded">The child itself has ended: only then can the tree be empty.</param>
    internal void Advance(bool childEnded)
    {
        if (!Begun || Finished)
        {
            return;
        }

        if (_rung is Rung.Interrupt or Rung.Terminate && time.GetElapsedTime(_since) >= grace)
        {
            ClimbTo(_rung + 1);
        }

        if (_rung == Rung.Kill)
        {
            Kill(childEnded);
        }
        else if (childEnded && (_looked == 0 || TimeProvider.System.GetElapsedTime(_looked) >= LookEvery))
        {
            // Looking at the table costs a millisecond or more: not after every chunk of a flood.
            _looked = TimeProvider.System.GetTimestamp();
            Finished = tree.Alive().Count == 0;
        }
    }

    private void Kill(bool childEnded)
    {
        List<TableEntry> alive = tree.Alive();
        if (alive.Count == 0 && childEnded)
        {
            Finished = true;
            return;
        }

        if (alive.Exists(IsNew))
        {
            // In the first round everything is new and one signal per group ends it. What is new later was forked meanwhile:
            // frozen processes do not fork, so freeze until a look finds nobody new, then kill them all.
            for (int pass = 0; _killed.Count > 0 && pass < FreezePasses && alive.Exists(process => IsNew(process) && !process.Frozen); pass++)
            {
                StepTree.Send(alive.FindAll(process => !process.Frozen), Platform.SigStop);
                alive = tree.Alive();
            }

            _killed.UnionWith(alive.Select(process => (process.Pid, process.Started)));
            StepTree.Send(alive, Libc.SigKill);
        }

        if (time.GetElapsedTime(_since) >= KillBound)
        {
            Finished = true;
            Survivors = [.. tree.Alive().Select(StepTree.Name)];
        }
    }

    private bool IsNew(TableEntry process) => !_killed.Contains((process.Pid, process.Started));
}
