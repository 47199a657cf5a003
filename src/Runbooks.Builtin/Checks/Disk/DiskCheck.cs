using System.Collections.Immutable;
using Runbooks.Engine.Kinds;

namespace Runbooks.Builtin.Checks.Disk;

/// <summary>How much must be free where a path lies.</summary>
/// <param name="Path">Absolute.</param>
/// <param name="Shown">As people write it.</param>
/// <param name="Bytes">Null when it is a share.</param>
/// <param name="Percent">Of the whole file system; null when it is a number of bytes.</param>
/// <param name="Wanted">As it was written.</param>
public sealed record DiskCheck(string Path, string Shown, long? Bytes, double? Percent, string Wanted) : CheckQuestion
{
    public override ImmutableArray<PlannedEffect> ByHand => [Containers.ByHand.Start("df", "-h", Shown)];

    public override string Statement => $"at least {Wanted} free on the file system of {Shown}";
}
