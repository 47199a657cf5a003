using System.Collections.Immutable;
using Runbooks.Builtin.Phrasing;
using Runbooks.Engine.Kinds;
using Runbooks.Language.Templates;

namespace Runbooks.Builtin.Checks.Image;

/// <summary>An image that must be on this machine.</summary>
/// <param name="Id">sha256:…, when it must be that very image.</param>
/// <param name="Digest">sha256:…, as the registry names it.</param>
public sealed record ImageCheck(Rendered Reference, Rendered? Id, Rendered? Digest) : CheckQuestion
{
    public override bool IsKnown => Reference.IsKnown && Id?.IsKnown != false && Digest?.IsKnown != false;

    public override ImmutableArray<PlannedEffect> ByHand => [Containers.ByHand.With(Containers.ByHand.Start("docker", "image", "inspect", "--format", "{{.Id}} {{.RepoDigests}}"), Reference)];

    public override string Statement
    {
        get
        {
            string?[] parts = [Id is null ? null : $"id {Id.Display}", Digest is null ? null : $"digest {Digest.Display}"];
            var with = Phrases.And(parts.OfType<string>());
            return $"image {Reference.Display} is on this machine{(with.Length > 0 ? $" with {with}" : "")}";
        }
    }
}
