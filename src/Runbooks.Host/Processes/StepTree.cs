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

    /// <summary>The child has started. It is not yet waited for, so it is in the table, at least as a zombie.</summary>
    internal void ChildIs(int pid) => _families.Started(() =>
    {
        Child = pid;
        ChildStarted = Platform.Look(pid)?.Started ?? 0;
        Sessions.Add(pid);
    });

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

            // Never our own group: a child's is its own from the first moment, so that would be a bug, and a deadly one.
            if (member is null || group.Key <= 1 || group.Key == Libc.GetGroup(0))
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
