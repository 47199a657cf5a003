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
        var opinions = OpinionsOf(situation);
        var ways = Ways(opinions, situation);
        var tried = ways.Exists(w => Tried(w.Way, situation) is null) ? null : ways.Select(w => Tried(w.Way, situation)).FirstOrDefault();
        if (tried is not null)
        {
            situation = situation.Without(tried);
            opinions = OpinionsOf(situation);
            ways = Ways(opinions, situation);
        }

        var (chosen, way) = ways.Find(w => Tried(w.Way, situation) is null);
        if (chosen is null || way is null)
        {
            throw new InvalidOperationException("no strategy fits");
        }

        return new Advice(
            chosen.Name,
            way,
            [.. opinions.Where(o => o.Strategy != chosen).Select(o => new Alternative(o.Strategy.Name, WhyNot(o.Opinion, situation, chosen))).Where(a => a.WhyNot.Length > 0)],
            [.. facts.Evidence.Distinct().OrderBy(e => e.Fact, StringComparer.Ordinal).ThenBy(e => e.Source, StringComparer.Ordinal).ThenBy(e => e.ObservedAt, StringComparer.Ordinal).ThenBy(e => e.Value, StringComparer.Ordinal).ThenBy(e => e.Means, StringComparer.Ordinal)])
        {
            Tried = tried,
        };
    }

    private List<(IStrategy Strategy, Opinion Opinion)> OpinionsOf(Situation situation) => [.. strategies.Select(s => (s, s.Consider(situation)))];

    /// <summary>Those that fit and are not forbidden.</summary>
    private static List<(IStrategy Strategy, Way Way)> Ways(List<(IStrategy Strategy, Opinion Opinion)> opinions, Situation situation)
    {
        var ways = new List<(IStrategy, Way)>();
        foreach (var (strategy, opinion) in opinions)
        {
            if (opinion is Opinion.Fits { Way: var way } && IsAllowed(way, situation))
            {
                ways.Add((strategy, way));
            }
        }

        return ways;
    }

    /// <summary>What was run with this way's command and did not succeed is not handed over once more.</summary>
    private static TriedRollback? Tried(Way way, Situation situation) => way.Command is { } command ? situation.Tried(command) : null;

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
