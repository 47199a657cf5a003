using System.Net;
using Runbooks.Engine.Journal;
using Runbooks.Testing;

namespace Runbooks.Cli.Tests;

/// <summary>A feature flag is switched back wherever it is kept, and the service, on a real engine, is well with it.</summary>
public sealed class FeatureFlagRollbackTests
{
    internal const string On = "{\n  \"checkout\": { \"enabled\": true, \"share\": 50 }\n}\n";
    internal const string Off = "{\n  \"checkout\": { \"enabled\": false, \"share\": 50 }\n}\n";

    [Theory]
    [InlineData("flags.json", On, Off)]
    [InlineData("flags.yml", "# flags\ncheckout: { \"enabled\": true } # new\n", "# flags\ncheckout: { \"enabled\": false } # new\n")]
    public async Task In_a_file_one_value_changes_and_the_service_reads_it(string file, string on, string off)
    {
        await using var shop = await OpenAsync(file, on);
        Assert.Equal(HttpStatusCode.InternalServerError, await shop.HealthAsync());

        (await ExecAsync(shop, "where=file", $"file={file}", "flag=checkout.enabled")).Expect(0);

        Assert.Equal(off, await File.ReadAllTextAsync(shop.Project.At(file), shop.Project.Cancellation));
        Assert.Equal(HttpStatusCode.OK, await shop.HealthAsync());
    }

    [Fact]
    public async Task A_flag_with_which_the_service_is_not_well_is_switched_again()
    {
        await using var shop = await OpenAsync("flags.json", Off);
        Assert.Equal(HttpStatusCode.OK, await shop.HealthAsync());

        (await ExecAsync(shop, "where=file", "file=flags.json", "flag=checkout.enabled", "value=true", "patience=5s")).Expect(4);

        Assert.Equal(Off, await File.ReadAllTextAsync(shop.Project.At("flags.json"), shop.Project.Cancellation));
        await ComesUpAsync(shop);
        Assert.Equal(HttpStatusCode.OK, await shop.HealthAsync());
        Assert.Equal(Conclusion.Undone, shop.Project.Record().IsWhole().State.Ended?.Conclusion);
    }

    [Theory]
    [InlineData("environment", "docker-compose.yml")]
    [InlineData("env_file", ".env")]
    public async Task In_the_environment_it_is_switched_where_it_is_set_and_the_container_has_it(string where, string file)
    {
        await using var shop = await Shop.OpenAsync(place => [(".env", "NEW=500\n"), ("docker-compose.yml", Compose(place, where == "environment" ? "environment: { NEW: 500 }" : "environment: { NEW: '${NEW}' }", "export APP_HEALTH=$$NEW"))]);
        await ComesUpAsync(shop);
        Assert.Equal(HttpStatusCode.InternalServerError, await shop.HealthAsync());

        (await ExecAsync(shop, $"where={where}", $"file={file}", "flag=NEW", "value=200")).Expect(0);

        Assert.Equal(HttpStatusCode.OK, await shop.HealthAsync());
        Assert.Equal("NEW=200\n", System.Text.Encoding.UTF8.GetString(shop.Project.Record().IsWhole().OutputOf("seen")));
    }

    [Theory]
    [InlineData(true, 0, "false")]
    [InlineData(false, 4, "true")]
    public async Task In_a_flag_service_it_is_switched_and_must_be_shown_as_switched(bool works, int exit, string shown)
    {
        await using var shop = await Shop.OpenAsync(place => [("docker-compose.yml", Compose(place, "environment: { X: y }", "export APP_HEALTH=200"))]);
        await ComesUpAsync(shop);
        var flag = "true";
        using var service = new Listener(request =>
        {
            if (request.Method == "PUT")
            {
                flag = works || request.Text.Contains("true", StringComparison.Ordinal) ? request.Text.Split(':', '}')[1].Trim() : flag;
            }

            return request.Header("Authorization") == "Bearer t0p-s3cret" ? (200, $"{{ \"enabled\": {flag} }}") : (401, "");
        });
        shop.Project.Set("FLAG_AUTHORIZATION", "Bearer t0p-s3cret");

        var run = (await ExecAsync(shop, "where=http", $"flag_url={service.Url}/flags/checkout", "flag=enabled")).Expect(exit);

        Assert.Equal(shown, flag);
        Assert.DoesNotContain("t0p-s3cret", run.Said, StringComparison.Ordinal);
        Assert.Equal(works ? 1 : 2, service.Requests.Count(r => r.Method == "PUT"));
    }

    private static Task<Shop> OpenAsync(string file, string text) => OpenAsync(files => Shop.OpenElsewhereAsync(files), file, text);

    /// <param name="open">Opens a shop with these files.</param>
    internal static async Task<Shop> OpenAsync(Func<Func<ShopPlace, IEnumerable<(string Path, string Text)>>, Task<Shop>> open, string file, string text)
    {
        var shop = await open(place =>
            [(file, text), ("docker-compose.yml", Compose(place, $"volumes: ['./{file}:/flags:ro']", "export APP_HEALTH=200; if grep -q '\"enabled\": true' /flags; then APP_HEALTH=500; fi"))]);
        await ComesUpAsync(shop);
        return shop;
    }

    private static string Compose(ShopPlace place, string more, string script) => $$"""
        name: {{place.Name}}
        services:
          app:
            image: runbooks-test/app:good
            command: [sh, -c, "{{script.Replace("\"", "\\\"", StringComparison.Ordinal)}}; exec /bin/sh /app/serve"]
            ports: ["127.0.0.1:{{place.Port}}:8080"]
            stop_grace_period: 1s
            {{more}}
        """;

    private static async Task ComesUpAsync(Shop shop)
    {
        while (true)
        {
            try
            {
                await shop.HealthAsync();
                return;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(50, shop.Project.Cancellation);
            }
        }
    }

    internal static Task<Finished> ExecAsync(Shop shop, params string[] values) => shop.Project.RunAsync(
    [
        "exec", Repository.PathOf("playbooks", "feature-flag-rollback.yml"), "--var", $"url=http://127.0.0.1:{shop.Port}/health", "--var", "settle=500ms", .. values.SelectMany(v => (string[])["--var", v]), .. shop.ElsewhereWords,
    ]);
}
