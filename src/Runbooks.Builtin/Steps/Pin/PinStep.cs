using System.Collections.Immutable;
using Runbooks.Builtin.FileEdits;
using Runbooks.Engine.Kinds;

namespace Runbooks.Builtin.Steps.Pin;

/// <summary>The image of a service, written down in the file that decides it.</summary>
public sealed record PinStep(FileEdit Edit) : StepAction
{
    /// <summary>The variable that is set; null when the image itself is written.</summary>
    public VariableRequirement? Variable { get; init; }

    public override ActionPreview Preview => ActionPreview.Of(Edit.Change);

    public override ImmutableArray<Requirement> Requirements => Variable is null ? [new WritableFileRequirement(Edit.Path)] : [new WritableFileRequirement(Edit.Path), Variable];

    /// <summary>It looks at the file first: done is done, and half does not exist.</summary>
    public override bool IsRepeatable => true;

    public override string Inverse => FileEdit.Inverse;
}
