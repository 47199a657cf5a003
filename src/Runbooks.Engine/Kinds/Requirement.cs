using System.Collections.Immutable;

namespace Runbooks.Engine.Kinds;

/// <summary>Something that must be there for a step to be possible at all; asked for every step before the first change.</summary>
public abstract record Requirement;

/// <summary>A program that can be started.</summary>
public sealed record ProgramRequirement(string Program, string WorkingDirectory, ImmutableSortedDictionary<string, string> Environment) : Requirement;

/// <summary>A file that can be read and written.</summary>
public sealed record WritableFileRequirement(string Path) : Requirement;

/// <summary>A folder that exists.</summary>
public sealed record DirectoryRequirement(string Path) : Requirement;

/// <summary>A Docker Engine that answers.</summary>
public sealed record DockerEngineRequirement : Requirement;
