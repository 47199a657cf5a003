namespace Runbooks.Cli.Tests;

/// <summary>A deployment that was well for hours, on a real engine.</summary>
public sealed class BrokenSlowlyTests
{
    [Fact]
    public async Task What_the_release_broke_hours_later_is_gradual_and_the_release_before_may_have_it_too()
    {
        OwnEngine.SkipWhereItCannotBeStarted();
        await using var engine = await OwnEngine.OpenAsync();
        await using var shop = new AgedShop(engine);
        await shop.InitializeAsync();
        shop.Edit("docker-compose.yml", "runbooks-test/app:good", await shop.ImageAsync("next", "ENV FILLS=yes"));
        await shop.DeployAsync();
        await shop.AgeAsync(TimeSpan.FromHours(9));
        await shop.IsAsync("app", "{{.State.Status}}", "running");
        (await shop.Shop.ComposeAsync("exec", "-T", "app", "touch", "/tmp/full")).Expect(0);

        var seen = await shop.SeenAsync("""{"changes":["application"],"failure_time":"gradual","system_state":"degraded","traffic":"production","cause_in_release":true}""");
        Assert.Contains("9h", Seen.Text(seen), StringComparison.Ordinal);

        var advice = await shop.TakenBackAsync("application", "app-rollback");
        Assert.Contains("trouble that grows slowly is often a leak, the load or a full disk", Seen.Text(advice), StringComparison.Ordinal);
        await shop.IsWellAsync();
    }
}
