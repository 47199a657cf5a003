using System.Collections.Immutable;
using System.Text.Json;

namespace Runbooks.Engine.Journal;

/// <summary>Where a step stands.</summary>
public enum StepStanding
{
    NotReached,
    Skipped,

    /// <summary>Its intent is on record and its outcome is not: it may have happened, in part, or not at all.</summary>
    InDoubt,

    Succeeded,

    Failed,
}

/// <summary>Where the undo of a step stands.</summary>
public enum UndoStanding
{
    /// <summary>There was none, or none was needed.</summary>
    None,

    /// <summary>It was begun, and its outcome is not on record.</summary>
    InDoubt,

    /// <summary>What the step changed was put back, and the undo's validations hold.</summary>
    Undone,

    Failed,

    /// <summary>The step is left as it is.</summary>
    Left,
}

/// <summary>What the journal says of a step.</summary>
public sealed record StepState(StepHead Head, StepStanding Standing)
{
    /// <summary>How often it was begun.</summary>
    public int Attempts { get; init; }

    /// <summary>The last outcome; null when there is none.</summary>
    public StepEnded? Ended { get; init; }

    public DateTimeOffset? BegunAt { get; init; }

    public string SkipReason { get; init; } = "";

    /// <summary>Its checks' answers, in order.</summary>
    public ImmutableArray<CheckAnswered> Checks { get; init; } = [];

    /// <summary>All checks after its last outcome were answered.</summary>
    public bool IsValidated(int checks) => Checks.Count(c => c.Phase == "step") >= checks;

    public ImmutableArray<FileKept> Kept { get; init; } = [];

    /// <summary>The last time that a person let the run pass it; null when nobody was asked.</summary>
    public ApprovalGiven? Approval { get; init; }

    /// <summary>When that was.</summary>
    public DateTimeOffset? ApprovedAt { get; init; }

    /// <summary>The last backup that it put on record; null when there is none.</summary>
    public BackupMade? Backup { get; init; }

    /// <summary>What its kind found before the first attempt; null when it looked at nothing.</summary>
    public JsonElement? StateBefore { get; init; }

    /// <summary>What its last attempt has left; null when that is not on record.</summary>
    public JsonElement? StateAfter { get; init; }

    /// <summary>An attempt of it changed something, not only the last.</summary>
    public bool Changed { get; init; }

    public UndoStanding Undo { get; init; }

    /// <summary>How often its undo was begun.</summary>
    public int UndoAttempts { get; init; }

    /// <summary>Answers of the undo's validations after its last outcome.</summary>
    public int UndoChecks { get; init; }

    /// <summary>Why the undo failed, or why the step is left; empty otherwise.</summary>
    public string UndoProblem { get; init; } = "";

    /// <summary>True when the step changed something or may have, whether it was taken back or not.</summary>
    public bool WasBegunWithEffect => Head.Effect != "read"
        && (Standing == StepStanding.InDoubt || (Standing is StepStanding.Succeeded or StepStanding.Failed && Changed));

    /// <summary>True when the world may be different because of it.</summary>
    public bool MayHaveChanged => WasBegunWithEffect && Undo != UndoStanding.Undone;
}

/// <summary>A run as its journal tells it: everything that is shown is this fold.</summary>
public sealed record RunState
{
    public RunStarted? Started { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Who has it in hand: who started it, or resumed it last.</summary>
    public Operator? Operator { get; init; }

    /// <summary>The playbook and the plan that hold.</summary>
    public RunBasis? Basis { get; init; }

    /// <summary>How often it was resumed.</summary>
    public int Resumed { get; init; }

    /// <summary>A list whose items can be replaced cheaply: each event replaces one, in a run of ten thousand.</summary>
    public ImmutableList<StepState> Steps { get; init; } = [];

    private ImmutableDictionary<string, int> Positions { get; init; } = ImmutableDictionary.Create<string, int>(StringComparer.Ordinal);

    public ImmutableArray<CheckAnswered> Guards { get; init; } = [];

    public ImmutableArray<CheckAnswered> Validations { get; init; } = [];

    public ImmutableArray<string> PreflightProblems { get; init; } = [];

    public string Lock { get; init; } = "";

    /// <summary>The saved plan that this run took; null when it did not come from one.</summary>
    public PlanTaken? SavedPlan { get; init; }

    public string StopSignal { get; init; } = "";

    /// <summary>A person said no at a gate: nothing after it is begun.</summary>
    public bool IsDenied { get; init; }

    /// <summary>"Name &lt;mail&gt;" of the operator's git configuration; empty when there is none.</summary>
    public string GitIdentity { get; init; } = "";

    /// <summary>Why what was changed is taken back; empty when it is not.</summary>
    public string UndoWhy { get; init; } = "";

    /// <summary>Null while the run has no conclusion: it is running, or it was interrupted.</summary>
    public RunEnded? Ended { get; init; }

    public bool IsSealed { get; init; }

    public static RunState Of(JournalContent journal) => journal.Lines.Aggregate(new RunState(), (state, line) => state.Apply(line));

    public RunState Apply(JournalLine line) => line.Event switch
    {
        RunStarted started => this with
        {
            Started = started,
            Operator = started.Operator,
            Basis = new RunBasis("playbook.yml", started.PlaybookSha256, "plan.json", started.PlanDigest) { Parts = started.Parts },
            StartedAt = line.Time,
            Steps = [.. started.Steps.Select(h => new StepState(h, StepStanding.NotReached))],
            Positions = started.Steps.Select((head, index) => (head.Id, index)).DistinctBy(p => p.Id, StringComparer.Ordinal).ToImmutableDictionary(p => p.Id, p => p.index, StringComparer.Ordinal),
        },
        OperatorIdentified identified => this with { GitIdentity = identified.GitIdentity },
        LockTaken { Part: null } taken => this with { Lock = taken.Name },
        PlanTaken taken => this with { SavedPlan = taken },
        PreflightDone preflight => this with { PreflightProblems = preflight.Problems },
        CheckAnswered { Phase: "guard" } guard => this with { Guards = Guards.Add(guard) },
        CheckAnswered { Phase: "validation" } validation => this with { Validations = Validations.Add(validation) },
        CheckAnswered check => Update(check.Step, s => AfterCheck(s, check)),
        StepSkipped skipped => Update(skipped.Step, s => s with { Standing = StepStanding.Skipped, SkipReason = skipped.Reason }),
        StepIntended { Undo: true } intended => Update(intended.Step, s => s with { Undo = UndoStanding.InDoubt, UndoAttempts = intended.Attempt, UndoChecks = 0 }),
        StepIntended intended => Update(intended.Step, s => s with
        {
            Standing = StepStanding.InDoubt,
            Attempts = intended.Attempt,
            BegunAt = s.BegunAt ?? line.Time,
            StateAfter = null,
            // The attempt before has no outcome on record: it may have changed something, whatever this one says.
            Changed = s.Changed || s.Standing == StepStanding.InDoubt,
            Checks = s.Checks.RemoveAll(c => c.Phase == "step"),
        }),
        RunResumed resumed => this with { Operator = resumed.Operator, Basis = resumed.Basis ?? Basis, Resumed = Resumed + 1, Guards = [], PreflightProblems = [], Validations = [], StopSignal = "" },
        StepSettled { As: "done", Undo: true } settled => Update(settled.Step, s => s with { Undo = UndoStanding.Undone }),
        StepSettled { As: "done" } settled => Update(settled.Step, s => s with { Standing = StepStanding.Succeeded, Changed = true }),
        FileKept { Undo: true } or StateKept { Undo: true } or StateLeft { Undo: true } => this,
        FileKept kept => Update(kept.Step, s => s with { Kept = s.Kept.Add(kept) }),
        BackupMade { Undo: true } => this,
        BackupMade made => Update(made.Step, s => s with { Backup = made }),
        // The first is the one from before the step: an attempt that is made again looks again.
        StateKept kept => Update(kept.Step, s => s with { StateBefore = s.StateBefore ?? kept.State }),
        StateLeft left => Update(left.Step, s => s with { StateAfter = left.State }),
        StepEnded { Undo: true } ended => Update(ended.Step, s => s with { Undo = ended.Failure is null ? UndoStanding.Undone : UndoStanding.Failed, UndoProblem = ended.Failure ?? "" }),
        StepEnded ended => Update(ended.Step, s => s with { Standing = ended.Failure is null ? StepStanding.Succeeded : StepStanding.Failed, Ended = ended, Changed = s.Changed || ended.Changed }),
        ApprovalGiven given => Update(given.Step, s => s with { Approval = given, ApprovedAt = line.Time }),
        ApprovalDenied => this with { IsDenied = true },
        UndoBegun begun => this with { UndoWhy = begun.Why },
        StepLeft left => Update(left.Step, s => s with { Undo = UndoStanding.Left, UndoProblem = left.Reason }),
        StopRequested stop => this with { StopSignal = stop.Signal },
        RunEnded ended => this with { Ended = ended },
        RunSealed => this with { IsSealed = true },
        _ => this,
    };

    private static StepState AfterCheck(StepState step, CheckAnswered check)
    {
        if (check.Phase == "undo")
        {
            step = step with { UndoChecks = step.UndoChecks + 1 };
            return check.Verdict == "holds" || step.Undo != UndoStanding.Undone
                ? step
                : step with { Undo = UndoStanding.Failed, UndoProblem = $"'{check.Name}' {(check.Verdict == "unknown" ? "is unknown" : "does not hold")}: {check.Observed}" };
        }

        var failed = check.Phase == "step" && check.Verdict != "holds" && step.Standing == StepStanding.Succeeded;
        return step with { Checks = step.Checks.Add(check), Standing = failed ? StepStanding.Failed : step.Standing };
    }

    private RunState Update(string id, Func<StepState, StepState> change) =>
        Positions.TryGetValue(id, out var index) ? this with { Steps = Steps.SetItem(index, change(Steps[index])) } : this;

}
