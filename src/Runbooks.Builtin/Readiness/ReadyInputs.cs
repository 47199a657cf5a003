using Runbooks.Builtin.Releases;
using Runbooks.Engine.Ports;
using Runbooks.Engine.Releases;
using Runbooks.Language.Projects;

namespace Runbooks.Builtin.Readiness;

/// <summary>Which project is asked about, and with what.</summary>
public sealed record ReadyInputs
{
    public required EnginePorts Ports { get; init; }

    /// <summary>Absolute: the project's folder.</summary>
    public required string Directory { get; init; }

    /// <summary>Absolute: where runs and releases are kept.</summary>
    public required string Store { get; init; }

    public required IRunStore Runs { get; init; }

    /// <summary>What the project says of itself, or what was guessed when it says nothing.</summary>
    public required ProjectFile Project { get; init; }

    /// <summary>There is no project file: <see cref="Project"/> was made of what is in the folder.</summary>
    public bool IsGuessed { get; init; }

    /// <summary>Null when what the project says does not fit what is there.</summary>
    public ProjectPlaybook? Playbook { get; init; }

    /// <summary>Why there is no <see cref="Playbook"/>; empty when there is one.</summary>
    public string PlaybookProblem { get; init; } = "";

    /// <summary>The release that would be gone back to: an id, or one of the words for it.</summary>
    public string Target { get; init; } = ReleaseHistory.PreviousWord;

    /// <summary>An older backup is none.</summary>
    public TimeSpan OldestBackup { get; init; } = TimeSpan.FromDays(1);
}
