using System.Text;
using Runbooks.Host.Processes.Native;

namespace Runbooks.Host.Processes;

/// <summary>All trees of this operating-system process: its children are one set, whoever started them.</summary>
internal sealed class Families
{
    private readonly Lock _lock = new();
    private readonly List<StepTree> _trees = [];
    private readonly int _self = Libc.GetPid();
    private readonly int _ownSession = Libc.GetSession(0);

    /// <summary>A tree whose child is about to be started: from now on no other tree takes a stranger for its own.</summary>
    internal StepTree Expect(byte[][] markers)
    {
        var tree = new StepTree(this, markers);
        lock (_lock)
        {
            _trees.Add(tree);
        }

        return tree;
    }

    /// <summary>Notes a started child where the other trees look.</summary>
    internal void Started(Action note)
    {
        lock (_lock)
        {
            note();
        }
    }

    /// <summary>The run is over. What it left alive stays known, so that no later run takes it for its own.</summary>
    internal void Leave(StepTree tree)
    {
        lock (_lock)
        {
            tree.Live = false;
            _trees.RemoveAll(each => !each.Live && each.Known.Count == 0);
            BuryOrphans();
        }
    }

    internal List<TableEntry> AliveOf(StepTree tree)
    {
        lock (_lock)
        {
            if (tree.ChildReaped && Platform.HasNoChild)
            {
                // Orphans would be our children: nothing is left, and the whole table need not be read (a hundred times dearer).
                tree.Known.Clear();
                return [];
            }

            var table = new List<TableEntry>(256);
            Platform.Snapshot(table);
            Forget(table);
            var owned = new Dictionary<int, TableEntry>();
            int before;
            do
            {
                before = owned.Count;
                foreach (TableEntry process in table)
                {
                    if (!owned.ContainsKey(process.Pid) && (owned.ContainsKey(process.Parent) || Owns(tree, process)))
                    {
                        owned.Add(process.Pid, process);
                        tree.Sessions.Add(process.Session);
                    }
                }
            }
            while (owned.Count > before);

            // A number that no member holds any more can become another session's.
            tree.Sessions.IntersectWith(owned.Values.Select(process => process.Session));
            if (!tree.ChildReaped)
            {
                tree.Sessions.Add(tree.Child);
            }

            tree.Known.Clear();
            var alive = new List<TableEntry>(owned.Count);
            foreach (TableEntry process in owned.Values)
            {
                if (!process.Ended)
                {
                    tree.Known.Add((process.Pid, process.Started));
                    alive.Add(process);
                }
                else if (process.Parent == _self && process.Pid != tree.Child)
                {
                    Bury(process.Pid);
                }
            }

            return alive;
        }
    }

    /// <summary>Drops what has ended of the trees that were left behind, and the session of a child whose pid names another process now.</summary>
    private void Forget(List<TableEntry> table)
    {
        HashSet<(int, ulong)> present = [.. table.Where(process => !process.Ended).Select(process => (process.Pid, process.Started))];
        foreach (StepTree tree in _trees)
        {
            if (!tree.Live)
            {
                tree.Known.IntersectWith(present);
            }

            if (table.Exists(process => process.Pid == tree.Child && process.Started != tree.ChildStarted))
            {
                tree.Sessions.Remove(tree.Child);
            }
        }

        _trees.RemoveAll(tree => !tree.Live && tree.Known.Count == 0);
    }

    /// <summary>
    /// Waits for adopted orphans that ended unseen, so that a long run does not fill the process table. Other children of this program are in its
    /// own session, and those of steps are known: neither is touched, because somebody else waits for them.
    /// </summary>
    private void BuryOrphans()
    {
        while (!_trees.Exists(tree => tree.Live && tree.Child == 0)
            && Platform.EndedChild is var pid and > 0
            && Platform.Look(pid) is { Ended: true } ended
            && ended.Session != _ownSession
            && !_trees.Exists(tree => tree.Live && tree.Child == pid))
        {
            Bury(pid);
        }
    }

    private static unsafe void Bury(int pid)
    {
        int status;
        _ = Libc.WaitPid(pid, &status, Libc.NoHang);
    }

    private bool Owns(StepTree tree, TableEntry process)
    {
        if (process.Pid == tree.Child && process.Started == tree.ChildStarted)
        {
            return !tree.ChildReaped;
        }

        // Whatever descends from a step was born into a session that is not ours; the rest are other children of this program.
        if (process.Session == _ownSession || process.Started < tree.ChildStarted || IsChildOfAnother(tree, process))
        {
            return false;
        }

        return tree.Known.Contains((process.Pid, process.Started))
            || tree.Sessions.Contains(process.Session)
            || (process.Parent == _self && !process.Ended && OwnsOrphan(tree, process));
    }

    private bool OwnsOrphan(StepTree tree, TableEntry orphan)
    {
        ReadOnlySpan<byte> environment = Platform.EnvironmentOf(orphan.Pid);
        bool marked = false;
        bool ours = tree.Markers.Length > 0;
        foreach (string name in StepTree.MarkerNames)
        {
            marked |= Entry(environment, name).Length > 0;
        }

        foreach (byte[] marker in tree.Markers)
        {
            ours &= Holds(environment, marker);
        }

        if (ours || marked)
        {
            return ours;
        }

        // It cleared its environment. When one step runs and no earlier one left it behind, it can only be that step's.
        return _trees.Count(each => each.Live) == 1
            && !_trees.Exists(each => each != tree && (each.Known.Contains((orphan.Pid, orphan.Started)) || each.Sessions.Contains(orphan.Session)));
    }

    private bool IsChildOfAnother(StepTree tree, TableEntry process) =>
        process.Parent == _self && _trees.Exists(each => each != tree && each.Child == process.Pid && each.ChildStarted == process.Started);

    private static ReadOnlySpan<byte> Entry(ReadOnlySpan<byte> environment, string name)
    {
        Span<byte> start = stackalloc byte[64];
        int length = Encoding.ASCII.GetBytes(name + '=', start);
        foreach (Range range in environment.Split((byte)0))
        {
            if (environment[range].StartsWith(start[..length]))
            {
                return environment[range];
            }
        }

        return [];
    }

    private static bool Holds(ReadOnlySpan<byte> environment, ReadOnlySpan<byte> entry)
    {
        foreach (Range range in environment.Split((byte)0))
        {
            if (environment[range].SequenceEqual(entry))
            {
                return true;
            }
        }

        return false;
    }
}
