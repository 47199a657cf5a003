using System.Text;

namespace Runbooks.Cli.Tests;

/// <summary>Processes that carry the mark of a run, whoever their parents are.</summary>
internal static class MarkedProcesses
{
    /// <summary>Those that are alive.</summary>
    internal static List<(int Pid, string CommandLine)> Alive(string runId)
    {
        var mark = Encoding.UTF8.GetBytes($"RUNBOOK_RUN={runId}\0");
        var found = new List<(int, string)>();
        foreach (var folder in Directory.EnumerateDirectories("/proc").Where(f => char.IsAsciiDigit(Path.GetFileName(f)[0])))
        {
            try
            {
                if (File.ReadAllBytes(folder + "/environ").AsSpan().IndexOf(mark) >= 0 && IsAlive(folder))
                {
                    found.Add((int.Parse(Path.GetFileName(folder)), File.ReadAllText(folder + "/cmdline").Replace('\0', ' ')));
                }
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
            {
                // It ended while it was looked at, or belongs to somebody else.
            }
        }

        return found;
    }

    private static bool IsAlive(string folder)
    {
        var stat = File.ReadAllText(folder + "/stat");
        return stat[(stat.LastIndexOf(')') + 2)..][0] is not ('Z' or 'X');
    }
}
