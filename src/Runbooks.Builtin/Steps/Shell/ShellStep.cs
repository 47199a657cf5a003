using System.Collections.Immutable;
using Runbooks.Builtin.Containers;
using Runbooks.Builtin.Programs;
using Runbooks.Engine.Kinds;

namespace Runbooks.Builtin.Steps.Shell;

/// <summary>A script that a shell runs, handed over as one word.</summary>
/// <param name="IsInside">It runs in a container, by docker.</param>
public sealed record ShellStep(ProgramStart Start, bool IsInside) : StepAction
{
    public override ActionPreview Preview => ActionPreview.Of(Start);

    public override ImmutableArray<Requirement> Requirements => IsInside ? Inside.RequirementsOf(Start) : ProgramSteps.RequirementsOf(Start);
}
