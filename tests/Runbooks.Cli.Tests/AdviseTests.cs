using System.Text.Json;

namespace Runbooks.Cli.Tests;

/// <summary><c>runbook advise</c> as it is called.</summary>
public sealed class AdviseTests
{
    private const string Application = "changes: [application]\nfailure_time: post-deployment\nsystem_state: degraded\ntraffic: production\nprevious_release_available: true\nvars: { version: v1.2.3 }\n";

    [Fact]
    public async Task A_way_is_recommended_with_its_command()
    {
        using var project = new Project();
        project.Write("facts.yml", Application);
        var before = project.Snapshot();

        var ended = (await project.RunAsync("advise", "--facts", "facts.yml")).Expect(0);

        Assert.StartsWith("application: deploy the previous image again\n\n  runbook exec playbooks/app-rollback.yml --var version=v1.2.3\n", ended.Out);
        Assert.Empty(ended.Error);
        Assert.Equal(before, project.Snapshot());
        Assert.Empty(project.Records());
    }

    [Fact]
    public async Task Not_to_roll_back_is_an_answer_and_not_to_know_is_none()
    {
        using var project = new Project();
        project.Write("none.json", """{"changes":["application"],"previous_release_available":false}""");
        project.Write("open.json", "{}");

        using var none = JsonDocument.Parse((await project.RunAsync("advise", "--facts", "none.json", "--format", "json")).Expect(0).Out);
        using var open = JsonDocument.Parse((await project.RunAsync("advise", "--facts", "open.json", "-f", "json")).Expect(6).Out);

        Assert.Equal("none", none.RootElement.GetProperty("strategy").GetString());
        Assert.Equal("inconclusive", open.RootElement.GetProperty("strategy").GetString());
        Assert.Equal("changes", open.RootElement.GetProperty("probe").GetProperty("fact").GetString());
    }

    [Fact]
    public async Task Wrong_facts_are_told_with_their_places_and_no_advice_is_given()
    {
        using var project = new Project();
        project.Write("facts.yml", "changes: [aplication]\nprevious_release_available: yes\nsystem_stat: crashed\n");

        var ended = (await project.RunAsync("advise", "--facts", "facts.yml")).Expect(2);

        Assert.Empty(ended.Out);
        Assert.Contains("--> facts.yml:1:11", ended.Error);
        Assert.Contains("--> facts.yml:2:29", ended.Error);
        Assert.Contains("--> facts.yml:3:1", ended.Error);
        Assert.Contains("did you mean 'application'?", ended.Error);
        Assert.Contains("3 errors", ended.Error);
    }

    [Theory]
    [InlineData("give --facts FILE")]
    [InlineData("--facts nothing.yml: ", "--facts", "nothing.yml")]
    [InlineData("'xml'", "--facts", "facts.yml", "--format", "xml")]
    public async Task Without_facts_there_is_no_advice(string said, params string[] options)
    {
        using var project = new Project();

        Assert.Contains(said, (await project.RunAsync(["advise", .. options])).Expect(2).Error);
    }
}
