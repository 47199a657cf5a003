using System.Collections.Immutable;
using Runbooks.Builtin.Containers;
using Runbooks.Engine.Kinds;
using Runbooks.Language.Templates;

namespace Runbooks.Builtin.Checks.Identity;

/// <summary>The image that every running container that is meant must run.</summary>
/// <param name="Image">A reference or an id; what it means on this machine when it is asked counts.</param>
public sealed record IdentityCheck(ContainerChoice Choice, Rendered Image) : CheckQuestion
{
    public override bool IsKnown => Choice.IsKnown && Image.IsKnown;

    public override ImmutableArray<PlannedEffect> ByHand => [Choice.Inspection, Containers.ByHand.With(Containers.ByHand.Start("docker", "image", "inspect", "--format", "{{.Id}}"), Image)];

    public override string Statement => $"{Choice.Noun} runs the very image that {Image.Display} means on this machine";
}
