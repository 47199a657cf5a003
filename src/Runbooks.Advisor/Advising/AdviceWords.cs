using Runbooks.Advisor.Situations;
using Runbooks.Advisor.Strategies;
using Runbooks.Language.Fields;

namespace Runbooks.Advisor.Advising;

/// <summary>How what advice is made of is said.</summary>
internal static class AdviceWords
{
    public static string Of(Risk risk) => risk switch
    {
        Risk.Low => "low",
        Risk.Medium => "medium",
        _ => "high",
    };

    public static string Of(TimeRange range) => range.Shortest == range.Longest ? Durations.Format(range.Longest) : $"{Durations.Format(range.Shortest)} to {Durations.Format(range.Longest)}";

    public static string Of(Evidence evidence) =>
        string.Concat(evidence.Source, evidence.Value.Length > 0 ? $": {evidence.Value}" : "", evidence.Means.Length > 0 ? $", {evidence.Means}" : "", evidence.ObservedAt.Length > 0 ? $", at {evidence.ObservedAt}" : "");
}
