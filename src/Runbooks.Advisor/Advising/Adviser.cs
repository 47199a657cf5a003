using System.Collections.Immutable;
using Runbooks.Advisor.Situations;
using Runbooks.Advisor.Strategies;

namespace Runbooks.Advisor.Advising;

/// <summary>Makes one recommendation of facts. Pure: the same facts give the same advice.</summary>
/// <param name="strategies">In the order in which they are considered; the first that fits is recommended.</param>
public sealed class Adviser(ImmutableArray<IStrategy> strategies)
{
    /// <exception cref="InvalidOperationException">No strategy fits: a bug in one of them, since the last resort of every situation is a strategy too.</exception>
    public Advice Advise(Facts facts)
    {
        var situation = Situation.Of(facts);
        var opinions = strategies.Select(s => (Strategy: s, Opinion: s.Consider(situation))).ToList();
        var (chosen, way) = opinions.Select(o => (o.Strategy, Way: (o.Opinion as Opinion.Fits)?.Way)).FirstOrDefault(o => o.Way is not null && IsAllowed(o.Way, situation));
        if (chosen is null || way is null)
        {
            throw new InvalidOperationException("no strategy fits");
        }

        return new Advice(
            chosen.Name,
            way,
            [.. opinions.Where(o => o.Strategy != chosen).Select(o => new Alternative(o.Strategy.Name, WhyNot(o.Opinion, situation, chosen))).Where(a => a.WhyNot.Length > 0)],
            [.. facts.Evidence.Distinct().OrderBy(e => e.Fact, StringComparer.Ordinal).ThenBy(e => e.Source, StringComparer.Ordinal).ThenBy(e => e.ObservedAt, StringComparer.Ordinal).ThenBy(e => e.Value, StringComparer.Ordinal).ThenBy(e => e.Means, StringComparer.Ordinal)]);
    }

    /// <summary>Whatever a strategy thinks, nothing is rolled back against a constraint, and nothing while it is open which way is right.</summary>
    private static bool IsAllowed(Way way, Situation situation) => !way.RollsBack || (situation.Blockers.IsEmpty && situation.Doubts.IsEmpty);

    private static string WhyNot(Opinion opinion, Situation situation, IStrategy chosen) => opinion switch
    {
        Opinion.FitsNot no => no.Why,
        _ when !situation.Blockers.IsEmpty => $"blocked by {string.Join(", ", situation.Blockers.Select(b => b.Name))}",
        _ when !situation.Doubts.IsEmpty => "it may be the one: that cannot be said before it is found out",
        _ => $"{chosen.Name} comes before it",
    };
}
