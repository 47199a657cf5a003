namespace Runbooks.Cli.Tests;

/// <summary>Broken deployments on a machine that has Compose 1.29 and no other: what is seen of each, what is advised, and that the advised command mends it.</summary>
public sealed class ComposeOneAdviceTests(ComposeOneShop shop) : IClassFixture<ComposeOneShop>
{
    private const string Broken = """{"system_state":"degraded","traffic":"production","cause_in_release":true,"git_dirty":false}""";

    [Fact]
    public async Task An_image()
    {
        await shop.AsItWasAsync();
        shop.Edit(".env", "APP=runbooks-test/app:good", "APP=runbooks-test/app:bad");
        await shop.DeployAsync();

        Seen.Is(await shop.SeenAsync("""{"changes":["application"],"components":[{"name":"app","change":"application"}]}"""), Broken);

        await shop.TakenBackAsync("application", "app-rollback");
        await shop.IsWellAsync();
    }

    [Fact]
    public async Task A_variable()
    {
        await shop.AsItWasAsync();
        shop.Edit(".env", "APP_LEVEL=200", "APP_LEVEL=500");
        await shop.DeployAsync();

        Seen.Is(await shop.SeenAsync("""{"changes":["configuration"],"configuration":[{"variable":"LEVEL","previous":"200","file":".env","inside":"","set_as":"APP_LEVEL"}]}"""), Broken);

        await shop.TakenBackAsync("configuration", "env-rollback");
        await shop.IsWellAsync();
    }

    [Fact]
    public async Task A_mounted_file()
    {
        await shop.AsItWasAsync();
        shop.Edit("config/app.conf", "ALLOWED=yes", "ALLOWED=no");
        await shop.DeployAsync("--force-recreate");

        Seen.Is(await shop.SeenAsync("""{"changes":["configuration"],"configuration":[{"variable":"","previous":"","file":"config/app.conf","inside":"/etc/app.conf","set_as":""}]}"""), Broken);

        await shop.TakenBackAsync("configuration", "config-file-rollback");
        await shop.IsWellAsync();
    }

    [Fact]
    public async Task A_service_on_another_network()
    {
        await shop.AsItWasAsync();
        shop.Edit("docker-compose.yml", "    networks: [back]\n    stop", "    networks: [other]\n    stop");
        shop.Edit("docker-compose.yml", "  back: {}\n", "  back: {}\n  other: {}\n");
        await shop.DeployAsync();

        await shop.SeenAsync("""{"changes":["infrastructure"],"system_state":"degraded","traffic":"production"}""");

        await shop.TakenBackAsync("infrastructure", "network-rollback");
        await shop.IsWellAsync();
    }

    [Fact]
    public async Task What_one_Compose_has_put_on_record_is_no_change_for_the_other()
    {
        await shop.AsItWasAsync();
        var within = shop.Project.Within;
        shop.Project.Within = [];
        try
        {
            await shop.IsWellAsync();
        }
        finally
        {
            shop.Project.Within = within;
        }
    }

    [Fact]
    public async Task What_is_kept_of_a_release_and_said_of_a_deployment_holds_no_value_of_a_variable()
    {
        await shop.AsItWasAsync();
        shop.Edit("docker-compose.yml", "LIMIT: \"10\"", "LIMIT: \"12\"");
        await shop.DeployAsync();

        var seen = await shop.SeenAsync("""{"changes":["configuration"]}""");
        await shop.AnotherGoodAsync();
        var changes = await shop.Project.RunAsync("changes", "HEAD~1..HEAD", "--format", "json");

        Assert.Contains("\"LIMIT\"", changes.Expect(0).Out, StringComparison.Ordinal);
        foreach (var kept in Directory.GetFiles(shop.Project.At(".runbook"), "*", SearchOption.AllDirectories).Select(File.ReadAllText).Append(Seen.Text(seen)).Append(changes.Out))
        {
            Assert.DoesNotContain("kanari-token-4711", kept, StringComparison.Ordinal);
        }
    }
}
