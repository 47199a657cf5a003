using System.Collections.Immutable;
using Runbooks.Builtin.Programs;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Planning;

namespace Runbooks.Builtin.Checks.Command;

/// <summary>A program, and how it must end.</summary>
public sealed record CommandCheck(ProgramStart Start, ProgramExpectation Expected) : CheckQuestion
{
    public override bool IsKnown => Start.IsKnown && Expected.IsKnown;

    public override string Statement => $"`{CommandLine.Show(Start.Argv)}` {Expected.Statement}";

    public override ImmutableArray<PlannedEffect> Effects => [Start];
}
