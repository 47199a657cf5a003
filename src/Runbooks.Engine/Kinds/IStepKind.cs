using System.Collections.Immutable;
using System.Text.Json;
using Runbooks.Engine.Gates;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Playbooks;

namespace Runbooks.Engine.Kinds;

/// <summary>What every kind declares about itself: the one source of its binder, its schema, its page and its codes.</summary>
public interface IKind
{
    KindDeclaration Declaration { get; }

    /// <summary>The mistakes that only this kind can report.</summary>
    ImmutableArray<Descriptor> Descriptors => [];
}

/// <summary>A kind of step. The engine knows none by name.</summary>
public interface IStepKind : IKind
{
    /// <summary>Turns computed fields into an action. Pure: reads files through the context only, changes nothing, starts nothing.</summary>
    /// <returns>Null when something is wrong: the context was told what.</returns>
    StepAction? Plan(Inputs inputs, PlanContext context);

    /// <summary>Performs an action that this kind planned, all of whose values are known.</summary>
    Task<ActionOutcome> RunAsync(StepAction action, StepContext context);

    /// <summary>Makes the action that brings back what this kind found before it performed a step. Pure, like <see cref="Plan"/>.</summary>
    /// <param name="before">What it gave to <see cref="StepContext.KeepState"/>.</param>
    /// <param name="after">What it gave to <see cref="StepContext.LeaveState"/>; null when the step was interrupted before that.</param>
    /// <param name="context">With the environment and the folder of the step.</param>
    /// <returns>An action that this kind can perform, or a sentence that says why there is none.</returns>
    (StepAction? Action, string Problem) PlanInverse(JsonElement before, JsonElement? after, PlanContext context) => (null, "its kind cannot take it back");
}

/// <summary>What one step will do, as a value. Each kind has its own record.</summary>
public abstract record StepAction
{
    /// <summary>What the plan shows and the journal records.</summary>
    public abstract ActionPreview Preview { get; }

    /// <summary>How a person does the same where the tool must not.</summary>
    public virtual ImmutableArray<PlannedEffect> ByHand => Preview.Effects;

    /// <summary>How a person takes it back, where <see cref="Inverse"/> says that it can be; empty when that is all that can be said.</summary>
    public virtual ImmutableArray<PlannedEffect> BackByHand => [];

    public virtual ImmutableArray<Requirement> Requirements => [];

    /// <summary>Who must let the run pass at it; null when it asks nobody.</summary>
    public virtual ApprovalNeed? Approval => null;

    /// <summary>What it does to the world, when that depends on its fields (a GET only reads); null for what the kind declares.</summary>
    public Effect? Effect { get; init; }

    /// <summary>Performing it again leaves the same, also when it was half done: it need not be asked about after an interruption.</summary>
    public virtual bool IsRepeatable => false;

    /// <summary>It takes the place of what people work with: it is only planned behind a step at which a person lets the run pass.</summary>
    public virtual bool NeedsGate => false;

    /// <summary>
    /// Of an inverse: what is still to be looked at once everything else has been taken back. Null when what it brings back depends on nothing that other steps change, or is all in the hands of
    /// <paramref name="later"/>: of several that bring the same thing back, the one that was performed last counts.
    /// </summary>
    /// <param name="later">The inverses that were performed after it.</param>
    public virtual StepAction? AtLast(IReadOnlyList<StepAction> later) => null;

    /// <summary>How it can be taken back, in a few words; null when it cannot be, or nobody knows how.</summary>
    public virtual string? Inverse => null;
}

/// <summary>Saves each kind the cast from the common type to its own.</summary>
public abstract class StepKind<TAction> : IStepKind
    where TAction : StepAction
{
    public abstract KindDeclaration Declaration { get; }

    public virtual ImmutableArray<Descriptor> Descriptors => [];

    StepAction? IStepKind.Plan(Inputs inputs, PlanContext context) => Plan(inputs, context);

    Task<ActionOutcome> IStepKind.RunAsync(StepAction action, StepContext context) => RunAsync((TAction)action, context);

    public virtual (StepAction? Action, string Problem) PlanInverse(JsonElement before, JsonElement? after, PlanContext context) => (null, "its kind cannot take it back");

    public abstract TAction? Plan(Inputs inputs, PlanContext context);

    public abstract Task<ActionOutcome> RunAsync(TAction action, StepContext context);
}
