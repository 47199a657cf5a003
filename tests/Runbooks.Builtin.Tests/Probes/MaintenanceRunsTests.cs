using System.Text;
using Runbooks.Advisor.Assessing;
using Runbooks.Advisor.Assessing.Readings;
using Runbooks.Builtin.Probes;
using Runbooks.Engine.Journal;
using Runbooks.Engine.Ports;
using Runbooks.Testing;

namespace Runbooks.Builtin.Tests.Probes;

/// <summary>Whether traffic is stopped, by the record of who stopped it and by what a proxy says.</summary>
public sealed class MaintenanceRunsTests
{
    private const string Plan = """{"vars":[{"name":"url","value":"http://127.0.0.1/","secret":false},{"name":"switch","value":"proxy/on.conf","secret":false}]}""";

    [Fact]
    public async Task It_is_when_the_last_such_run_stopped_it_and_its_file_is_there()
    {
        var seen = Assert.Single((await LookAsync(Plan, isThere: true, "maintenance-off", "maintenance-on", "save")).OfType<MaintenanceReading>());

        Assert.Equal(("2", "proxy/on.conf", AssessedWorld.Now), (seen.Run, seen.Switch, seen.Since));
    }

    [Theory]
    [InlineData(Plan, true, "maintenance-on", "maintenance-off")]
    [InlineData(Plan, false, "maintenance-off", "maintenance-on")]
    [InlineData("no plan", true, "maintenance-off", "maintenance-on")]
    [InlineData("""{"vars":[{"name":"switch"}]}""", true, "maintenance-off", "maintenance-on")]
    [InlineData(Plan, true, "save", "app-rollback")]
    public async Task Else_it_is_not_known_to_be(string plan, bool isThere, string first, string second) => Assert.Empty((await LookAsync(plan, isThere, first, second)).OfType<MaintenanceReading>());

    [Theory]
    [InlineData("proxy", 503, "Retry-After", true)]
    [InlineData("proxy", 503, "Server", false)]
    [InlineData("proxy", 500, "Retry-After", false)]
    [InlineData("application", 503, "Retry-After", false)]
    public async Task A_proxy_says_so_by_503_with_a_time_and_an_application_that_does_is_ill(string kind, int status, string header, bool isClosed)
    {
        var world = new AssessedWorld() with { Network = new NetworkAnswers().Answer(AssessedWorld.Url, _ => new HttpAnswer { Status = status, Headers = [KeyValuePair.Create(header, "300")] }) };
        world.With($"{AssessedWorld.Folder}/runbook.yml", $"project: v1\ncompose: {{ project: shop }}\nservices: {{ app: {{ kind: {kind}, health: '{AssessedWorld.Url}' }} }}\n");

        var seen = Assert.IsType<HttpReading>(Assert.Single((await new HttpProbe().LookAsync(world.Sight(), TestContext.Current.CancellationToken)).Readings));

        Assert.Equal((isClosed, isClosed ? null : false), (seen.IsClosed, seen.IsWell));
    }

    private static async Task<IEnumerable<Reading>> LookAsync(string plan, bool isThere, params string[] playbooks)
    {
        var store = TriedRunsTests.Store([.. playbooks.Select((p, i) => ($"{i + 1}", p, (JournalEvent[])[.. TriedRunsTests.Put, TriedRunsTests.End(Conclusion.Succeeded)]))]);
        for (var i = 1; i <= playbooks.Length; i++)
        {
            store = store.With($"runs/{i}/plan.json", Encoding.UTF8.GetBytes(plan));
        }

        var world = new AssessedWorld() with { Runs = store };
        return (await new RunsProbe().LookAsync((isThere ? world.With($"{AssessedWorld.Folder}/proxy/on.conf", "return 503;") : world).Sight(), TestContext.Current.CancellationToken)).Readings;
    }
}
