using System.Collections.Immutable;
using Runbooks.Engine.Ports;
using Runbooks.Host.Processes.Native;

namespace Runbooks.Host.Processes;

/// <summary>Who else has a pipe open.</summary>
internal static class PipeHolders
{
    /// <param name="readEnds">Our ends of the pipes.</param>
    /// <param name="tree">Where to look when descriptors cannot be looked at.</param>
    /// <returns>Never empty: a holder that cannot be found is said to be unknown (pid 0).</returns>
    internal static ImmutableArray<Survivor> Find(IEnumerable<int> readEnds, StepTree tree)
    {
        List<TableEntry> alive = tree.Alive();
        var holders = new List<TableEntry>();
        if (OperatingSystem.IsLinux())
        {
            HashSet<string> pipes = [.. readEnds.Select(fd => Target($"/proc/self/fd/{fd}")).OfType<string>()];
            var table = new List<TableEntry>(256);
            Platform.Snapshot(table);
            holders = table.FindAll(process => process.Pid != Environment.ProcessId && !process.Ended && HasOpen(process.Pid, pipes));
        }

        if (holders.Count == 0)
        {
            holders = alive;
        }

        return holders.Count > 0
            ? [.. holders.Select(StepTree.Name)]
            : [new Survivor(0, "unknown: a process whose open files cannot be read")];
    }

    private static bool HasOpen(int pid, HashSet<string> pipes)
    {
        foreach (int fd in Linux.Numbers($"/proc/{pid}/fd"))
        {
            if (Target($"/proc/{pid}/fd/{fd}") is { } target && pipes.Contains(target))
            {
                return true;
            }
        }

        return false;
    }

    private static string? Target(string link)
    {
        try
        {
            return new FileInfo(link).LinkTarget;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            // Closed or ended meanwhile: it does not hold the pipe any more.
            return null;
        }
    }
}
