using System.Collections.Immutable;
using Runbooks.Advisor.Migrations;
using Runbooks.Engine.Releases;

namespace Runbooks.Advisor.Changes;

/// <summary>What a revision says of a project. Paths are relative to the top of the repository, with '/'.</summary>
/// <param name="Name">As it was asked for.</param>
/// <param name="Commit">Its whole id.</param>
public sealed record RevisionState(string Name, string Commit)
{
    /// <summary>The Compose files as Compose resolves them; null when it could not, which is among the <see cref="Unknown"/>.</summary>
    public ComposeModel? Model { get; init; }

    /// <summary>The services of the model; none when there is no model.</summary>
    public ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, string>> Services => Model?.Services ?? ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, string>>.Empty;

    /// <summary>Each file of the revision, with what tells its bytes from others.</summary>
    public ImmutableSortedDictionary<string, string> Files { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Files whose only meaning is in the model: Compose files.</summary>
    public ImmutableSortedSet<string> ComposeFiles { get; init; } = [];

    /// <summary>Files with variables, of the Compose files or of a service.</summary>
    public ImmutableArray<ReleasedEnvFile> EnvFiles { get; init; } = [];

    /// <summary>Configuration files that the project names.</summary>
    public ImmutableSortedSet<string> Config { get; init; } = [];

    /// <summary>Files in a place that this machine has and git has not.</summary>
    public ImmutableSortedSet<string> Untracked { get; init; } = [];

    /// <summary>Services that keep data.</summary>
    public ImmutableSortedSet<string> Databases { get; init; } = [];

    /// <summary>Variables that the project says are feature flags.</summary>
    public ImmutableSortedSet<string> Flags { get; init; } = [];

    /// <summary>Null when the project has none, or they could not be read, which is among the <see cref="Unknown"/>.</summary>
    public MigrationHistory? Migrations { get; init; }

    public ImmutableArray<Gap> Unknown { get; init; } = [];
}
