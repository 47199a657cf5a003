using Runbooks.Advisor.Advising;
using Runbooks.Advisor.Reading;
using Runbooks.Advisor.Situations;
using Runbooks.Builtin;
using Runbooks.Language.Text;

namespace Runbooks.Advisor.Tests;

/// <summary>The rows of the handbook's tables, and the traps that override them.</summary>
public sealed class HandbookTests
{
    private const string Good = "failure_time: post-deployment\nsystem_state: degraded\ntraffic: production\nprevious_release_available: true\n";

    [Theory]
    [InlineData("changes: [application]\nmigrations: []", "application", "low", 1, 2, "app-rollback")]
    [InlineData("changes: [configuration]\nmigrations: []", "configuration", "low", 1, 2, "config-file-rollback")]
    [InlineData("changes: [feature-flag]\nmigrations: []", "configuration", "low", 1, 2, "feature-flag-rollback")]
    [InlineData("changes: [infrastructure]\nmigrations: []", "infrastructure", "medium", 3, 5, "compose-rollback")]
    [InlineData("changes: [database]\nmigrations: [{ id: a1, reversible: true, data_loss: none }]", "database", "high", 5, 10, "db-migration-rollback")]
    [InlineData("changes: [database, application]\nmigrations: [{ id: a1, reversible: true, data_loss: none }]", "database", "high", 5, 10, "db-and-app-rollback")]
    [InlineData("changes: [database, application, infrastructure]\nmigrations: [{ id: a1, reversible: true, data_loss: none }]", "sequential", "high", 10, 15, "sequential-rollback")]
    [InlineData("changes: [application, infrastructure]\nmigrations: []", "sequential", "high", 10, 15, "sequential-rollback")]
    public void The_rows_of_the_tables_are_followed(string facts, string strategy, string risk, int fromMinutes, int toMinutes, string playbook)
    {
        var advice = Advise(facts + "\n" + Good);

        Assert.Equal((strategy, risk), (advice.Strategy, advice.Way.Risk.ToString().ToLowerInvariant()));
        Assert.Equal((TimeSpan.FromMinutes(fromMinutes), TimeSpan.FromMinutes(toMinutes)), (advice.Way.Time?.Shortest, advice.Way.Time?.Longest));
        Assert.StartsWith($"runbook exec playbooks/{playbook}.yml", advice.CommandLine, StringComparison.Ordinal);
    }

    [Fact]
    public void What_it_took_before_stands_beside_what_the_handbook_says()
    {
        var advice = Advise($"changes: [application]\nmigrations: []\nmeasured: [{{ what: healthy, took: 45s, from: release r1 }}, {{ what: app-rollback, took: 3m200ms, from: run 7 }}, {{ what: db-restore, took: 2h }}]\n{Good}");

        Assert.Equal((TimeSpan.FromSeconds(45), TimeSpan.FromMinutes(2)), (advice.Way.Downtime?.Shortest, advice.Way.Downtime?.Longest));
        Assert.Contains("release r1 was healthy 45s after its start", advice.Way.Downtime?.From ?? []);
        Assert.Equal((TimeSpan.FromMinutes(1), new TimeSpan(0, 0, 3, 0, 200)), (advice.Way.Time?.Shortest, advice.Way.Time?.Longest));
        Assert.Contains("app-rollback took 3m in run 7", advice.Way.Time?.From ?? []);
    }

    [Theory]
    [InlineData("changes: [application]\ntarget_image_present: false", "none", "target-missing")]
    [InlineData("changes: [application]\ntarget_image_present: false\ntarget_image_pullable: false", "none", "target-missing")]
    [InlineData("changes: [application]\ntarget_image_present: false\ntarget_image_pullable: true\nprevious_release_available: false", "none", "target-missing")]
    [InlineData("changes: [application]\ntarget_image_present: false\ntarget_image_pullable: true\nswarm: true", "none", "target-missing")]
    [InlineData("changes: [application, infrastructure]\ntarget_image_present: false\ntarget_image_pullable: true", "none", "target-missing")]
    [InlineData("changes: [application]\nprevious_release_available: false", "none", "target-missing")]
    [InlineData("changes: [application]\nschema_compatible: false", "none", "schema-ahead")]
    [InlineData("changes: [application, database]\nmigrations: [{ id: a1, reversible: false, data_loss: certain }]", "none", "irreversible-migration")]
    [InlineData("changes: [database]\nmigrations: [{ id: a1, reversible: false }]", "none", "irreversible-migration")]
    [InlineData("changes: [application]\nvolume_newer_than_engine: true", "none", "volume-newer")]
    [InlineData("changes: [application]\ndeployed: false", "none", "nothing-deployed")]
    [InlineData("changes: []\nmigrations: []", "none", "nothing-changed")]
    [InlineData("changes: [application]\ncause_in_release: false", "none", "cause-outside")]
    [InlineData("changes: [application]\ndisk_full: true", "none", "disk-full")]
    [InlineData("changes: [application]\nprobe_broken: true", "none", "probe-broken")]
    [InlineData("changes: [application]\ntried: [{ playbook: app-rollback, run: r7, outcome: undone }]", "none", "tried-already")]
    [InlineData("changes: [configuration]\ntried: [{ playbook: config-file-rollback, run: r7, outcome: unfinished }]", "none", "tried-already")]
    public void Hard_constraints_override_the_tree(string facts, string strategy, string constraint)
    {
        var advice = Advise(Over(facts));

        Assert.Equal(strategy, advice.Strategy);
        Assert.Contains(advice.Way.BlockedBy, b => b.StartsWith($"{constraint}: ", StringComparison.Ordinal));
        Assert.Null(advice.CommandLine);
    }

    [Theory]
    [InlineData("failed", "look at what both of them need", "where that is in the way: runbook undo r7")]
    [InlineData("undone", "when the previous release was not well in it either", "runbook runs show r7")]
    [InlineData("taken-back", "look at what both of them need", "runbook runs show r7")]
    [InlineData("stopped", "take back what it has left: runbook undo r7", "runbook runs show r7")]
    [InlineData("unfinished", "go on with it (runbook resume r7)", "take it back (runbook undo r7)")]
    public void What_was_tried_says_what_to_do_by_how_it_ended(string outcome, params string[] said)
    {
        var advice = Advise(Over($"changes: [application]\ntried: [{{ playbook: app-rollback, run: r6, outcome: failed }}, {{ playbook: app-rollback, run: r7, outcome: {outcome}, why: status 500 }}]"));

        Assert.Equal("none", advice.Strategy);
        Assert.All(said, s => Assert.Contains(s, string.Join('\n', advice.Way.Order), StringComparison.Ordinal));
        Assert.Contains("(status 500)", Assert.Single(advice.Way.Because).Text, StringComparison.Ordinal);
        Assert.Contains(advice.Way.WouldChange, w => w.Contains("runbook release bad", StringComparison.Ordinal));
    }

    [Fact]
    public void A_flag_that_was_switched_back_in_vain_is_not_switched_again_before_the_rest()
    {
        var advice = Advise(Over("changes: [application, feature-flag]\nflags: [{ name: checkout, where: http }]\ntried: [{ playbook: feature-flag-rollback, run: r7, outcome: undone, target: { flag: checkout } }]"));

        Assert.Equal("sequential", advice.Strategy);
        Assert.DoesNotContain(advice.Way.Order, o => o.Contains("feature-flag-rollback", StringComparison.Ordinal));
        Assert.Contains(advice.Way.Against, a => a.Contains("switched back in run r7", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{}", FactKeys.Changes)]
    [InlineData("migrations: []", FactKeys.Changes)]
    [InlineData("changes: [application]\nprevious_release_available: null", FactKeys.PreviousReleaseAvailable)]
    [InlineData("changes: [application]\nprevious_release_available: null\ntarget_image_present: true", FactKeys.PreviousReleaseAvailable)]
    [InlineData("changes: [database]", FactKeys.Migrations)]
    [InlineData("changes: [database]\nmigrations: []", FactKeys.Migrations)]
    [InlineData("changes: [application, database]\nmigrations: [{ id: a1, reversible: null }]", FactKeys.Migrations)]
    [InlineData("changes: [application, database]\nmigrations: [{ id: a1, reversible: false, data_loss: none }]", FactKeys.SchemaCompatible)]
    public void What_would_decide_is_asked_for_and_not_guessed(string facts, string fact)
    {
        var advice = Advise(facts == "{}" ? facts : Over(facts));

        Assert.Equal(("inconclusive", fact), (advice.Strategy, advice.Way.Probe?.Fact));
        Assert.True(advice.IsInconclusive);
    }

    [Theory]
    [InlineData("changes: [application, database]\nschema_compatible: true\nmigrations: [{ id: a1, reversible: false, data_loss: certain }]", "application", "medium")]
    [InlineData("changes: [application, database]\nschema_compatible: true\nmigrations: [{ id: a1, reversible: true, data_loss: none }]", "application", "medium")]
    [InlineData("changes: [configuration, database]\nschema_compatible: true\nmigrations: [{ id: a1, reversible: true }]", "configuration", "low")]
    [InlineData("changes: [database]\nbackup_available: true\nmigrations: [{ id: a1, reversible: false }]", "database", "high")]
    [InlineData("changes: [feature-flag]\nprevious_release_available: false\nvolume_newer_than_engine: true", "configuration", "low")]
    [InlineData("changes: [application]\ntarget_image_present: false\ntarget_image_pullable: true", "application", "low")]
    [InlineData("changes: [infrastructure]\nprevious_release_available: false", "infrastructure", "medium")]
    [InlineData("changes: [application]\ntried: [{ playbook: compose-rollback, run: r7, outcome: failed }]", "application", "low")]
    [InlineData("changes: [application]\nvars: { version: v1 }\ntried: [{ playbook: app-rollback, run: r7, outcome: undone, target: { version: v2, service: app } }]", "application", "low")]
    [InlineData("changes: [application]\ncomponents: [{ name: web, change: application }, { name: app, change: application }]", "sequential", "high")]
    public void Where_there_is_another_way_it_is_taken(string facts, string strategy, string risk)
    {
        var advice = Advise(Over(facts));

        Assert.Equal((strategy, risk), (advice.Strategy, advice.Way.Risk.ToString().ToLowerInvariant()));
    }

    [Fact]
    public void A_schema_that_can_stay_is_left_and_the_alternative_says_why()
    {
        var advice = Advise(Over("changes: [application, database]\nschema_compatible: true\nmigrations: [{ id: a1, reversible: true, data_loss: none }]"));

        Assert.Contains(advice.Alternatives, a => a.Strategy == "database" && a.WhyNot.Contains("works with the schema as it is", StringComparison.Ordinal));
    }

    [Fact]
    public void A_backup_is_restored_by_its_playbook_and_by_another_where_more_has_to_go_back_with_it()
    {
        const string Facts = "backup_available: true\nmigrations: [{ id: a1, reversible: false, data_loss: certain }]\n";

        Assert.StartsWith("runbook exec playbooks/db-restore.yml ", Advise(Over($"changes: [database]\n{Facts}")).CommandLine, StringComparison.Ordinal);
        var both = Advise(Over($"changes: [database, application]\n{Facts}"));
        Assert.Equal("database", both.Strategy);
        Assert.StartsWith("runbook exec playbooks/sequential-rollback.yml --var with_database=true --var with_application=true --var with_infrastructure=false ", both.CommandLine, StringComparison.Ordinal);
        Assert.Contains(" --var 'dump=<DUMP>' ", both.CommandLine, StringComparison.Ordinal);
        Assert.Contains(both.Way.Order, s => s.StartsWith("database: restore the backup into a new database", StringComparison.Ordinal));
    }

    [Fact]
    public void A_flag_that_came_with_other_changes_is_switched_first_and_also_when_nothing_else_can_go_back()
    {
        var several = Advise(Over("changes: [application, feature-flag]\nflags: [{ name: checkout, where: http }]"));
        Assert.Equal("sequential", several.Strategy);
        Assert.Contains("feature-flag-rollback.yml --var where=http --var flag=checkout", several.Way.Order[0], StringComparison.Ordinal);

        Assert.Contains("feature-flag-rollback.yml", Advise(Over("changes: [configuration, feature-flag]")).Way.Order[0], StringComparison.Ordinal);

        var stuck = Advise(Over("changes: [application, feature-flag]\nprevious_release_available: false"));
        Assert.Equal("none", stuck.Strategy);
        Assert.Contains("feature-flag-rollback.yml", stuck.Way.Order[0], StringComparison.Ordinal);
        Assert.DoesNotContain("feature-flag", Advise(Over("changes: [application, feature-flag]\ndisk_full: true")).Way.Order[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("version: \"it's; rm -rf /\"", "'version=it'\\''s; rm -rf /'")]
    [InlineData("version: v1\n  url: 'http://127.0.0.1/?a=1&b=2'", "'url=http://127.0.0.1/?a=1&b=2'")]
    [InlineData("version: v1\n  compose: [a.yml, 'b c.yml']", "'compose=a.yml,b c.yml'")]
    [InlineData("version: v1\n  compose: ['a,b.yml', c.yml]", "'compose=[\"a,b.yml\", \"c.yml\"]'")]
    [InlineData("image: myapp", "'version=<VERSION>'")]
    public void The_command_can_be_pasted_into_a_shell(string vars, string word)
    {
        Assert.Contains($" --var {word}", Advise(Over($"changes: [application]\nvars:\n  {vars}")).CommandLine, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_observed_stands_with_the_reason_that_it_is_for()
    {
        var advice = Advise(Over("changes: [application]\nevidence: [{ fact: changes, source: docker inspect, value: 'v1.2.4', means: another image }]"));

        Assert.Equal(["docker inspect"], advice.Reasons.First().Evidence.Select(e => e.Source));
        Assert.Contains("docker inspect: v1.2.4, another image", AdviceText.Write(advice), StringComparison.Ordinal);
    }

    /// <summary>The good facts, and over them those that are given.</summary>
    private static string Over(string facts) => facts + "\n" + string.Join('\n', Good.Split('\n').Where(line => line.Length > 0 && !facts.Contains(line.Split(':')[0] + ":", StringComparison.Ordinal)));

    private static Advice Advise(string facts)
    {
        var read = FactsReader.Read(new SourceText("facts.yml", facts));
        Assert.Empty(read.Diagnostics);
        return new Adviser(BuiltinStrategies.All).Advise(Assert.IsType<Facts>(read.Value));
    }
}
