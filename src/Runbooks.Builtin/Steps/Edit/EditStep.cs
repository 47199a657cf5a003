using System.Collections.Immutable;
using Runbooks.Engine.Kinds;

namespace Runbooks.Builtin.Steps.Edit;

/// <summary>A file with some values changed, every other byte kept.</summary>
/// <param name="Path">Absolute.</param>
/// <param name="Change">The file before and after, by its SHA-256.</param>
/// <param name="After">The bytes that will be there. They may hold secrets.</param>
public sealed record EditStep(string Path, FileChange Change, ImmutableArray<byte> After) : StepAction
{
    public override ActionPreview Preview => ActionPreview.Of(Change);

    public override ImmutableArray<Requirement> Requirements => [new WritableFileRequirement(Path)];

    /// <summary>It looks at the file first: done is done, and half does not exist.</summary>
    public override bool IsRepeatable => true;

    public override string Inverse => "the saved file is put back";
}
