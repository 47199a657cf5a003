using Runbooks.Advisor.Situations;
using Runbooks.Advisor.Strategies;

namespace Runbooks.Builtin.Strategies.Inconclusive;

/// <summary>Nothing is recommended before something is found out.</summary>
public sealed class InconclusiveStrategy : IStrategy
{
    public string Name => "inconclusive";

    public string Summary => "find something out first";

    public Opinion Consider(Situation situation)
    {
        if (!situation.Blockers.IsEmpty || situation.Doubts is not [var first, ..])
        {
            return new Opinion.FitsNot("");
        }

        return new Opinion.Fits(new Way
        {
            Recommendation = "find out first, then decide",
            Risk = Risk.High,
            RiskReasons = ["what is not known can make every way back the wrong one"],
            Order =
            [
                first.Command.Length > 0 ? $"find out: {first.Question} ({first.Command})" : $"find out: {first.Question}",
                $"add what you found as '{first.Fact}' to the facts, and ask again; 'runbook advise --interactive' asks for it",
            ],
            Because = [new Reason($"it is not known: {first.Question}", first.Fact)],
            Against = ["users go on with the failed release meanwhile"],
            WouldChange = [first.Decides, .. situation.Doubts.Skip(1).Select(d => $"then: {d.Question}")],
            Probe = first,
        });
    }
}
