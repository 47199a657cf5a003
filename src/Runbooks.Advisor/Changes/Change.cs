using System.Collections.Immutable;
using Runbooks.Advisor.Migrations;
using Runbooks.Advisor.Situations;

namespace Runbooks.Advisor.Changes;

/// <summary>One thing in which two revisions of a project differ.</summary>
/// <param name="Area">image, build, env, command, config, network, volume, port, limit, service or migration.</param>
/// <param name="Subject">The service, the network, the file or the migration.</param>
/// <param name="Item">What of it: the name of a variable, a path; empty for the whole.</param>
/// <param name="Text">What differs; never a value of a variable.</param>
public sealed record Change(ChangeKind Kind, string Area, string Subject, string Item, string Text)
{
    /// <summary>What of the infrastructure it is; null for other kinds.</summary>
    public InfrastructureKind? Infrastructure { get; init; }

    /// <summary>Of an image: what it was and what it is.</summary>
    public (string Was, string Now) Image { get; init; } = ("", "");

    /// <summary>Of a file that is mounted: where containers have it; empty when it is not.</summary>
    public string Inside { get; init; } = "";
}

/// <summary>Something that could not be told.</summary>
/// <param name="Could">The kinds of change that could be hidden by it.</param>
/// <param name="Subject">What it is about.</param>
public sealed record Gap(ImmutableArray<ChangeKind> Could, string Subject, string Why)
{
    public static ImmutableArray<ChangeKind> OfCompose { get; } = [ChangeKind.Application, ChangeKind.Configuration, ChangeKind.FeatureFlag, ChangeKind.Infrastructure];
}

/// <summary>A file that differs; what follows from it for services is among the changes.</summary>
/// <param name="Role">compose, env or config.</param>
/// <param name="Text">Of a file with variables: their names.</param>
public sealed record FileDifference(string Role, string Path, string Text);

/// <summary>A migration that came.</summary>
/// <param name="Because">What makes it what it is; null when nothing speaks against it.</param>
public sealed record MigrationArrival(ReadMigration Migration, MigrationImpact Kind, MigrationStatement? Because);

/// <summary>What changed between two revisions of a project.</summary>
public sealed record ChangeReport
{
    public required RevisionState From { get; init; }

    public required RevisionState To { get; init; }

    public ImmutableArray<Change> Changes { get; init; } = [];

    public ImmutableArray<FileDifference> Files { get; init; } = [];

    public ImmutableArray<MigrationArrival> Migrations { get; init; } = [];

    public ImmutableArray<Gap> Unknown { get; init; } = [];

    /// <summary>The kinds that are certain, each once.</summary>
    public ImmutableArray<ChangeKind> Kinds => [.. Changes.Select(c => c.Kind).Distinct().Order()];

    /// <summary>No kind beside <see cref="Kinds"/> can be hidden by what is unknown.</summary>
    public bool AreKindsComplete => Unknown.All(g => g.Could.All(k => Kinds.Contains(k)));

    /// <summary>All migrations that came are known.</summary>
    public bool AreMigrationsComplete => Unknown.All(g => !g.Could.Contains(ChangeKind.Database));
}
