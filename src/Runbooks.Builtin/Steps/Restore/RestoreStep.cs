using System.Collections.Immutable;
using Runbooks.Engine.Kinds;
using Runbooks.Language.Templates;

namespace Runbooks.Builtin.Steps.Restore;

/// <summary>Something that is put back.</summary>
/// <param name="From">The file that holds the backup; relative to the project directory. Empty when it comes from git or from a release.</param>
public sealed record RestoreStep(Rendered From, RestoreTarget Target) : StepAction
{
    public override ActionPreview Preview => new(Target.Effects(From));

    public override ImmutableArray<PlannedEffect> ByHand => Target.ByHand(From);

    public override ImmutableArray<PlannedEffect> BackByHand => Target.BackByHand;

    public override ImmutableArray<Requirement> Requirements => Target.Requirements;

    public override bool IsRepeatable => Target.IsRepeatable;

    public override string? Inverse => Target.Inverse;

    public override bool NeedsGate => Target.IsOver;
}

/// <summary>What it is put back to.</summary>
public abstract record RestoreTarget
{
    public virtual ImmutableArray<Requirement> Requirements => [];

    public abstract bool IsRepeatable { get; }

    public virtual string? Inverse => null;

    /// <summary>What is there is destroyed by it.</summary>
    public virtual bool IsOver => false;

    public abstract ImmutableArray<PlannedEffect> Effects(Rendered from);

    /// <summary>How a person does the same.</summary>
    public virtual ImmutableArray<PlannedEffect> ByHand(Rendered from) => Effects(from);

    /// <summary>How a person takes it back; empty when nothing more can be said than <see cref="Inverse"/>.</summary>
    public virtual ImmutableArray<PlannedEffect> BackByHand => [];
}

/// <summary>Files and folders.</summary>
/// <param name="Into">Absolute: the folder below which they go.</param>
/// <param name="ShownInto">As people write it; null for where they came from.</param>
public sealed record FilesTarget(string Into, string? ShownInto) : RestoreTarget
{
    /// <summary>It looks at every file first, and leaves alone what is as it should be.</summary>
    public override bool IsRepeatable => true;

    public override string Inverse => "files that are overwritten are saved and put back, files that are made are removed";

    public override ImmutableArray<PlannedEffect> Effects(Rendered from) => [new ArchiveUnpacked(from, ShownInto)];
}
