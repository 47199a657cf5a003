using Runbooks.Engine.Ports;
using Runbooks.Host.Processes.Native;

namespace Runbooks.Host.Processes;

/// <summary>The child of one run and everything that descends from it, wherever it went.</summary>
/// <remarks>
/// A descendant is known by one of: its chain of parents; its session (the child leads its own, and a process cannot enter another's);
/// having been seen before; the marker in the environment it started with; being an orphan nobody else can own. The rules are in
/// <see cref="Families"/>, because they need to know the other trees.
/// </remarks>
internal sealed class StepTree
{
    /// <summary>The names that tell whose a process is, when the plan sets them.</summary>
    internal static readonly string[] MarkerNames = ["RUNBOOK_RUN", "RUNBOOK_STEP"];

    private readonly Families _families;

    internal StepTree(Families families, byte[][] markers)
    {
        _families = families;
        Markers = markers;
    }

    /// <summary>Entries (NAME=value) that the child's environment holds.</summary>
    internal byte[][] Markers { get; }

    /// <summary>0 until it is started.</summary>
    internal int Child { get; private set; }

    internal ulong ChildStarted { get; private set; }

    /// <summary>The child's end was asked for, so its pid may name another process by now.</summary>
    internal bool ChildReaped { get; set; }

    /// <summary>The run is under way; false for a tree that left processes behind on purpose.</summary>
    internal bool Live { get; set; } = true;

    internal HashSet<int> Sessions { get; } = [];

    internal HashSet<(int Pid, ulong Started)> Known { get; } = [];

    internal void ChildIs(int pid)
    {
        Child = pid;
        // It is our child and not yet waited for, so it is in the table, at least as a zombie.
        ChildStarted = Platform.Look(pid)?.Started ?? 0;
        Sessions.Add(pid);
    }

    /// <summary>Everything of this tree that is alive now, the child included. Adopted zombies are buried on the way.</summary>
    internal List<TableEntry> Alive() => _families.AliveOf(this);

    /// <summary>Sends a signal to every given process once: by group, because that reaches also what forks meanwhile.</summary>
    internal static void Send(IReadOnlyCollection<TableEntry> processes, int signal)
    {
        foreach (IGrouping<int, TableEntry> group in processes.GroupBy(process => process.Group))
        {
            // A pid can name another process by now; the time of its start cannot lie. A group's number is not used again while it has a member.
            TableEntry? member = null;
            foreach (TableEntry process in group)
            {
                if (Platform.Look(process.Pid) is { } now && now.Started == process.Started && now.Group == process.Group)
                {
                    member = now;
                    break;
                }
            }

            if (member is null || group.Key <= 1)
            {
                continue;
            }

            // ESRCH: gone meanwhile. EPERM: another user's; it is found alive at the end and named as a survivor.
            _ = Libc.Kill(-group.Key, signal);
            if (signal != Platform.SigStop && group.Any(process => process.Frozen))
            {
                _ = Libc.Kill(-group.Key, Platform.SigContinue);
            }
        }
    }

    internal static Survivor Name(TableEntry process) => new(process.Pid, Platform.CommandLine(process.Pid));
}

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

    /// <summary>The run is over. What it left alive stays known, so that no later run takes it for its own.</summary>
    internal void Leave(StepTree tree)
    {
        lock (_lock)
        {
            tree.Live = false;
            _trees.RemoveAll(each => !each.Live && each.Known.Count == 0);
        }
    }

    internal List<TableEntry> AliveOf(StepTree tree)
    {
        lock (_lock)
        {
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
        int length = System.Text.Encoding.ASCII.GetBytes(name + '=', start);
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
