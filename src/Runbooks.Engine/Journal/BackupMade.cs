namespace Runbooks.Engine.Journal;

/// <summary>A backup was written, flushed and read back whole. On record before it gets its name, and before the outcome of its step: what is found under that name later is known.</summary>
public sealed record BackupMade() : JournalEvent("backup.made")
{
    public required string Step { get; init; }

    /// <summary>True when the step's inverse made it; null otherwise.</summary>
    public bool? Undo { get; init; }

    /// <summary>Absolute.</summary>
    public required string Path { get; init; }

    /// <summary>Name under the run's folder; null when it lies elsewhere.</summary>
    public string? Copy { get; init; }

    public required long Length { get; init; }

    public required string Sha256 { get; init; }

    /// <summary>How it was verified, and what is in it.</summary>
    public required string Verified { get; init; }
}
