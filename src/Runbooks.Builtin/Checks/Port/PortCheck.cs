using System.Collections.Immutable;
using Runbooks.Builtin.Containers;
using Runbooks.Engine.Kinds;

namespace Runbooks.Builtin.Checks.Port;

/// <summary>Who may listen on a TCP port of this machine.</summary>
/// <param name="Free">True when nobody may, but for <paramref name="Or"/>; false when somebody must.</param>
/// <param name="Or">Containers that may hold it all the same; null for none.</param>
public sealed record PortCheck(int Number, bool Free, ContainerChoice? Or) : CheckQuestion
{
    public override bool IsKnown => Or?.IsKnown != false;

    public override ImmutableArray<PlannedEffect> ByHand => [Containers.ByHand.Start("ss", "-ltn", $"sport = :{Number}"), .. Or is null ? Array.Empty<PlannedEffect>() : [Or.Listing]];

    public override string Statement => !Free ? $"somebody listens on port {Number}" : Or is null ? $"port {Number} is free" : $"port {Number} is free, or held by {Or.Noun}";
}
