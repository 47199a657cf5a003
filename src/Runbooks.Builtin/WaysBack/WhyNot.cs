using Runbooks.Advisor.Situations;

namespace Runbooks.Builtin.WaysBack;

/// <summary>Why a strategy that takes one part back is not the one.</summary>
internal static class WhyNot
{
    public static string Of(Situation situation, Part part)
    {
        var has = situation.Has(part);
        if (!has && part == Part.Database && situation.Schema == SchemaWay.Stays)
        {
            return "the previous release works with the schema as it is: taking migrations back is a risk for nothing";
        }

        if (situation.Facts.Changes is null)
        {
            return Open(situation) ?? "";
        }

        if (!has)
        {
            return $"{(part == Part.Database ? "the database" : Words(situation, part))} did not change";
        }

        if (Open(situation) is { } open)
        {
            return open;
        }

        var others = situation.Parts.Where(p => p != part).Select(p => Words(situation, p)).ToList();
        return others.Count > 0
            ? $"alone it leaves {Remarks.And(others)} as the failed release made {(others.Count > 1 ? "them" : "it")}"
            : $"several services changed ({Remarks.And(situation.ApplicationServices)}): one alone would leave the others on the failed release";
    }

    /// <summary>Nothing can be rolled back, or nobody knows yet; null when that is not the case.</summary>
    public static string? Open(Situation situation) =>
        !situation.Blockers.IsEmpty ? $"blocked by {Remarks.And([.. situation.Blockers.Select(b => b.Name)])}"
        : !situation.Doubts.IsEmpty ? "it may be the one: that cannot be said before it is found out"
        : null;

    /// <summary>What changed, as a part of a sentence.</summary>
    public static string Words(Situation situation, Part part) => part switch
    {
        Part.Configuration when situation.Kinds.Contains(ChangeKind.FeatureFlag) => situation.Kinds.Contains(ChangeKind.Configuration) ? "the configuration with a feature flag" : "the feature flag",
        Part.Database => "the schema",
        Part.Application => "the application",
        Part.Configuration => "the configuration",
        _ => "the infrastructure",
    };
}
