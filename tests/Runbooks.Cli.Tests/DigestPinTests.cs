using System.Net;
using Runbooks.Engine.Journal;
using Runbooks.Testing;

namespace Runbooks.Cli.Tests;

/// <summary>Rolled back where each deployment writes a Compose file of its own, in which images are pinned by the digest that a registry gave them.</summary>
public sealed class DigestPinTests
{
    private const string Release = "release.yml";

    [Fact]
    public async Task The_override_file_names_the_previous_release_by_tag_and_digest()
    {
        await using var shop = await Shop.OpenAsync();
        await using var registry = Registry.Open(shop);
        var good = await DeployAsync(shop, registry);
        var compose = shop.ComposeFile;

        var plan = (await RollbackAsync("plan", shop, registry, $"good@{good}")).Expect(0);
        (await RollbackAsync("exec", shop, registry, $"good@{good}")).Expect(0);

        Assert.Contains("the image of 'app' is written in release.yml, line 4 (services.app.image)", plan.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("pinned by digest", plan.Out, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await shop.HealthAsync());
        Assert.Equal(Pinned(shop, $"{registry.Repository}:good@{good}"), await ReleaseAsync(shop));
        Assert.Equal(compose, shop.ComposeFile);
    }

    [Fact]
    public async Task A_release_that_does_not_answer_leaves_the_digest_and_the_container_as_they_were()
    {
        await using var shop = await Shop.OpenAsync();
        await using var registry = Registry.Open(shop);
        await DeployAsync(shop, registry);
        var worse = await registry.PushAsync("runbooks-test/app:bad2", "bad2");
        var (release, app) = (await ReleaseAsync(shop), await shop.FactsAsync("app"));

        (await RollbackAsync("exec", shop, registry, $"bad2@{worse}", "3s")).Expect(4);

        Assert.Equal((release, app), (await ReleaseAsync(shop), await shop.FactsAsync("app")));
        Assert.Equal(Conclusion.Undone, shop.Project.Record().State.Ended?.Conclusion);
    }

    [Fact]
    public async Task A_digest_that_no_image_here_has_is_found_before_anything_is_changed()
    {
        await using var shop = await Shop.OpenAsync();
        await using var registry = Registry.Open(shop);
        await DeployAsync(shop, registry);
        var (release, app) = (await ReleaseAsync(shop), await shop.ContainerAsync("app"));
        var other = $"good@sha256:{new string('0', 64)}";

        var run = (await RollbackAsync("exec", shop, registry, other)).Expect(3);

        Assert.Contains($"the image of {other} is on this machine", run.Said, StringComparison.Ordinal);
        Assert.Equal((release, app), (await ReleaseAsync(shop), await shop.ContainerAsync("app")));
    }

    [Fact]
    public async Task The_plan_says_that_a_tag_without_digest_gives_the_digest_up()
    {
        await using var shop = await Shop.OpenAsync();
        await using var registry = Registry.Open(shop);
        await DeployAsync(shop, registry);

        var plan = (await RollbackAsync("plan", shop, registry, "good")).Expect(0);
        (await RollbackAsync("exec", shop, registry, "good")).Expect(0);

        Assert.Contains("it is pinned by digest there, and from then on is what the tag means on this machine", plan.Out, StringComparison.Ordinal);
        Assert.Equal(Pinned(shop, $"{registry.Repository}:good"), await ReleaseAsync(shop));
        Assert.Equal(HttpStatusCode.OK, await shop.HealthAsync());
    }

    /// <summary>Deploys the release that answers 500, by its digest.</summary>
    /// <returns>The digest of the one before.</returns>
    private static async Task<string> DeployAsync(Shop shop, Registry registry)
    {
        var (good, bad) = (await registry.PushAsync("runbooks-test/app:good", "good"), await registry.PushAsync("runbooks-test/app:bad", "bad"));
        shop.Project.Write(Release, Pinned(shop, $"{registry.Repository}:bad@{bad}"));
        (await shop.DockerAsync("compose", "-f", "docker-compose.yml", "-f", Release, "up", "-d", "app")).Expect(0);
        await shop.AnswersAsync(HttpStatusCode.InternalServerError);
        return good;
    }

    private static Task<Finished> RollbackAsync(string verb, Shop shop, Registry registry, string version, string patience = "20s") => shop.Project.RunAsync(
    [
        verb, Repository.PathOf("playbooks", "app-rollback.yml"), "--var", $"image={registry.Repository}", "--var", $"version={version}", "--var", $"compose=docker-compose.yml,{Release}",
        "--var", $"port={shop.Port}", "--var", $"url=http://127.0.0.1:{shop.Port}/health", "--var", "settle=1s", "--var", "watch=1s", "--var", $"patience={patience}",
    ]);

    private static Task<string> ReleaseAsync(Shop shop) => File.ReadAllTextAsync(shop.Project.At(Release), shop.Project.Cancellation);

    private static string Pinned(Shop shop, string image) => $"""
        # Written by the deployment of {shop.Name}; do not edit.
        services:
          app:
            image: {image}   # by digest
        """;
}
