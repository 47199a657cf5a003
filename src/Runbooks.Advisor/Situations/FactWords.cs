using System.Collections.Immutable;
using DataLoss = Runbooks.Advisor.Migrations.DataLoss;

namespace Runbooks.Advisor.Situations;

/// <summary>How values of facts are written.</summary>
public static class FactWords
{
    public static ImmutableArray<(string Word, ChangeKind Value)> Changes { get; } =
    [
        ("application", ChangeKind.Application),
        ("configuration", ChangeKind.Configuration),
        ("feature-flag", ChangeKind.FeatureFlag),
        ("infrastructure", ChangeKind.Infrastructure),
        ("database", ChangeKind.Database),
    ];

    public static ImmutableArray<(string Word, InfrastructureKind Value)> Infrastructure { get; } =
        [("network", InfrastructureKind.Network), ("volume", InfrastructureKind.Volume), ("compose", InfrastructureKind.Compose)];

    public static ImmutableArray<(string Word, FailureTime Value)> FailureTimes { get; } =
    [
        ("during-deployment", FailureTime.DuringDeployment),
        ("post-deployment", FailureTime.PostDeployment),
        ("gradual", FailureTime.Gradual),
        ("unknown", FailureTime.Unknown),
    ];

    public static ImmutableArray<(string Word, SystemState Value)> SystemStates { get; } =
    [
        ("partially-deployed", SystemState.PartiallyDeployed),
        ("fully-deployed", SystemState.FullyDeployed),
        ("crashed", SystemState.Crashed),
        ("degraded", SystemState.Degraded),
        ("unknown", SystemState.Unknown),
    ];

    public static ImmutableArray<(string Word, Traffic Value)> Traffic { get; } =
    [
        ("production", Situations.Traffic.Production),
        ("maintenance", Situations.Traffic.Maintenance),
        ("offline", Situations.Traffic.Offline),
        ("unknown", Situations.Traffic.Unknown),
    ];

    public static ImmutableArray<(string Word, DataLoss Value)> DataLosses { get; } =
    [
        ("none", DataLoss.None),
        ("possible", DataLoss.Possible),
        ("certain", DataLoss.Certain),
        ("unknown", DataLoss.Unknown),
    ];

    public static ImmutableArray<(string Word, TriedEnd Value)> TriedEnds { get; } =
    [
        ("failed", TriedEnd.Failed),
        ("undone", TriedEnd.Undone),
        ("undo-failed", TriedEnd.UndoFailed),
        ("taken-back", TriedEnd.TakenBack),
        ("stopped", TriedEnd.Stopped),
        ("unfinished", TriedEnd.Unfinished),
    ];

    /// <summary>Where a feature flag can be kept.</summary>
    public static ImmutableArray<(string Word, string Value)> FlagPlaces { get; } =
        [("environment", "environment"), ("env_file", "env_file"), ("file", "file"), ("http", "http")];

    /// <summary>The word of a value.</summary>
    public static string Of<T>(ImmutableArray<(string Word, T Value)> words, T value)
    {
        foreach (var (word, candidate) in words)
        {
            if (EqualityComparer<T>.Default.Equals(candidate, value))
            {
                return word;
            }
        }

        throw new ArgumentOutOfRangeException(nameof(value), value, "it has no word");
    }

    public static string Of(ChangeKind change) => Of(Changes, change);
}
