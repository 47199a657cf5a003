using System.Text.Json;
using Runbooks.Advisor.Advising;
using Runbooks.Advisor.Reading;
using Runbooks.Advisor.Situations;
using Runbooks.Builtin;
using Runbooks.Language.Text;
using Runbooks.Testing;

namespace Runbooks.Advisor.Tests;

/// <summary>What people and programs read.</summary>
public sealed class AdviceFormTests
{
    private static readonly Dictionary<string, string> Cases = new(StringComparer.Ordinal)
    {
        ["application"] = """
            changes: [application]
            migrations: []
            failure_time: post-deployment
            system_state: degraded
            traffic: production
            previous_release_available: true
            target_image_present: true
            cause_in_release: true
            deployed: true
            disk_full: false
            probe_broken: false
            vars: { service: app, version: v1.2.3, image: myapp, compose: [docker-compose.yml, prod.yml] }
            evidence:
              - { fact: changes, source: "docker inspect shop-app-1, .Image", value: "myapp:v1.2.4, was myapp:v1.2.3", observed_at: "2025-03-01T02:10:00Z" }
              - { fact: target_image_present, source: docker image inspect myapp:v1.2.3, value: "sha256:0f3c" }
            """,
        ["sequential"] = """
            changes: [application, database, infrastructure]
            migrations:
              - { id: 1975ea83b712, reversible: true, data_loss: possible }
              - { id: ae1027a6acf, reversible: true, data_loss: none }
            failure_time: during-deployment
            system_state: partially-deployed
            traffic: production
            previous_release_available: true
            other_actors: true
            vars: { service: app, workers: worker, version: v1.2.3, tool: alembic, from: 1975ea83b712 }
            """,
        ["database"] = """
            changes: [application, database]
            migrations:
              - { id: 1975ea83b712, reversible: true, data_loss: possible }
              - { id: ae1027a6acf, reversible: true, data_loss: none }
            failure_time: during-deployment
            system_state: partially-deployed
            traffic: production
            previous_release_available: true
            other_actors: true
            vars: { service: app, workers: worker, version: v1.2.3, tool: alembic, from: 1975ea83b712 }
            """,
        ["together"] = """
            changes: [application, configuration, feature-flag]
            failure_time: post-deployment
            system_state: crashed
            traffic: maintenance
            previous_release_available: true
            target_image_present: true
            configuration: [{ file: config/app.conf, inside: /etc/app.conf }]
            flags: [{ name: checkout.enabled, where: file, file: config/flags.json, previous: false }, { name: banner, where: http }]
            vars: { service: app, version: v1.2.3, image: myapp, env_file: .env, revision: v1.2.3 }
            """,
        ["none"] = """
            changes: [application, database]
            migrations: [{ id: 0007_drop_discount, reversible: false, data_loss: certain }]
            failure_time: post-deployment
            system_state: degraded
            traffic: production
            previous_release_available: true
            """,
        ["tried"] = """
            changes: [application]
            failure_time: post-deployment
            system_state: degraded
            traffic: production
            previous_release_available: true
            vars: { service: app, version: v1.2.3, image: myapp }
            tried:
              - { playbook: app-rollback, run: 20250301T021000.000Z-4f1d2a, outcome: undone, target: { service: app, image: myapp, version: v1.2.3 }, why: "step 'start': 'the service answers 200, and keeps doing so' does not hold: status 500" }
            evidence:
              - { fact: tried, source: "runbook runs show 20250301T021000.000Z-4f1d2a", value: "app-rollback to image=myapp, service=app, version=v1.2.3 ended as undone: step 'start': 'the service answers 200, and keeps doing so' does not hold: status 500" }
            """,
        ["inconclusive"] = """
            changes: [application]
            failure_time: gradual
            vars: { image: "my app" }
            """,
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Advice_reads_as_it_should(string name)
    {
        var advice = Advise(Cases[name]);

        Golden.Verify(AdviceText.Write(advice), $"advice/{name}.txt.golden");
        Golden.Verify(AdviceMarkdown.Write(advice), $"advice/{name}.md.golden");
        Golden.Verify(AdviceJson.Write(advice), $"advice/{name}.json.golden");
    }

    [Fact]
    public void The_JSON_form_has_the_keys_that_were_promised()
    {
        foreach (var facts in Cases.Values)
        {
            using var document = JsonDocument.Parse(AdviceJson.Write(Advise(facts)));
            Assert.All(
                (string[])["strategy", "risk", "downtime", "order", "because", "against", "alternatives", "blocked_by", "command"],
                key => Assert.True(document.RootElement.TryGetProperty(key, out _), key));
        }
    }

    [Fact]
    public void Names_from_facts_are_no_Markdown()
    {
        var text = AdviceMarkdown.Write(Advise("changes: [database]\nmigrations: [{ id: \"a_b*c|`x`\", reversible: true }]\n"));

        Assert.Contains(@"a\_b\*c\|\`x\`", text, StringComparison.Ordinal);
    }

    private static Advice Advise(string facts) => new Adviser(BuiltinStrategies.All).Advise(Assert.IsType<Facts>(FactsReader.Read(new SourceText("facts.yml", facts)).Value));
}
