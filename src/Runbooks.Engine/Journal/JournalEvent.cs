using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Runbooks.Engine.Journal;

/// <summary>Something that happened in a run. Versioned: an event that was ever written can be read for ever.</summary>
public abstract record JournalEvent
{
    private protected JournalEvent(string type) => Type = type;

    /// <summary>Its name in the journal.</summary>
    [JsonPropertyOrder(-1)]
    public string Type { get; }
}

/// <summary>The first event: what is run, where, by whom and why.</summary>
public sealed record RunStarted() : JournalEvent("run.started")
{
    public required string RunId { get; init; }

    public required string Playbook { get; init; }

    public required string PlaybookVersion { get; init; }

    public required string PlaybookPath { get; init; }

    public required string PlaybookSha256 { get; init; }

    public required string PlanDigest { get; init; }

    public required string Project { get; init; }

    public required string Engine { get; init; }

    public required Operator Operator { get; init; }

    /// <summary>Why it is run, in the operator's words; empty when not said.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The run that this one takes back; null when it takes back none.</summary>
    public string? Undoes { get; init; }

    /// <summary>True when a person performed the steps and said what came of them, and the tool only kept the record; null otherwise.</summary>
    public bool? ByHand { get; init; }

    /// <summary>Every step of the plan, in order: so that what was not reached is known too.</summary>
    public required ImmutableArray<StepHead> Steps { get; init; }

    /// <summary>The playbooks for which steps of this one stand; null when there are none.</summary>
    public ImmutableArray<PartCopy>? Parts { get; init; }
}

/// <summary>A playbook of which the plan of a run consists, as it was run.</summary>
/// <param name="Id">Of the step that stands for it.</param>
/// <param name="Path">As messages name it.</param>
/// <param name="Copy">Name under the run's folder.</param>
public sealed record PartCopy(string Id, string Path, string Copy, string Sha256);

/// <param name="Line">Where it stands in the playbook, from 1.</param>
public readonly record struct StepHead(string Id, string Name, string Kind, string Effect, int Line = 0);

/// <summary>Who runs it.</summary>
/// <param name="ProcessStamp">Tells a process from a later one with the same id: boot and start time; empty where it cannot be had.</param>
/// <param name="CiUrl">The page of the CI run that started it; empty outside CI.</param>
public sealed record Operator(string User, string Host, int ProcessId, string ProcessStamp, string CiUrl);

/// <summary>Somebody goes on with a run that was interrupted.</summary>
/// <param name="LostBytes">Of a last line that was not written to its end and was taken away.</param>
public sealed record RunResumed(Operator Operator, string Reason, string Engine, long LostBytes) : JournalEvent("run.resumed")
{
    /// <summary>The playbook and the plan that hold from here on, when the operator accepted that they changed; null when nothing did.</summary>
    public RunBasis? Basis { get; init; }
}

/// <param name="Playbook">Name under the run's folder.</param>
/// <param name="Plan">Name under the run's folder.</param>
public sealed record RunBasis(string Playbook, string PlaybookSha256, string Plan, string PlanDigest)
{
    /// <summary>The playbooks that it is made of; null when there are none.</summary>
    public ImmutableArray<PartCopy>? Parts { get; init; }
}

/// <summary>A step that was in doubt is in doubt no longer.</summary>
/// <param name="As">done, or again: it is performed once more.</param>
/// <param name="Because">What told it: a validation, the kind of the step, the operator.</param>
public sealed record StepSettled(string Step, string As, string Because) : JournalEvent("step.settled")
{
    /// <summary>True when the undo of the step was in doubt; null otherwise.</summary>
    public bool? Undo { get; init; }
}

/// <summary>Git said who the operator is. On record before the first step; an event of its own, because the answer comes from a program and nothing waits for it.</summary>
/// <param name="GitIdentity">"Name &lt;mail&gt;".</param>
public sealed record OperatorIdentified(string GitIdentity) : JournalEvent("operator.identified");

/// <summary>The run that holds the lock is about to be asked to end, because the operator wants its lock.</summary>
/// <param name="Holder">Who that is: run, user, host, process.</param>
public sealed record LockClaimed(string Name, string Holder) : JournalEvent("lock.claimed");

public sealed record LockTaken(string Name) : JournalEvent("lock.taken")
{
    /// <summary>Who held it and let go of it because this run asked for it; null when nobody did.</summary>
    public string? StolenFrom { get; init; }

    /// <summary>Who held it last and ended without letting go of it; null when it was free.</summary>
    public string? Left { get; init; }

    /// <summary>The part of the plan whose lock it is; null for the lock of the run.</summary>
    public string? Part { get; init; }
}

/// <summary>The saved plan that is run belongs to this run from here on: no other run may use it.</summary>
/// <param name="SignedBy">Fingerprint of the key whose signature was asked for; empty when none was.</param>
public sealed record PlanTaken(string PlanId, string SignedBy) : JournalEvent("plan.taken");

/// <summary>A check was asked until it held or its time was over.</summary>
public sealed record CheckAnswered() : JournalEvent("check.answered")
{
    /// <summary>guard, step, until, undo or validation.</summary>
    public required string Phase { get; init; }

    /// <summary>The step it belongs to; empty for guards and validations.</summary>
    public string Step { get; init; } = "";

    public required string Name { get; init; }

    public required string Statement { get; init; }

    /// <summary>holds, does-not-hold or unknown.</summary>
    public required string Verdict { get; init; }

    public required string Observed { get; init; }

    public ImmutableArray<string> Evidence { get; init; } = [];

    /// <summary>How often it was asked.</summary>
    public required int Asked { get; init; }

    public required long ElapsedMs { get; init; }
}

/// <summary>Everything that the steps need was looked for, before the first change.</summary>
/// <param name="Problems">Empty when all of it is there.</param>
public sealed record PreflightDone(ImmutableArray<string> Problems) : JournalEvent("preflight.done");

public sealed record StepSkipped(string Step, string Reason) : JournalEvent("step.skipped");

/// <summary>On disk before the effect: from here on, until its <see cref="StepEnded"/>, the step is in doubt.</summary>
/// <param name="Attempt">From 1.</param>
/// <param name="Actions">Exactly what will be done, in the plan's JSON form.</param>
public sealed record StepIntended(string Step, int Attempt, JsonElement Actions) : JournalEvent("step.intended")
{
    /// <summary>True when it is the step's inverse that is begun; null otherwise.</summary>
    public bool? Undo { get; init; }

    /// <summary>The steps whose backups were found whole right before this; null when it requires none.</summary>
    public ImmutableArray<string>? Backups { get; init; }

    /// <summary>Why it may destroy without a backup, in the author's words; null when it need not.</summary>
    public string? Acknowledged { get; init; }
}

/// <summary>The bytes of a file were saved before it was changed; or there was no file, and it is made.</summary>
/// <param name="Path">Absolute.</param>
/// <param name="Copy">Name under the run's folder; empty when there was no file.</param>
/// <param name="Sha256">Of the copy; empty with it.</param>
public sealed record FileKept(string Step, string Path, string Copy, string Sha256) : JournalEvent("file.kept")
{
    /// <summary>Of the bytes that take its place: by them it is known later whether somebody else was there since.</summary>
    public string? AfterSha256 { get; init; }

    /// <summary>True when it was saved by the step's inverse; null otherwise.</summary>
    public bool? Undo { get; init; }
}

/// <summary>What a step will change was looked at and is on record, before it was changed: by it the kind of the step knows the way back.</summary>
/// <param name="State">In the kind's own form; it holds no secret.</param>
public sealed record StateKept(string Step, JsonElement State) : JournalEvent("state.kept")
{
    /// <summary>True when it was kept by the step's inverse; null otherwise.</summary>
    public bool? Undo { get; init; }
}

/// <summary>What an attempt of a step has left, in the form of <see cref="StateKept"/>: by it is known later what the step has changed, and whether somebody else was there since.</summary>
public sealed record StateLeft(string Step, JsonElement State) : JournalEvent("state.left")
{
    /// <summary>True when the step's inverse has left it; null otherwise.</summary>
    public bool? Undo { get; init; }
}

/// <summary>What happened in one attempt of a step.</summary>
public sealed record StepEnded() : JournalEvent("step.ended")
{
    public required string Step { get; init; }

    public required int Attempt { get; init; }

    /// <summary>True when it was the step's inverse that ended; null otherwise.</summary>
    public bool? Undo { get; init; }

    /// <summary>Why it failed; null when it succeeded.</summary>
    public string? Failure { get; init; }

    /// <summary>False when nothing had to be done, or nothing was done.</summary>
    public required bool Changed { get; init; }

    public int? ExitCode { get; init; }

    public string Observed { get; init; } = "";

    /// <summary>Name under the run's folder; empty when the step has no output.</summary>
    public string Output { get; init; } = "";

    public long OutputLength { get; init; }

    public string OutputSha256 { get; init; } = "";

    /// <summary>Name under the run's folder of what later steps can read; null when nothing is captured.</summary>
    public string? Captured { get; init; }

    /// <summary>Of that file; null with <see cref="Captured"/>.</summary>
    public string? CapturedSha256 { get; init; }

    public required long ElapsedMs { get; init; }

    public bool TimedOut { get; init; }

    /// <summary>Processes that could not be ended: "pid command line".</summary>
    public ImmutableArray<string> Survivors { get; init; } = [];

    public ImmutableArray<string> Notes { get; init; } = [];
}

public sealed record RetryScheduled(string Step, int NextAttempt, long DelayMs) : JournalEvent("retry.scheduled");

/// <summary>From here on what was changed is taken back, in reverse order.</summary>
/// <param name="Why">What went wrong, or who asked.</param>
public sealed record UndoBegun(string Why) : JournalEvent("undo.begun");

/// <summary>A step may have changed something and is left as it is.</summary>
/// <param name="Reason">It has no inverse; or the undo of a step after it failed.</param>
public sealed record StepLeft(string Step, string Reason) : JournalEvent("step.left");

/// <summary>Somebody asked the run to stop.</summary>
/// <param name="Signal">SIGINT or SIGTERM.</param>
public sealed record StopRequested(string Signal) : JournalEvent("stop.requested");

public sealed record RunEnded() : JournalEvent("run.ended")
{
    public required Conclusion Conclusion { get; init; }

    public required int ExitCode { get; init; }

    /// <summary>Why, one sentence; empty when it succeeded.</summary>
    public string Why { get; init; } = "";

    public required long ElapsedMs { get; init; }
}

/// <summary>The last event: nothing may follow.</summary>
/// <param name="Count">How many events there are, this one included.</param>
public sealed record RunSealed(long Count) : JournalEvent("run.sealed");
