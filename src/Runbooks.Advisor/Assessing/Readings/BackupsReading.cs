using System.Collections.Immutable;

namespace Runbooks.Advisor.Assessing.Readings;

/// <summary>The backups of the project's database that runs put on record here, which a run does only after it has verified one.</summary>
/// <param name="Database">Its name.</param>
/// <param name="Backups">Newest first.</param>
public sealed record BackupsReading(string Source, DateTimeOffset At, string Database, ImmutableArray<BackupSight> Backups) : Reading(Source, At)
{
    /// <summary>The tool that made the migrations.</summary>
    public string Tool { get; init; } = "";

    /// <summary>Backups of data that are not known to be of this database, a phrase each.</summary>
    public ImmutableArray<string> Others { get; init; } = [];
}

/// <summary>One backup.</summary>
/// <param name="Run">The id of the run that made it.</param>
/// <param name="At">When it was put on record.</param>
/// <param name="Path">As people write it, from the project's folder.</param>
/// <param name="Verified">How it was verified then.</param>
public sealed record BackupSight(string Run, DateTimeOffset At, string Path, string Verified)
{
    /// <summary>Why it is none any more: gone, not what it was; empty when its bytes are those that were verified.</summary>
    public string Problem { get; init; } = "";

    /// <summary>Why that cannot be told; empty when it can.</summary>
    public string Doubt { get; init; } = "";

    /// <summary>At which migration the database was that is in it, by the table that is saved with it; null when that was not read.</summary>
    public ImmutableArray<string>? Heads { get; init; }

    /// <summary>Why <see cref="Heads"/> were not read.</summary>
    public string WhyNoHeads { get; init; } = "";

    public bool IsWhole => Problem.Length + Doubt.Length == 0;
}
