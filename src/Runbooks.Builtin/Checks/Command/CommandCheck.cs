using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Runbooks.Builtin.Phrasing;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Planning;
using Runbooks.Language.Templates;

namespace Runbooks.Builtin.Checks.Command;

/// <summary>A program, and how it must end.</summary>
public sealed record CommandCheck(ProgramStart Start, long ExitCode, TimeSpan Timeout) : CheckQuestion
{
    /// <summary>Each must stand in the standard output.</summary>
    public ImmutableArray<Rendered> OutputContains { get; init; } = [];

    public Regex? OutputMatches { get; init; }

    public override bool IsKnown => Start.IsKnown && OutputContains.All(t => t.IsKnown);

    public override string Statement
    {
        get
        {
            string?[] parts = [.. OutputContains.Select(t => (string?)$"prints {Phrases.Quote(t)}"), OutputMatches is null ? null : $"prints what matches {OutputMatches}"];
            return $"`{CommandLine.Show(Start.Argv)}` {Phrases.And([$"ends with code {ExitCode}", .. parts.OfType<string>()])}";
        }
    }

    public override ImmutableArray<PlannedEffect> Effects => [Start];
}
