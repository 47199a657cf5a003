namespace Runbooks.Cli.Tests;

/// <summary>Deployments that a setting broke, on a real engine: what is seen of each, what is advised, and that the advised command mends it.</summary>
public sealed class BrokenConfigurationTests(BrokenConfigurationShop shop) : IClassFixture<BrokenConfigurationShop>
{
    private const string Broken = """{"changes":["configuration"],"system_state":"degraded","traffic":"production","cause_in_release":true,"git_dirty":false}""";

    [Fact]
    public async Task A_variable_in_the_Compose_file()
    {
        await shop.AsItWasAsync();
        shop.Edit("docker-compose.yml", "LEVEL: \"200\"", "LEVEL: \"500\"");
        await shop.DeployAsync();

        await shop.SeenAsync(Broken);

        await shop.TakenBackAsync("configuration", "env-rollback");
        await shop.IsWellAsync();
    }

    [Fact]
    public async Task A_variable_that_has_another_name_in_its_file()
    {
        await shop.AsItWasAsync();
        shop.Edit(".env", "APP_LEVEL=200", "APP_LEVEL=500");
        await shop.DeployAsync();

        await shop.SeenAsync("""{"changes":["configuration"],"configuration":[{"variable":"LEAST","previous":"200","file":".env","inside":"","set_as":"APP_LEVEL"}]}""");

        await shop.TakenBackAsync("configuration", "env-rollback");
        await shop.IsWellAsync();
    }

    [Fact]
    public async Task A_variable_that_is_missing_in_the_file_of_variables()
    {
        await shop.AsItWasAsync();
        shop.Edit(".env", "LIMIT=10\n", "");
        await shop.DeployAsync();

        await shop.SeenAsync(Broken);

        // No line is left whose value could be set: the file goes back.
        await shop.TakenBackAsync("configuration", "compose-rollback");
        await shop.IsWellAsync();
    }

    [Fact]
    public async Task A_feature_flag_that_was_switched_on()
    {
        await shop.AsItWasAsync();
        shop.Edit(".env", "FEATURE_CHECKOUT=false", "FEATURE_CHECKOUT=true");
        await shop.DeployAsync();

        await shop.SeenAsync("""{"changes":["feature-flag"],"system_state":"degraded","cause_in_release":true}""");

        await shop.TakenBackAsync("configuration", "feature-flag-rollback");
        await shop.IsWellAsync();
    }

    [Fact]
    public async Task Several_settings_in_several_files_go_back_together()
    {
        await shop.AsItWasAsync();
        shop.Edit("docker-compose.yml", "LEVEL: \"200\"", "LEVEL: \"500\"");
        shop.Edit("config/app.conf", "# settings", "# other settings");
        await shop.DeployAsync();

        await shop.SeenAsync(Broken);

        await shop.TakenBackAsync("configuration", "compose-rollback");
        await shop.IsWellAsync();
    }

    [Fact]
    public async Task A_file_with_which_the_application_does_not_start()
    {
        await shop.AsItWasAsync();
        shop.Edit("config/app.conf", "# settings\n", "echo 'FATAL: app.conf:1: unknown setting colour' >&2; exit 78\n");
        await shop.DeployAsync("--force-recreate");
        await shop.IsAsync("app", "{{.State.Status}}", "exited");

        var seen = await shop.SeenAsync("""{"changes":["configuration"],"configuration":[{"variable":"","previous":"","file":"config/app.conf","inside":"/etc/app.conf","set_as":""}],"system_state":"crashed","failure_time":"post-deployment","traffic":"offline","cause_in_release":true}""");
        Assert.Contains("app.conf:1: unknown setting colour", Seen.Text(seen), StringComparison.Ordinal);

        await shop.TakenBackAsync("configuration", "config-file-rollback");
        await shop.IsWellAsync();
    }

    [Fact]
    public async Task A_file_that_was_put_back_by_hand_and_did_not_reach_the_container()
    {
        await shop.AsItWasAsync();
        shop.Edit("config/app.conf", "APP_HEALTH=", "APP_HEALTH=500 # ");
        await shop.DeployAsync("--force-recreate");
        // git makes another file: the container keeps the one that was mounted.
        await shop.Release.GitAsync("checkout", "--quiet", shop.Commit, "--", "config/app.conf");
        await shop.Release.CommitAsync("the file is put back");

        var seen = await shop.SeenAsync("""{"changes":["configuration"],"system_state":"degraded","cause_in_release":true}""");
        Assert.Contains("the container of app has another one than the file is now", Seen.Text(seen), StringComparison.Ordinal);

        await shop.TakenBackAsync("configuration", "config-file-rollback");
        await shop.IsWellAsync();
    }
}
