using System.Collections.Immutable;
using Runbooks.Builtin.Phrasing;
using Runbooks.Engine.Kinds;
using Runbooks.Language.Templates;

namespace Runbooks.Builtin.Checks.Git;

/// <summary>What must be true of a file or folder in git. Each part that is asked is one start of git.</summary>
/// <param name="Shown">The path as people write it.</param>
public sealed record GitCheck(string Shown) : CheckQuestion
{
    /// <summary>Fails when git tracks nothing there: of an ignored or a missing file, a status says as little as of a clean one. Null when it is not asked whether there are changes.</summary>
    public ProgramStart? Tracked { get; init; }

    /// <summary>Null when <see cref="Tracked"/> is.</summary>
    public ProgramStart? Status { get; init; }

    /// <summary>False when there must be changes.</summary>
    public bool Clean { get; init; } = true;

    /// <summary>Null when no revision is asked for.</summary>
    public ProgramStart? Resolve { get; init; }

    public Rendered Revision { get; init; } = Rendered.Empty;

    /// <summary>Null when the branch does not matter.</summary>
    public ProgramStart? Head { get; init; }

    public Rendered Branch { get; init; } = Rendered.Empty;

    public override bool IsKnown => Revision.IsKnown && Branch.IsKnown;

    public override string Statement
    {
        get
        {
            string?[] parts =
            [
                Status is null ? null : Clean ? "has no changes that are not committed" : "has changes that are not committed",
                Resolve is null ? null : $"lies in a repository that has revision {Revision.Display}",
                Head is null ? null : $"is on branch {Branch.Display}",
            ];
            return $"{Shown} {Phrases.And(parts.OfType<string>())}";
        }
    }

    public override ImmutableArray<PlannedEffect> Effects => [.. ((PlannedEffect?[])[Tracked, Status, Resolve, Head]).OfType<PlannedEffect>()];
}
