using System.Collections.Immutable;
using Runbooks.Advisor.Advising;
using Runbooks.Advisor.Situations;
using Runbooks.Advisor.Strategies;
using Runbooks.Builtin;

namespace Runbooks.Advisor.Tests;

/// <summary>Over the whole space of facts, not by example.</summary>
public sealed class ExhaustiveTests
{
    private static readonly Adviser Adviser = new(BuiltinStrategies.All);

    [Fact]
    public void No_advice_breaks_a_hard_constraint_and_each_has_a_reason()
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var facts in FactSpace.Deciding().Concat(FactSpace.Circumstances()).Concat(FactSpace.Repeated()))
        {
            var advice = Adviser.Advise(facts);
            foreach (var wrong in Laws.Broken(facts, advice).Concat(Laws.Missing(advice)))
            {
                Assert.Fail($"{advice.Strategy}: {wrong}\n{Said(facts)}\n{AdviceText.Write(advice)}");
            }

            seen[advice.Strategy] = seen.GetValueOrDefault(advice.Strategy) + 1;
        }

        Assert.True(seen.Values.Sum() > 300_000, $"only {seen.Values.Sum()} combinations");
        Assert.Equal(["application", "configuration", "database", "inconclusive", "infrastructure", "none", "sequential"], seen.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Not_knowing_a_fact_never_lowers_the_risk()
    {
        var compared = 0;
        foreach (var facts in FactSpace.Deciding().Where((_, i) => i % 5 == 0).Concat(FactSpace.Circumstances().Where((_, i) => i % 11 == 0)).Concat(FactSpace.Repeated().Where((_, i) => i % 13 == 0)))
        {
            var known = Adviser.Advise(facts);
            if (known.Strategy == "none" || Contradicts(facts))
            {
                // The risk of a rollback can only be compared with that of a rollback.
                continue;
            }

            foreach (var (fact, less) in FactSpace.WithoutOne(facts))
            {
                var advice = Adviser.Advise(less);
                Assert.True(advice.Way.Risk >= known.Way.Risk, $"without {fact}: {advice.Strategy} {advice.Way.Risk}, with it {known.Strategy} {known.Way.Risk}\n{Said(facts)}");
                compared++;
            }
        }

        Assert.True(compared > 50_000, $"only {compared} comparisons");
    }

    [Fact]
    public void What_was_handed_over_and_did_not_lead_back_is_not_handed_over_again()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var facts in FactSpace.Deciding().Where((_, i) => i % 7 == 0).Concat(FactSpace.Circumstances().Where((_, i) => i % 5 == 0)))
        {
            if (Adviser.Advise(facts).Way.Command is not { } command)
            {
                continue;
            }

            var target = command.Vars.Where(v => v.Value is not null).ToImmutableSortedDictionary(v => v.Name, v => v.Value ?? "", StringComparer.Ordinal);
            var tried = new TriedRollback(command.Name, "run-7", TriedEnd.Undone, target);
            var again = Adviser.Advise(facts with { Tried = [tried] });
            Assert.Equal(("none", null, tried), (again.Strategy, again.CommandLine, again.Tried));

            var other = new TriedRollback(command.Name == "app-rollback" ? "compose-rollback" : "app-rollback", "run-7", TriedEnd.Undone, target);
            Assert.Equal(command.Name, Adviser.Advise(facts with { Tried = [other] }).Way.Command?.Name);
            seen.Add(command.Name);
        }

        Assert.True(seen.Count > 8, $"only {string.Join(", ", seen)}");
    }

    [Fact]
    public void The_order_of_lists_and_repetitions_change_nothing()
    {
        foreach (var facts in FactSpace.Deciding().Where((_, i) => i % 97 == 0))
        {
            var detailed = facts with
            {
                Components = [new Component("web", ChangeKind.Application), new Component("app", ChangeKind.Application)],
                Infrastructure = [InfrastructureKind.Volume, InfrastructureKind.Network],
                Configuration = [new ConfigurationChange("A", "1", ".env", ""), new ConfigurationChange("", "", "config/app.conf", "/etc/app.conf")],
                Flags = [new FlagChange("b", "file", "flags.json", "false"), new FlagChange("a", "http", "", "")],
                Tried = [FactSpace.Tried("app-rollback", ""), FactSpace.Tried("env-rollback", "v1") with { Run = "run-8" }, FactSpace.Tried("app-rollback", "v1") with { Run = "run-9" }],
                Evidence = [new Evidence("changes", "git diff", "", "2 files", ""), new Evidence("changes", "docker inspect", "", "", "another image")],
            };
            var turned = detailed with
            {
                Changes = detailed.Changes is { } changes ? [.. changes.Reverse(), .. changes] : null,
                Migrations = detailed.Migrations is { } migrations ? [.. migrations.Reverse(), .. migrations] : null,
                Components = [.. detailed.Components.Reverse(), .. detailed.Components],
                Infrastructure = [.. detailed.Infrastructure.Reverse(), .. detailed.Infrastructure],
                Configuration = [.. detailed.Configuration.Reverse(), .. detailed.Configuration],
                Flags = [.. detailed.Flags.Reverse(), .. detailed.Flags],
                Tried = detailed.Tried is { } tried ? [.. tried.Reverse(), .. tried] : null,
                Evidence = [.. detailed.Evidence.Reverse(), .. detailed.Evidence],
            };

            Assert.Equal(AdviceJson.Write(Adviser.Advise(detailed)), AdviceJson.Write(Adviser.Advise(turned)));
        }
    }

    [Fact]
    public void A_strategy_that_goes_against_a_constraint_is_not_recommended()
    {
        var adviser = new Adviser([new Reckless(), .. BuiltinStrategies.All]);

        Assert.Equal("none", adviser.Advise(new Facts { Changes = [ChangeKind.Application], DiskFull = Answer.Yes }).Strategy);
        Assert.Equal("inconclusive", adviser.Advise(Facts.None).Strategy);
        Assert.Equal("reckless", adviser.Advise(new Facts { Changes = [ChangeKind.Application], PreviousReleaseAvailable = Answer.Yes }).Strategy);
    }

    /// <summary>Migrations are listed of a release that is said not to have changed the database: without the list nothing is left that says it did.</summary>
    private static bool Contradicts(Facts facts) => facts is { Changes: { } changes, Migrations: { IsEmpty: false } } && !changes.Contains(ChangeKind.Database);

    private static string Said(Facts facts) =>
        $"{facts}\nchanges: {(facts.Changes is { } changes ? string.Join(", ", changes) : "unknown")}\nmigrations: {(facts.Migrations is { } migrations ? string.Join(", ", migrations) : "unknown")}";

    private sealed class Reckless : IStrategy
    {
        public string Name => "reckless";

        public string Summary => "whatever it is, roll back";

        public Opinion Consider(Situation situation) => new Opinion.Fits(new Way
        {
            Recommendation = "roll back",
            Risk = Risk.Low,
            RiskReasons = ["none"],
            Because = [new Reason("it always does", FactKeys.Changes)],
            Time = new TimeRange(TimeSpan.Zero, TimeSpan.Zero, []),
        });
    }
}
