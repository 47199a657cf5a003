using System.Collections.Immutable;
using Runbooks.Engine.Journal;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Planning;
using Runbooks.Engine.Ports;

namespace Runbooks.Engine.Running;

/// <summary>What all parts of one run share.</summary>
internal sealed class RunScope
{
    public required RunRequest Request { get; init; }

    public required EnginePorts Ports { get; init; }

    public required Planner Planner { get; init; }

    public required JournalWriter Journal { get; init; }

    public required IRunFolder Folder { get; init; }

    public required IRunObserver Observer { get; init; }

    /// <summary>Grows with what is computed from secrets while the run goes on.</summary>
    public required SecretMask Mask { get; set; }

    public required DateTimeOffset Started { get; init; }

    /// <summary>When this process took it in hand: later than <see cref="Started"/> in a run that is resumed.</summary>
    public required DateTimeOffset Began { get; init; }

    /// <summary>Digest of the plan that holds: in a run that is resumed the one of its begin, unless the operator accepted another.</summary>
    public required string Basis { get; init; }

    /// <summary>The fold over everything that was written so far.</summary>
    public required Func<RunState> State { get; init; }

    /// <summary>The names and values so far; they grow with each captured output.</summary>
    public required PartScopes Scopes { get; init; }

    /// <summary>The run whose backups count: this one, or the one that it takes back.</summary>
    public RunState KeptBackups => Request.Undone ?? State();

    public Plan Plan => Request.Plan;

    public CheckContext CheckContext => new()
    {
        Ports = Ports,
        ProjectDirectory = Plan.ProjectDirectory,
        RunStarted = Started,
        Marks = Marks(""),
        Mask = Mask.Text,
    };

    /// <summary>By these a process of the run is found, whatever became of its parents.</summary>
    public ImmutableSortedDictionary<string, string> Marks(string step) =>
        ImmutableSortedDictionary<string, string>.Empty.Add("RUNBOOK_RUN", Request.RunId).Add("RUNBOOK_STEP", step);

    /// <summary>What ends the present part of the run. While it undoes, the first request to stop has had its effect and only the second counts.</summary>
    public StopTokens Stop => IsUndoing ? new StopTokens(Request.Stop.Kill, Request.Stop.Kill) : Request.Stop;

    public bool IsUndoing { get; private set; }

    public bool IsStopping => Stop.Interrupt.IsCancellationRequested || Stop.Kill.IsCancellationRequested;

    /// <summary>These are shown nowhere from now on: not by the run, and not by whoever shows what becomes of it.</summary>
    public void Hide(IEnumerable<string> secrets)
    {
        var more = Mask.With(secrets);
        if (more != Mask)
        {
            Request.Hidden(secrets);
            Mask = more;
        }
    }

    public void BeginUndo() => IsUndoing = true;
}
