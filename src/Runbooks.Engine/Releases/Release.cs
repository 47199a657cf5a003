using System.Collections.Immutable;

namespace Runbooks.Engine.Releases;

/// <summary>The recorded state of a deployed project. What could not be found out is null or has its reason among the <see cref="Unknown"/>; no value of a variable is in it.</summary>
public sealed record Release
{
    /// <summary>Sorts by time.</summary>
    public required string Id { get; init; }

    /// <summary>The Compose project.</summary>
    public required string Project { get; init; }

    /// <summary>In the order of their names.</summary>
    public required ImmutableArray<ServiceSnapshot> Services { get; init; }

    /// <summary>Null when Compose did not render it.</summary>
    public RenderedModel? Model { get; init; }

    /// <summary>Compose files, then configuration files, in the order in which the project names them.</summary>
    public ImmutableArray<ReleasedFile> Files { get; init; } = [];

    /// <summary>The files with the variables of the Compose files. Their bytes are never kept.</summary>
    public ImmutableArray<ReleasedEnvFile> EnvFiles { get; init; } = [];

    /// <summary>Null when no database is migrated, or it could not be asked.</summary>
    public ReleasedSchema? Schema { get; init; }

    /// <summary>Null when the project is in no git repository, or git could not be asked.</summary>
    public GitState? Git { get; init; }

    /// <summary>What could not be found out, a sentence each.</summary>
    public ImmutableArray<string> Unknown { get; init; } = [];
}

/// <summary>A service as it runs.</summary>
public sealed record ServiceSnapshot
{
    public required string Name { get; init; }

    /// <summary>application, worker, database or proxy, as the project says; empty when it does not.</summary>
    public string Kind { get; init; } = "";

    /// <summary>How many containers it has.</summary>
    public required int Containers { get; init; }

    /// <summary>The id of the image that runs, sha256:…</summary>
    public required string ImageId { get; init; }

    /// <summary>As it was written: name and tag.</summary>
    public required string Reference { get; init; }

    /// <summary>Names with digests under which registries have it. One image can have several.</summary>
    public ImmutableArray<string> Digests { get; init; } = [];

    /// <summary>Some of its containers run other images than <see cref="ImageId"/>: the deployment was not finished.</summary>
    public bool IsMixed { get; init; }

    /// <summary>Of each variable the keyed hash of its value.</summary>
    public ImmutableSortedDictionary<string, string> Environment { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Keyed hash of what is started in it.</summary>
    public string Command { get; init; } = "";

    public ImmutableArray<ReleasedMount> Mounts { get; init; } = [];

    public ImmutableArray<string> Networks { get; init; } = [];

    /// <summary>Host ports.</summary>
    public ImmutableArray<int> Ports { get; init; } = [];

    /// <summary>The version of what runs in it, where the image or the server says it; empty when nothing does.</summary>
    public string Version { get; init; } = "";

    /// <summary>From its start until it was healthy for the first time, in milliseconds; null when that could not be seen.</summary>
    public long? HealthyAfter { get; init; }
}

/// <param name="Type">volume, bind or tmpfs.</param>
/// <param name="Source">Name of the volume, or path on the host; empty for tmpfs.</param>
/// <param name="Target">Path inside the container.</param>
public readonly record struct ReleasedMount(string Type, string Source, string Target, bool IsReadOnly);

/// <summary>The Compose files as Compose resolves them, with a keyed hash in the place of each value of a variable.</summary>
/// <param name="Sha256">Of the kept bytes, which is their name in the store.</param>
public sealed record RenderedModel(string Sha256);

/// <param name="Path">As the project names it.</param>
/// <param name="Sha256">Of its bytes; null when it could not be read.</param>
/// <param name="IsKept">Its bytes are in the store.</param>
/// <param name="Why">Why it could not be read, or was not kept; empty otherwise.</param>
public sealed record ReleasedFile(string Path, string? Sha256, bool IsKept, string Why);

/// <param name="Values">Of each variable the keyed hash of its value; null when the file could not be read.</param>
public sealed record ReleasedEnvFile(string Path, ImmutableSortedDictionary<string, string>? Values);

/// <param name="Heads">At which migrations the database is; empty for none.</param>
/// <param name="Unfinished">Migrations that are half done, with what is wrong.</param>
public sealed record ReleasedSchema(string Tool, string Database, ImmutableArray<string> Heads, ImmutableArray<string> Unfinished)
{
    /// <summary>As the server says it; empty when it does not.</summary>
    public string Server { get; init; } = "";
}

/// <param name="IsDirty">Something in it is in no commit; null when that could not be found out.</param>
public sealed record GitState(string Commit, bool? IsDirty);
