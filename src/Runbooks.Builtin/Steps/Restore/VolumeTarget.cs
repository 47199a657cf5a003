using System.Collections.Immutable;
using Runbooks.Builtin.Volumes;
using Runbooks.Engine.Kinds;
using Runbooks.Language.Fields;
using Runbooks.Language.Templates;

namespace Runbooks.Builtin.Steps.Restore;

/// <summary>A new Docker volume.</summary>
/// <param name="Question">Lists the volumes of that name: there must be none.</param>
/// <param name="Making">Makes it.</param>
/// <param name="Copy">Reads the archive from standard input.</param>
public sealed record VolumeTarget(VolumeAccess Access, ProgramStart Question, ProgramStart Making, ProgramStart Copy) : RestoreTarget
{
    public static FieldSet Fields { get; } = new("'volume'", VolumeAccess.Fields("the volume that is made, and must not be there yet"));

    /// <summary>A new one cannot be told from one that somebody else made.</summary>
    public override bool IsRepeatable => false;

    public override ImmutableArray<Requirement> Requirements => Access.Requirements;

    public override ImmutableArray<PlannedEffect> Effects(Rendered from) => [Question, Making, Access.Removal, Access.Creation, Copy with { ReadsFrom = from }, Access.Removal];

    /// <returns>Null when something is wrong: the context was told what.</returns>
    public static VolumeTarget? Read(Inputs inputs, PlanContext context) => VolumeAccess.Read(inputs, context, "restore", "") is { } access
        ? new VolumeTarget(
            access,
            VolumeAccess.Start(context, "volume", "ls", "--quiet", "--filter", $"name=^{access.Name}$"),
            VolumeAccess.Start(context, "volume", "create", access.Name),
            VolumeAccess.Start(context, "cp", "-", $"{access.Container}:{VolumeAccess.Mount}"))
        : null;
}
