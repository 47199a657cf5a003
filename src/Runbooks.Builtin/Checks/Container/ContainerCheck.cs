using System.Collections.Immutable;
using Runbooks.Builtin.Containers;
using Runbooks.Builtin.Phrasing;
using Runbooks.Engine.Kinds;
using Runbooks.Language.Fields;
using Runbooks.Language.Templates;

namespace Runbooks.Builtin.Checks.Container;

/// <summary>What every container that is meant must be.</summary>
/// <param name="State">A status of the engine, or <see cref="Absent"/>.</param>
public sealed record ContainerCheck(ContainerChoice Choice, string State) : CheckQuestion
{
    public const string Absent = "absent";

    /// <summary>healthy, starting or unhealthy; null when it does not matter.</summary>
    public string? Health { get; init; }

    /// <summary>A reference; the container must run the image that it means now.</summary>
    public Rendered? Image { get; init; }

    public long? MaxRestarts { get; init; }

    /// <summary>How long it must have been up without a break.</summary>
    public TimeSpan? UpFor { get; init; }

    public long? ExitCode { get; init; }

    public override bool IsKnown => Choice.IsKnown && Image?.IsKnown != false;

    public override ImmutableArray<PlannedEffect> ByHand => [MaxRestarts is null && UpFor is null && ExitCode is null ? Choice.Listing : Choice.Inspection];

    public override string Statement
    {
        get
        {
            string?[] parts =
            [
                $"is {State}",
                Health is null ? null : $"is {Health}",
                ExitCode is null ? null : $"ended with code {ExitCode}",
                Image is null ? null : $"runs image {Image.Display}",
                MaxRestarts is null ? null : MaxRestarts == 0 ? "was not restarted" : $"was restarted at most {Phrases.Count(MaxRestarts.Value, "time")}",
                UpFor is { } upFor ? $"has been up for {Durations.Format(upFor)}" : null,
            ];
            return $"{Choice.Noun} {Phrases.And(parts.OfType<string>())}";
        }
    }
}
