using Runbooks.Advisor.Situations;
using Runbooks.Advisor.Strategies;
using Runbooks.Builtin.WaysBack;

namespace Runbooks.Builtin.Strategies.None;

/// <summary>Nothing is rolled back, because that would not help, or do harm.</summary>
public sealed class NoneStrategy : IStrategy
{
    public string Name => "none";

    public string Summary => "do not roll back";

    public Opinion Consider(Situation situation)
    {
        if (situation.Blockers is not [var first, ..] blockers)
        {
            return new Opinion.FitsNot(situation.Doubts.IsEmpty ? "nothing that is known forbids a rollback" : "whether a rollback is forbidden is not known yet");
        }

        var staysIll = blockers.Any(b => b.StaysIll);
        return new Opinion.Fits(new Way
        {
            Recommendation = "do not roll back",
            Risk = staysIll ? Risk.High : Risk.Low,
            RiskReasons = [staysIll ? "the failed release stays, and this way back is closed" : "nothing is changed"],
            Order = [.. Instead(situation), .. blockers.Any(b => b.Fact == FactKeys.Tried) ? Remarks.MakeWay(situation) : [], .. blockers.SelectMany(b => b.Then.Insert(0, b.Instead)).Distinct()],
            Because = [.. blockers.Select(b => new Reason(b.Why, b.Fact)), .. Registry(situation)],
            Against = staysIll ? ["users go on with the failed release meanwhile"] : [],
            BlockedBy = [.. blockers.Select(b => $"{b.Name}: {b.Why}")],
            WouldChange = [.. blockers.Select(b => $"if {b.Without}: ask again"), .. blockers.SelectMany(b => b.Others).Distinct()],
        });
    }

    /// <summary>What is known of where a missing image could come from, which stands with its evidence.</summary>
    private static IEnumerable<Reason> Registry(Situation situation)
    {
        if (situation.Blockers.Any(b => b.Fact == FactKeys.TargetImagePresent))
        {
            yield return new Reason(
                situation.Facts.TargetImagePullable switch { Answer.Yes => "its registry has it", Answer.No => "its registry does not have it", _ => "whether its registry still has it is not known" },
                FactKeys.TargetImagePullable);
        }
    }

    /// <summary>A flag can be switched also where nothing else can go back.</summary>
    private static IEnumerable<string> Instead(Situation situation)
    {
        if (situation.Kinds.Contains(ChangeKind.FeatureFlag) && situation.Blockers.All(b => b.Name is "target-missing" or "irreversible-migration" or "schema-ahead" or "volume-newer") && situation.Tried(PartCommands.Flag(situation).Command) is null)
        {
            yield return $"switch the feature flag back, which needs no previous release: {Remarks.Line(PartCommands.Flag(situation).Command)}";
        }
    }
}
