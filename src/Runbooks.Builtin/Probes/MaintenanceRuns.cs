using Runbooks.Advisor.Assessing.Readings;
using Runbooks.Builtin.Readiness;
using Runbooks.Engine.Journal;
using Runbooks.Engine.Ports;

namespace Runbooks.Builtin.Probes;

/// <summary>Whether traffic is stopped at the proxy, as far as that was done by the playbooks.</summary>
internal static class MaintenanceRuns
{
    private const string On = "maintenance-on";
    private const string Off = "maintenance-off";

    /// <summary>The variable with the file that nginx includes when it is there.</summary>
    private const string Switch = "switch";

    /// <param name="runs">Newest first.</param>
    /// <returns>Null when it is not, or nobody knows.</returns>
    public static MaintenanceReading? Of(IEnumerable<ReadyRun> runs, Sight sight, IRunStore store)
    {
        var last = runs.FirstOrDefault(r => r is { Started: { Undoes: null, Playbook: On or Off }, State: { IsSealed: true, Ended.Conclusion: Conclusion.Succeeded } });
        if (last?.Started.Playbook != On || RecordedPlan.VarsOf(last, store).GetValueOrDefault(Switch) is not { } path)
        {
            return null;
        }

        // Who has taken it away since by hand has let traffic in.
        var absolute = Path.GetFullPath(path, last.Started.Project);
        return sight.Ports.Files.Stat(absolute).Kind == FileKind.File ? new MaintenanceReading($"runbook runs show {last.Id}", sight.Now, last.Id, last.State.StartedAt, sight.Show(absolute)) : null;
    }
}
