using System.Collections.Immutable;
using DataLoss = Runbooks.Advisor.Migrations.DataLoss;

namespace Runbooks.Advisor.Situations;

/// <summary>What is known of a broken deployment; everything in it can be unknown. The lists have no order that means something.</summary>
public sealed record Facts
{
    /// <summary>Nothing is known.</summary>
    public static Facts None => new();

    /// <summary>What the release changed; null when it is not known, empty when it is known that it changed nothing.</summary>
    public ImmutableArray<ChangeKind>? Changes { get; init; }

    /// <summary>The migrations that were applied since the previous release; null when they are not known.</summary>
    public ImmutableArray<Migration>? Migrations { get; init; }

    public FailureTime FailureTime { get; init; }

    public SystemState SystemState { get; init; }

    public Traffic Traffic { get; init; }

    /// <summary>A previous release that was well is known, and there to go back to.</summary>
    public Answer PreviousReleaseAvailable { get; init; }

    /// <summary>The images of the release to go back to are on this machine.</summary>
    public Answer TargetImagePresent { get; init; }

    /// <summary>What is missing of them is in its registry, by its digest; it means something only when they are not all here.</summary>
    public Answer TargetImagePullable { get; init; }

    /// <summary>The code of the release to go back to works with the schema as it is now.</summary>
    public Answer SchemaCompatible { get; init; }

    /// <summary>A volume was written by a newer version of its engine than the one of the release to go back to.</summary>
    public Answer VolumeNewerThanEngine { get; init; }

    /// <summary>Something was deployed at all.</summary>
    public Answer Deployed { get; init; }

    /// <summary>The containers were made in another folder than the project's that is looked at: a clone has the same project name, and other variables, mounts and files.</summary>
    public Answer OtherFolder { get; init; }

    /// <summary>The cause lies in the release, and not in a dependency, the host or the load.</summary>
    public Answer CauseInRelease { get; init; }

    public Answer DiskFull { get; init; }

    /// <summary>What says that the application is ill is itself broken: the application is well.</summary>
    public Answer ProbeBroken { get; init; }

    /// <summary>There is a verified backup of the database from before its migrations.</summary>
    public Answer BackupAvailable { get; init; }

    /// <summary>Somebody does something in the database that a change of its schema would have to wait for, and everybody else behind it: a dump, an open transaction in which nothing is done, a wait for a lock.</summary>
    public Answer DatabaseBusy { get; init; }

    /// <summary>Something would bring the failed release back: watchtower, a timer, a queued deployment.</summary>
    public Answer OtherActors { get; init; }

    /// <summary>The project has changes that are not committed.</summary>
    public Answer GitDirty { get; init; }

    /// <summary>The services run in a Docker Swarm.</summary>
    public Answer Swarm { get; init; }

    /// <summary>What of the infrastructure changed; empty when it is not known.</summary>
    public ImmutableArray<InfrastructureKind> Infrastructure { get; init; } = [];

    public ImmutableArray<Component> Components { get; init; } = [];

    public ImmutableArray<ConfigurationChange> Configuration { get; init; } = [];

    public ImmutableArray<FlagChange> Flags { get; init; } = [];

    /// <summary>Values for variables of playbooks, by the names in <see cref="KnownVars"/>; a text is a list of one.</summary>
    public ImmutableSortedDictionary<string, ImmutableArray<string>> Vars { get; init; } = ImmutableSortedDictionary<string, ImmutableArray<string>>.Empty;

    /// <summary>How long things took before.</summary>
    public ImmutableArray<Measurement> Measured { get; init; } = [];

    /// <summary>The rollbacks that were run since the release to go back to was last seen to be well, and did not succeed; null when they are not known.</summary>
    public ImmutableArray<TriedRollback>? Tried { get; init; }

    /// <summary>What was observed, for the facts that it is about.</summary>
    public ImmutableArray<Evidence> Evidence { get; init; } = [];
}

/// <summary>A migration that was applied since the previous release.</summary>
/// <param name="Id">As its tool names it.</param>
/// <param name="Reversible">Whether it can be taken back.</param>
public sealed record Migration(string Id, Answer Reversible, DataLoss DataLoss);

/// <summary>A part of the system that changed.</summary>
/// <param name="Name">Of the Compose service.</param>
public sealed record Component(string Name, ChangeKind Change);

/// <summary>A setting that changed: a variable, or a file.</summary>
/// <param name="Variable">Empty for a file.</param>
/// <param name="Previous">The value to go back to; empty when it is not known.</param>
/// <param name="File">Where the variable is set, or the file; empty when it is not known.</param>
/// <param name="Inside">Where the container has the file; empty when it is not known.</param>
public sealed record ConfigurationChange(string Variable, string Previous, string File, string Inside)
{
    /// <summary>The name that the variable has in its file, where that is another one; else empty.</summary>
    public string SetAs { get; init; } = "";
}

/// <summary>A feature flag that changed.</summary>
/// <param name="Where"><c>environment</c>, <c>env_file</c>, <c>file</c> or <c>http</c>; empty when it is not known.</param>
/// <param name="Previous">The value to go back to; empty when it is not known.</param>
public sealed record FlagChange(string Name, string Where, string File, string Previous);

/// <summary>One observation.</summary>
/// <param name="Fact">The key of the fact that it is about.</param>
/// <param name="Source">What was asked: a command, a path of the Docker API and a field.</param>
/// <param name="ObservedAt">As it was written; empty when it was not said.</param>
/// <param name="Means">What it is read as; empty when the value says it.</param>
public sealed record Evidence(string Fact, string Source, string ObservedAt, string Value, string Means);
