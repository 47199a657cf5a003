using System.Collections.Immutable;
using Runbooks.Builtin.FileEdits;
using Runbooks.Engine.Kinds;

namespace Runbooks.Builtin.Steps.Edit;

/// <summary>A file that is changed.</summary>
public sealed record EditStep(FileEdit Edit) : StepAction
{
    public override ActionPreview Preview => ActionPreview.Of(Edit.Change);

    public override ImmutableArray<Requirement> Requirements => [new WritableFileRequirement(Edit.Path)];

    /// <summary>It looks at the file first: done is done, and half does not exist.</summary>
    public override bool IsRepeatable => true;

    public override string Inverse => FileEdit.Inverse;
}
