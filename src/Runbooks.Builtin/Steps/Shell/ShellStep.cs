using System.Collections.Immutable;
using Runbooks.Builtin.Programs;
using Runbooks.Engine.Kinds;

namespace Runbooks.Builtin.Steps.Shell;

/// <summary>A script that a shell runs, handed over as one word.</summary>
public sealed record ShellStep(ProgramStart Start) : StepAction
{
    public override ActionPreview Preview => ActionPreview.Of(Start);

    public override ImmutableArray<Requirement> Requirements => ProgramSteps.RequirementsOf(Start);
}
