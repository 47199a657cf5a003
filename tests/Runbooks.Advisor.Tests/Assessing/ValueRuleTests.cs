using System.Collections.Immutable;
using Runbooks.Advisor.Advising;
using Runbooks.Advisor.Assessing.Readings;
using Runbooks.Advisor.Situations;
using Runbooks.Builtin;

namespace Runbooks.Advisor.Tests.Assessing;

/// <summary>The values to which variables and flags go back.</summary>
public sealed class ValueRuleTests
{
    [Fact]
    public void A_variable_goes_back_to_the_value_that_it_had()
    {
        var facts = Changed("COLOUR", new PastValue("app", "COLOUR", "sky blue", "docker-compose.yml")).Assess().Facts;

        Assert.Equal([new ConfigurationChange("COLOUR", "sky blue", "docker-compose.yml", "")], facts.Configuration);
        Assert.Contains("env-rollback.yml --var name=COLOUR --var 'value=sky blue' --var file=docker-compose.yml --var service=app", new Adviser(BuiltinStrategies.All).Advise(facts).CommandLine, StringComparison.Ordinal);
        Assert.Contains(facts.Evidence, e => e is { Fact: FactKeys.Configuration, Value: "COLOUR was 'sky blue' with release r1" });
    }

    [Fact]
    public void A_flag_goes_back_to_the_value_that_it_had()
    {
        var facts = Changed("FEATURE_CHECKOUT", new PastValue("app", "FEATURE_CHECKOUT", "off", "")).Assess().Facts;

        Assert.Equal([new FlagChange("FEATURE_CHECKOUT", "environment", "", "off")], facts.Flags);
        Assert.Contains("feature-flag-rollback.yml --var where=environment --var flag=FEATURE_CHECKOUT --var value=off", new Adviser(BuiltinStrategies.All).Advise(facts).CommandLine, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_secret_empty_of_another_service_or_not_known_stays_to_be_filled_in()
    {
        PastValue Of(string service, string value) => new(service, "COLOUR", value, "");

        foreach (var (past, mask, said) in new (PastValue[], Func<string, string>, string)[]
        {
            ([], t => t, "no file of its commit says it"),
            ([Of("worker", "blue")], t => t, "no file of its commit says it"),
            ([Of("app", "")], t => t, "COLOUR was empty with release r1"),
            ([Of("app", "blue")], t => t.Replace("blue", "***", StringComparison.Ordinal), "it may be a secret, and is shown nowhere"),
        })
        {
            var facts = (Changed("COLOUR", past) with { Mask = mask }).Assess().Facts;

            Assert.Equal([new ConfigurationChange("COLOUR", "", "", "")], facts.Configuration);
            Assert.Contains("'value=<VALUE>'", new Adviser(BuiltinStrategies.All).Advise(facts).CommandLine, StringComparison.Ordinal);
            Assert.Contains(facts.Evidence, e => e.Value.Contains(said, StringComparison.Ordinal));
        }

        var hidden = Changed("COLOUR");
        Assert.Contains((hidden with { More = [.. hidden.More.Select(r => r is PastValuesReading p ? p with { Hidden = ["COLOUR"] } : r)] }).Assess().Facts.Evidence, e => e.Value.EndsWith("it may be a secret, and is shown nowhere", StringComparison.Ordinal));
    }

    /// <summary>Only a variable of the application changed.</summary>
    private static Seen Changed(string variable, params PastValue[] past)
    {
        var seen = new Seen();
        return seen with
        {
            Containers = [.. seen.Containers.Select(c => c with { ImageReference = c.ImageReference.Replace("v2", "v1", StringComparison.Ordinal), ImageId = c.ImageId.Replace("bbb", "aaa", StringComparison.Ordinal) })],
            Then = [.. seen.Then.Select(s => s.Name == "app" ? s with { Environment = ImmutableSortedDictionary<string, string>.Empty.Add(variable, "0123") } : s)],
            ModelThen = Model(variable, "hmac:0123"),
            ModelNow = Model(variable, "hmac:4567"),
            More = [.. seen.More, new PastValuesReading("git cat-file 1111111111", Seen.Now, "r1", [.. past])],
        };
    }

    private static string Model(string variable, string value) => new Seen().ModelThen.Replace("\"app\":{\"image\":\"myapp:v1\"", $"\"app\":{{\"image\":\"myapp:v1\",\"environment\":{{\"{variable}\":\"{value}\"}}", StringComparison.Ordinal);
}
