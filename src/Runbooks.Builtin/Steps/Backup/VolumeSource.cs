using System.Collections.Immutable;
using Runbooks.Builtin.Volumes;
using Runbooks.Engine.Kinds;
using Runbooks.Language.Fields;

namespace Runbooks.Builtin.Steps.Backup;

/// <summary>A Docker volume, as one archive.</summary>
/// <param name="Inspection">Asks whether there is such a volume: making a container would make it.</param>
/// <param name="Users">Lists the running containers that have it.</param>
/// <param name="Copy">Writes the archive to standard output.</param>
/// <param name="AllowRunning">It is saved although a container could be writing to it.</param>
/// <param name="AllowEmpty">It is saved although nothing is in it.</param>
public sealed record VolumeSource(VolumeAccess Access, ProgramStart Inspection, ProgramStart Users, ProgramStart Copy, bool AllowRunning, bool AllowEmpty) : BackupSource
{
    private const string Running = "allow_running";
    private const string Empty = "allow_empty";

    /// <summary>Less than this is not worth beginning with.</summary>
    private const long LeastRoom = 1 << 20;

    public static FieldSet Fields { get; } = new("'volume'",
    [
        .. VolumeAccess.Fields("the volume that is saved"),
        new Field(Running, FieldShape.Boolean, "save it although a running container has it, and may be writing to it") { Default = "false" },
        new Field(Empty, FieldShape.Boolean, "save it although nothing is in it") { Default = "false" },
    ]);

    public override string Extension => ".tar";

    public override ImmutableArray<PlannedEffect> Effects(string? to) =>
        [Inspection, Users, Access.Removal, Access.Creation, Copy with { WritesTo = to ?? ProgramStart.RunFolder }, Access.Removal];

    public override ImmutableArray<Requirement> Requirements(string? folder) => [new RoomRequirement(folder, [], LeastRoom), .. Access.Requirements];

    /// <returns>Null when something is wrong: the context was told what.</returns>
    public static VolumeSource? Read(Inputs inputs, PlanContext context) => VolumeAccess.Read(inputs, context, "save", ":ro") is { } access
        ? new VolumeSource(
            access,
            VolumeAccess.Start(context, "volume", "inspect", "--format", "{{.Name}}", access.Name),
            VolumeAccess.Start(context, "ps", "--filter", $"volume={access.Name}", "--format", "{{.Names}}"),
            VolumeAccess.Start(context, "cp", $"{access.Container}:{VolumeAccess.Mount}/.", "-"),
            inputs.Flag(Running),
            inputs.Flag(Empty))
        : null;
}
