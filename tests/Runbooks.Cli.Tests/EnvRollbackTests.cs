using System.Net;
using Runbooks.Engine.Journal;
using Runbooks.Testing;

namespace Runbooks.Cli.Tests;

/// <summary>A variable of a service gets its previous value back, wherever the project sets it, and the container really has it.</summary>
public sealed class EnvRollbackTests
{
    [Theory]
    [InlineData("environment: { APP_HEALTH: 500, OTHER: x }", "environment: { APP_HEALTH: 200, OTHER: x }")]
    [InlineData("environment: [\"APP_HEALTH=500\", OTHER=x]", "environment: [\"APP_HEALTH=200\", OTHER=x]")]
    public async Task It_is_changed_in_the_Compose_file(string before, string after)
    {
        await using var shop = await Shop.OpenAsync(place => [("docker-compose.yml", Compose(place, before))]);
        var compose = shop.ComposeFile;
        await ComesUpAsync(shop);

        (await ExecAsync(shop, "value=200")).Expect(0);

        Assert.Equal(compose.Replace(before, after, StringComparison.Ordinal), shop.ComposeFile);
        Assert.Equal(HttpStatusCode.OK, await shop.HealthAsync());
        Assert.Contains("APP_HEALTH=200\n", (await shop.ComposeAsync("exec", "-T", "app", "env")).Expect(0).Out, StringComparison.Ordinal);

        (await shop.Project.RunAsync("undo")).Expect(0);
        Assert.Equal(compose, shop.ComposeFile);
        Assert.Contains("APP_HEALTH=500\n", (await shop.ComposeAsync("exec", "-T", "app", "env")).Expect(0).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_changed_in_the_env_file_under_the_name_that_it_has_there()
    {
        await using var shop = await Shop.OpenElsewhereAsync(place => [("docker-compose.yml", Compose(place, "environment: { APP_HEALTH: '${HEALTH}' }")), (".env", "HEALTH=nothing\n")], "# answers\nHEALTH=500\n");
        var compose = shop.ComposeFile;
        await ComesUpAsync(shop);

        (await ExecAsync(shop, "value=200", "file=deploy/it.env", "set_as=HEALTH")).Expect(0);

        Assert.Equal(compose, shop.ComposeFile);
        Assert.Equal("WHERE=elsewhere\n# answers\nHEALTH=200\n", await File.ReadAllTextAsync(shop.Project.At("deploy/it.env"), shop.Project.Cancellation));
        Assert.Equal("elsewhere", await shop.WhereAsync("app"));
        Assert.Equal(HttpStatusCode.OK, await shop.HealthAsync());
    }

    [Fact]
    public async Task A_value_with_which_the_service_does_not_answer_is_taken_back()
    {
        await using var shop = await Shop.OpenAsync(place => [("docker-compose.yml", Compose(place, "environment: { APP_HEALTH: 500 }"))]);
        await ComesUpAsync(shop);
        var (files, app) = (shop.Project.Snapshot(), await shop.FactsAsync("app"));

        (await ExecAsync(shop, "value=503", "patience=5s")).Expect(4);

        Assert.Equal(files, shop.Project.Snapshot());
        Assert.Equal(app, await shop.FactsAsync("app"));
        Assert.Equal(Conclusion.Undone, shop.Project.Record().State.Ended?.Conclusion);
    }

    [Fact]
    public async Task A_file_that_does_not_reach_the_container_is_found_out_and_taken_back()
    {
        await using var shop = await Shop.OpenAsync(place => [("docker-compose.yml", Compose(place, "environment: { APP_HEALTH: 500 }")), ("other.env", "APP_HEALTH=500\n")]);
        await ComesUpAsync(shop);

        var run = (await ExecAsync(shop, "value=200", "file=other.env")).Expect(4);

        Assert.Contains("'the container has the value' does not hold", run.Said, StringComparison.Ordinal);
        Assert.Equal("APP_HEALTH=500\n", await File.ReadAllTextAsync(shop.Project.At("other.env"), shop.Project.Cancellation));
    }

    private static async Task ComesUpAsync(Shop shop)
    {
        for (var answers = false; !answers;)
        {
            try
            {
                Assert.Equal(HttpStatusCode.InternalServerError, await shop.HealthAsync());
                answers = true;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(50, shop.Project.Cancellation);
            }
        }
    }

    private static Task<Finished> ExecAsync(Shop shop, params string[] values) => shop.Project.RunAsync(
    [
        "exec", Repository.PathOf("playbooks", "env-rollback.yml"), "--var", "name=APP_HEALTH", "--var", $"url=http://127.0.0.1:{shop.Port}/health", "--var", "settle=1s",
        .. values.SelectMany(v => (string[])["--var", v]), .. shop.ElsewhereWords,
    ]);

    private static string Compose(ShopPlace place, string environment) => $$"""
        name: {{place.Name}}
        services:
          app:
            image: runbooks-test/app:good
            {{environment}}
            ports: ["127.0.0.1:{{place.Port}}:8080"]
        """;
}
