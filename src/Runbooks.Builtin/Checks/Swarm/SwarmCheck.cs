using System.Collections.Immutable;
using Runbooks.Builtin.Phrasing;
using Runbooks.Engine.Kinds;
using Runbooks.Language.Templates;

namespace Runbooks.Builtin.Checks.Swarm;

/// <summary>What a service of a swarm must be.</summary>
/// <param name="Image">Null or empty for any.</param>
/// <param name="PreviousImage">Null or empty for any, or none.</param>
/// <param name="Updates">What its last update may have come to; empty for anything.</param>
/// <param name="Running">All of its tasks must run, and have its image.</param>
/// <param name="MinNodes">Null when it is not asked.</param>
public sealed record SwarmCheck(Rendered Service, Rendered? Image, Rendered? PreviousImage, ImmutableArray<string> Updates, bool Running, long? MinNodes) : CheckQuestion
{
    public override bool IsKnown => Service.IsKnown && Image?.IsKnown != false && PreviousImage?.IsKnown != false;

    public override ImmutableArray<PlannedEffect> ByHand => [Containers.ByHand.With(Containers.ByHand.Start("docker", "service", "ps", "--no-trunc"), Service)];

    public override string Statement
    {
        get
        {
            string?[] parts =
            [
                Image is { Parts.IsEmpty: false } image ? $"has {image.Display}" : null,
                PreviousImage is { Parts.IsEmpty: false } previous ? $"would be rolled back to {previous.Display}" : null,
                Updates.IsEmpty ? null : $"has an update that is {string.Join(" or ", Updates)}",
                Running ? "runs as many tasks of it as it should" : null,
                MinNodes is { } nodes ? $"has at least {Phrases.Count(nodes, "node")} for them" : null,
            ];
            var and = Phrases.And(parts.OfType<string>());
            return $"service {Service.Display} of the swarm {(and.Length > 0 ? and : "is there")}";
        }
    }
}
