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

/// <summary>A variable that the environment of the engine does not set to anything else: what programs get from there counts more than what a file says.</summary>
/// <param name="File">The file that says it, as people write it.</param>
public sealed record VariableRequirement(string Name, string Value, string File) : Requirement;

/// <summary>Room on a disk.</summary>
/// <param name="Folder">Absolute; null for the run's own folder.</param>
/// <param name="Copies">Files and folders that are copied there, absolute: they must be there, and there must be room for them.</param>
/// <param name="AtLeast">Bytes that must be free in any case.</param>
public sealed record RoomRequirement(string? Folder, ImmutableArray<string> Copies, long AtLeast = 0) : Requirement;

/// <summary>
/// That a Compose project's containers, where there are any, were not made in another folder that is there: a clone of the repository has the same project name, and other variables, mounts and files. Where the
/// other folder is gone, as the checkout of a deployment, or is none of this machine, there is nothing to choose between.
/// </summary>
/// <param name="Project">Its name.</param>
/// <param name="Directory">Absolute: the folder to which the relative paths of its Compose files belong.</param>
public sealed record ProjectFolderRequirement(string Project, string Directory) : Requirement;

/// <summary>A Docker Engine that answers.</summary>
public sealed record DockerEngineRequirement : Requirement;
