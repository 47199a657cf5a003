using System.Collections.Immutable;
using Runbooks.Engine.Journal;
using Runbooks.Engine.Planning;
using Runbooks.Engine.Ports;
using Runbooks.Engine.Signing;

namespace Runbooks.Engine.Running;

/// <summary>One execution of one plan.</summary>
public sealed record RunRequest
{
    public required Plan Plan { get; init; }

    public required string RunId { get; init; }

    public required Operator Operator { get; init; }

    /// <summary>What others are told while it holds a lock.</summary>
    internal LockHolder Holder(DateTimeOffset now) => new($"run {RunId} by {Operator.User} on {Operator.Host} (process {Operator.ProcessId})", RunId, Operator.ProcessStamp, now) { Host = Operator.Host, ProcessId = Operator.ProcessId };

    /// <summary>"Name &lt;mail&gt;" of the operator's git configuration, which may still be on its way; empty when there is none.</summary>
    public Task<string> GitIdentity { get; init; } = Task.FromResult("");

    /// <summary>Why, in the operator's words; empty when not said.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The operator goes on with an interrupted run although something is not what it was: a guard that does not hold any more is on record and stops nothing.</summary>
    public bool AcceptsChanges { get; init; }

    /// <summary>The run that this one takes back; null for none.</summary>
    public string? Undoes { get; init; }

    /// <summary>What that run did; null for none.</summary>
    public RunState? Undone { get; init; }

    /// <summary>What of that run cannot be taken back, a sentence each.</summary>
    public ImmutableArray<string> Left { get; init; } = [];

    /// <summary>The saved plan that it comes from, which no other run may use; null when there is none.</summary>
    public SavedPlanUse? SavedPlan { get; init; }

    /// <summary>The operator at the terminal; null when nobody can be asked.</summary>
    public IPrompt? Prompt { get; init; }

    /// <summary>Who approved what before the run began: names by the id of the step.</summary>
    public ImmutableDictionary<string, string> Approvals { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>The operator is asked before each step. Needs a <see cref="Prompt"/>.</summary>
    public bool AsksBeforeSteps { get; init; }

    /// <summary>A person performs the steps and says what came of them. Needs a <see cref="Prompt"/>.</summary>
    public bool IsGuided { get; init; }

    /// <summary>A run that holds the lock is asked to end, and waited for.</summary>
    public bool StealsLock { get; init; }

    /// <summary>Signs the seal of the run; null when nobody does.</summary>
    public SigningKey? SealKey { get; init; }

    /// <summary>Values that must be shown nowhere.</summary>
    public ImmutableArray<string> Secrets { get; init; } = [];

    /// <summary>Told of what was computed from secrets while the run goes on, before anything can show it.</summary>
    public Action<IEnumerable<string>> Hidden { get; init; } = _ => { };

    /// <summary>Ends the run: the first asks, the second does not wait.</summary>
    public required StopTokens Stop { get; init; }

    /// <summary>The signal that asked to stop, for the journal; null when none did.</summary>
    public Func<string?> StopSignal { get; init; } = () => null;
}

/// <summary>Watches a run. What it does with it may be lost; the journal may not.</summary>
public interface IRunObserver
{
    /// <summary>An event was appended to the journal.</summary>
    /// <param name="bytes">The line as it stands in the file, with its line break; valid only during the call.</param>
    void Written(JournalLine line, ReadOnlyMemory<byte> bytes);

    /// <summary>A step wrote output; masked, at most some KiB at a time, from another thread.</summary>
    void Output(string step, ReadOnlySpan<byte> bytes);
}

/// <param name="State">The fold over everything that was written; empty when nothing could be.</param>
/// <param name="Why">One sentence; empty when it succeeded.</param>
/// <param name="Folder">The run's folder; empty when it could not be made.</param>
public sealed record RunResult(Conclusion Conclusion, int ExitCode, string Why, RunState State, string Folder);

/// <summary>The exit codes of conclusions, a contract with scripts.</summary>
public static class ExitCodes
{
    public const int Succeeded = 0;
    public const int Failed = 1;
    public const int Invalid = 2;
    public const int Refused = 3;
    public const int Undone = 4;
    public const int UndoFailed = 5;
    public const int Inconclusive = 6;
    public const int TrailUnwritable = 7;

    /// <summary>A bug in the program itself (EX_SOFTWARE of sysexits): nothing is known but what the journal says.</summary>
    public const int InternalError = 70;

    public const int Interrupted = 130;
    public const int Terminated = 143;

    public static int Of(Conclusion conclusion, string? signal) => conclusion switch
    {
        Conclusion.Succeeded => Succeeded,
        Conclusion.Failed => Failed,
        Conclusion.Refused => Refused,
        Conclusion.Undone => Undone,
        Conclusion.UndoFailed => UndoFailed,
        Conclusion.Inconclusive => Inconclusive,
        Conclusion.TrailUnwritable => TrailUnwritable,
        _ => signal == "SIGTERM" ? Terminated : Interrupted,
    };
}
