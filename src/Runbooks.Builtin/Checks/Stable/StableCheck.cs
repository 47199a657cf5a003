using System.Collections.Immutable;
using Runbooks.Builtin.Containers;
using Runbooks.Engine.Kinds;
using Runbooks.Language.Fields;

namespace Runbooks.Builtin.Checks.Stable;

/// <summary>How often, and how long, containers must be found as they were.</summary>
/// <param name="Samples">At least so many good ones.</param>
/// <param name="Every">How long lies between two of them.</param>
/// <param name="AtMost">How long it may watch.</param>
/// <param name="WaitsForHealth">Until the health is known, and then as long as the health check needs to fail.</param>
public sealed record StableCheck(ContainerChoice Choice, long Samples, TimeSpan Every, TimeSpan AtMost, bool WaitsForHealth) : CheckQuestion
{
    /// <summary>From the first good sample to the last, when no health check needs more.</summary>
    public TimeSpan Shortest => (Samples - 1) * Every;

    public override bool IsKnown => Choice.IsKnown;

    /// <summary>What the engine takes for its answers comes on top of the watching.</summary>
    public override TimeSpan Longest => AtMost + base.Longest;

    public override ImmutableArray<PlannedEffect> ByHand => [Choice.Inspection];

    public override string Statement =>
        $"{Choice.Noun} stays as it is, running and {(WaitsForHealth ? "healthy" : "not unhealthy")}, in {Samples} samples {Durations.Format(Every)} apart{(WaitsForHealth ? " and for as long as its health check needs to fail" : "")} (watched for {Durations.Format(AtMost)} at most)";
}
