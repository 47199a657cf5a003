using System.Collections.Immutable;
using Runbooks.Engine.Kinds;

namespace Runbooks.Builtin.Steps.Backup;

/// <summary>Something that is saved, verified and kept.</summary>
/// <param name="To">Absolute; null for a place in the run's own folder.</param>
/// <param name="ShownTo">As people write it; null with <paramref name="To"/>.</param>
public sealed record BackupStep(BackupSource Source, string? To, string? ShownTo) : StepAction
{
    public override ActionPreview Preview => new(Source.Effects(ShownTo));

    public override ImmutableArray<Requirement> Requirements => To is null ? Source.Requirements(null) : [.. Source.Requirements(Path.GetDirectoryName(To)), new WritableFileRequirement(To)];

    /// <summary>What an attempt left unfinished is replaced.</summary>
    public override bool IsRepeatable => true;

    public override string Inverse => "the backup is kept";
}

/// <summary>What is saved.</summary>
public abstract record BackupSource
{
    /// <summary>Of the file that holds it, with its dot.</summary>
    public abstract string Extension { get; }

    /// <param name="to">As people write it; null for the run's own folder.</param>
    public abstract ImmutableArray<PlannedEffect> Effects(string? to);

    /// <param name="folder">Absolute; null for the run's own folder.</param>
    public abstract ImmutableArray<Requirement> Requirements(string? folder);
}

/// <summary>Files and folders, in one archive.</summary>
/// <param name="Paths">Absolute.</param>
/// <param name="Shown">As people write them.</param>
public sealed record FilesSource(ImmutableArray<string> Paths, ImmutableArray<string> Shown) : BackupSource
{
    public override string Extension => ".tar";

    public override ImmutableArray<PlannedEffect> Effects(string? to) => [new ArchiveMade(Shown, to)];

    public override ImmutableArray<Requirement> Requirements(string? folder) => [new RoomRequirement(folder, Paths)];
}
