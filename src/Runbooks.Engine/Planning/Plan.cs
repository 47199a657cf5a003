using System.Collections.Immutable;
using Runbooks.Engine.Kinds;
using Runbooks.Language.Playbooks;
using Runbooks.Language.Templates;

namespace Runbooks.Engine.Planning;

/// <summary>The fully resolved list of what will happen: what people review, and what a run performs.</summary>
public sealed record Plan
{
    public required Playbook Playbook { get; init; }

    /// <summary>SHA-256 of the playbook's bytes, lower-case hex.</summary>
    public required string PlaybookSha256 { get; init; }

    /// <summary>Absolute.</summary>
    public required string ProjectDirectory { get; init; }

    public required string EngineVersion { get; init; }

    public required ImmutableArray<PlannedVar> Vars { get; init; }

    /// <summary>What one run at a time may hold.</summary>
    public required string Lock { get; init; }

    public required ImmutableArray<PlannedCheck> Guards { get; init; }

    public required ImmutableArray<PlannedStep> Steps { get; init; }

    public required ImmutableArray<PlannedCheck> Validations { get; init; }

    /// <summary>The names and values the plan was computed with; a run adds outputs to it.</summary>
    public required TemplateScope Scope { get; init; }

    /// <summary>The playbooks for which steps of this one stand, in the order of their steps; empty for most.</summary>
    public ImmutableArray<PlanPart> Parts { get; init; } = [];

    /// <summary>What was computed from secrets, to be masked like them. In memory only: in no form of the plan and not in its digest.</summary>
    public ImmutableArray<string> Secrets { get; init; } = [];

    /// <summary>SHA-256 over everything above except secrets, lower-case hex; see <see cref="PlanJson"/>.</summary>
    public string Digest { get; init; } = "";

    /// <summary>The playbook in which a step or a check stands.</summary>
    public Playbook PlaybookOf(string part) => part.Length == 0 ? Playbook : PartOf(part).Playbook;

    /// <param name="id">As a step or a check has it; empty for the playbook that is run.</param>
    public PlanPart PartOf(string id) => id.Length == 0 ? new PlanPart("", Playbook, Lock, Scope) : Parts.First(p => p.Id == id);
}

/// <summary>A playbook of which a plan consists.</summary>
/// <param name="Id">Of the step that stands for it, and what the ids of its own steps begin with; empty for the playbook that is run.</param>
/// <param name="Lock">What one run at a time may hold.</param>
/// <param name="Scope">Its own names and values: no other playbook sees them.</param>
public sealed record PlanPart(string Id, Playbook Playbook, string Lock, TemplateScope Scope)
{
    /// <summary>SHA-256 of the playbook's bytes, lower-case hex.</summary>
    public string Sha256 => Planner.Sha256Of(Playbook.Source);
}

/// <summary>A step as the plan holds it; one for each item of <c>for_each</c>.</summary>
public sealed record PlannedStep
{
    /// <summary>From 1, in the order of the plan.</summary>
    public required int Number { get; init; }

    /// <summary>Unique in the plan: <c>restart</c>, <c>restart[2]</c> for the second item, <c>database/restart</c> for a step of the part <c>database</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Id of the part to which it belongs; empty for the playbook that is run.</summary>
    public string Part { get; init; } = "";

    /// <summary>One line for people; may be empty.</summary>
    public string Name { get; init; } = "";

    public string Why { get; init; } = "";

    public required StepSyntax Syntax { get; init; }

    public required IStepKind Kind { get; init; }

    /// <summary>The scope its fields were computed in: the plan's, with <c>item</c>.</summary>
    public required TemplateScope Scope { get; init; }

    public string? Item { get; init; }

    /// <summary>The steps beside which it is run; null when it is run alone.</summary>
    public StepGroup? Group { get; init; }

    public PlannedCondition? Condition { get; init; }

    /// <summary>What it will do; unknown texts are filled in when the run gets there. Null for a step that is certain to be skipped.</summary>
    public StepAction? Action { get; init; }

    public required Effect Effect { get; init; }

    public required TimeSpan Timeout { get; init; }

    public required RetryPolicy Retry { get; init; }

    public ImmutableArray<PlannedCheck> Validate { get; init; } = [];

    public bool Captures { get; init; }

    /// <summary>The declared inverse as a step of its own, with the id of this one; null when there is none.</summary>
    public PlannedStep? Undo { get; init; }

    public OnFailure OnFailure { get; init; }

    /// <summary>Ids, as the playbook has them, of the steps whose backups must be there before it begins.</summary>
    public ImmutableArray<string> Backups { get; init; } = [];

    /// <summary>Why it may destroy without a backup; null when nobody says so.</summary>
    public string? Acknowledged { get; init; }

    /// <summary>A declared inverse, or one that follows from what the step saves.</summary>
    public bool CanBeUndone => Undo is not null || Action?.Inverse is not null;

    /// <summary>After it nothing can be taken back: what it destroys is gone.</summary>
    public bool IsPointOfNoReturn => Effect == Effect.Destroy && !CanBeUndone;
}

/// <summary>Steps that are run side by side. They follow each other in the plan.</summary>
/// <param name="Id">Of the step that holds them.</param>
/// <param name="Limit">How many run at the same time, at least 1.</param>
/// <param name="EndsOthers">The first failure ends those that run, and no other is begun.</param>
public sealed record StepGroup(string Id, string Name, string Why, int Limit, bool EndsOthers);

/// <param name="Expression">As written.</param>
/// <param name="Decision">What it is with the values of the plan; null while it waits for an output.</param>
public sealed record PlannedCondition(string Expression, bool? Decision);

/// <summary>How often and how fast a step is tried again.</summary>
public sealed record RetryPolicy
{
    public static RetryPolicy Once { get; } = new();

    /// <summary>In all, at least 1.</summary>
    public int Attempts { get; init; } = 1;

    public TimeSpan Delay { get; init; }

    /// <summary>fixed, linear or exponential.</summary>
    public string Backoff { get; init; } = "fixed";

    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromMinutes(1);

    public bool Jitter { get; init; }

    public ImmutableArray<PlannedCheck> Until { get; init; } = [];

    /// <summary>The wait after a failed attempt, counted from 1.</summary>
    /// <param name="random">Between 0 and 1: where in the jitter's range.</param>
    public TimeSpan DelayAfter(int attempt, double random)
    {
        var factor = Backoff switch
        {
            "linear" => attempt,
            "exponential" => Math.Pow(2, Math.Min(attempt - 1, 30)),
            _ => 1,
        };
        var wait = TimeSpan.FromMilliseconds(Math.Min(Delay.TotalMilliseconds * factor, MaxDelay.TotalMilliseconds));
        return Jitter ? wait * (0.5 + (random / 2)) : wait;
    }
}
