using System.Collections.Immutable;
using Runbooks.Builtin.Containers;
using Runbooks.Builtin.Programs;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Planning;
using Runbooks.Language.Templates;

namespace Runbooks.Builtin.Checks.Smoke;

/// <summary>A program inside a container that runs, and how it must end.</summary>
/// <param name="Argv">The program and its words, as they are inside.</param>
/// <param name="Start">The start of docker that brings it there.</param>
public sealed record SmokeCheck(ContainerChoice Choice, ImmutableArray<Rendered> Argv, ProgramStart Start, ProgramExpectation Expected) : CheckQuestion
{
    /// <summary>What is asked, for people.</summary>
    public string Asked => $"`{CommandLine.Show(Argv)}`";

    public override bool IsKnown => Choice.IsKnown && Start.IsKnown && Expected.IsKnown;

    public override string Statement => $"in {Choice.Noun}, {Asked} {Expected.Statement}";

    public override ImmutableArray<PlannedEffect> Effects => [Start];
}
