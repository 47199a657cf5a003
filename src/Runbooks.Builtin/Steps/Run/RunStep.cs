using System.Collections.Immutable;
using Runbooks.Builtin.Programs;
using Runbooks.Engine.Kinds;

namespace Runbooks.Builtin.Steps.Run;

/// <summary>A program that a step starts, without a shell.</summary>
public sealed record RunStep(ProgramStart Start) : StepAction
{
    public override ActionPreview Preview => ActionPreview.Of(Start);

    public override ImmutableArray<Requirement> Requirements => ProgramSteps.RequirementsOf(Start);
}
