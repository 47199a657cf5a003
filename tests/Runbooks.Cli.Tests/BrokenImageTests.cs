using Runbooks.Testing;

namespace Runbooks.Cli.Tests;

/// <summary>Deployments whose good image was cleaned away from the machine, with a real registry that has it by its digest, or has not: what is seen, what is advised, and that the advised command fetches it before it stops anything.</summary>
public sealed class BrokenImageTests(BrokenApplicationShop shop) : IClassFixture<BrokenApplicationShop>
{
    private const string Gone = """{"changes":["application"],"previous_release_available":true,"target_image_present":false,"target_image_pullable":""";

    [Fact]
    public async Task One_that_is_in_the_registry_under_a_tag_that_was_pushed_again()
    {
        await shop.AsItWasAsync();
        await using var registry = Registry.Open(shop.Shop);
        var (digest, image) = await VerifiedAsync(registry, "v1");
        await registry.PushAsync("runbooks-test/app:bad", "v2");
        await shop.ReleaseAsync($"{registry.Repository}:v2");
        await registry.PushAsync("runbooks-test/app:bad", "v1");
        await PruneAsync($"{registry.Repository}:v1", image);

        var seen = await shop.SeenAsync($"{Gone}true}}");
        Assert.Contains($"{registry.Repository}@{digest} is in its registry", Seen.Text(seen), StringComparison.Ordinal);

        var advice = await shop.TakenBackAsync("application", "app-rollback");
        Assert.Contains($"--var version=v1 --var service=app --var image={registry.Repository} --var fetch={registry.Repository}@{digest} ", Seen.Value(advice, "command"), StringComparison.Ordinal);
        Assert.Equal(image, await shop.InspectAsync("app", "{{.Image}}"));
        await shop.IsWellAsync();
    }

    [Fact]
    public async Task One_that_is_in_the_registry_while_its_tag_is_the_failed_image_here()
    {
        await shop.AsItWasAsync();
        await using var registry = Registry.Open(shop.Shop);
        var (digest, image) = await VerifiedAsync(registry, "latest");
        await registry.PushAsync("runbooks-test/app:bad", "latest");
        (await shop.UpAsync()).Expect(0);
        await PruneAsync(image);

        await shop.SeenAsync($"{Gone}true}}");

        var advice = await shop.TakenBackAsync("application", "app-rollback");
        Assert.Contains($"--var version=latest@{digest} --var service=app --var image={registry.Repository} --var fetch={registry.Repository}@{digest} ", Seen.Value(advice, "command"), StringComparison.Ordinal);
        Assert.Equal(image, await shop.InspectAsync("app", "{{.Image}}"));
        // Nobody's tag was moved.
        Assert.NotEqual(image, (await shop.Shop.DockerAsync("image", "inspect", "--format", "{{.Id}}", $"{registry.Repository}:latest")).Expect(0).Out.Trim());
        await shop.IsWellAsync();
    }

    [Fact]
    public async Task One_that_the_registry_does_not_have_either_or_that_does_not_answer()
    {
        await shop.AsItWasAsync();
        await using var registry = Registry.Open(shop.Shop);
        var (digest, image) = await VerifiedAsync(registry, "v1");
        await registry.PushAsync("runbooks-test/app:bad", "v2");
        await shop.ReleaseAsync($"{registry.Repository}:v2");
        await PruneAsync($"{registry.Repository}:v1", image);
        var before = await StateAsync();

        registry.Forget();
        var seen = await shop.SeenAsync($"{Gone}false}}");
        Assert.Contains($"{registry.Repository}@{digest} is not in its registry any more", Seen.Text(seen), StringComparison.Ordinal);
        await shop.NotRolledBackAsync("none", "its registry does not have it");
        Assert.Contains("the image of v1 is on this machine", (await RollbackAsync(registry)).Expect(3).Said, StringComparison.Ordinal);
        Assert.Equal(before, await StateAsync());

        // Who fetches it all the same is told so before anything is stopped.
        var failed = (await RollbackAsync(registry, "--var", $"fetch={registry.Repository}@{digest}")).Expect(1);
        Assert.Contains("manifest unknown", failed.Said, StringComparison.Ordinal);
        Assert.Contains("nothing was stopped", failed.Said, StringComparison.Ordinal);
        Assert.Contains("not begun\n  stop, pin, start", failed.Said, StringComparison.Ordinal);
        Assert.Equal(before, await StateAsync());

        await registry.DisposeAsync();
        await shop.SeenAsync($"{Gone}null}}");
        await shop.NotRolledBackAsync("none", $"docker pull {registry.Repository}@{digest} && docker tag {registry.Repository}@{digest} {registry.Repository}:v1");
        Assert.Equal(before, await StateAsync());
    }

    /// <summary>An image of its own is deployed from the registry and verified.</summary>
    private async Task<(string Digest, string Image)> VerifiedAsync(Registry registry, string tag)
    {
        var image = await shop.ImageAsync("pushed", "ENV MADE_BY=test");
        var digest = await registry.PushAsync(image, tag);
        shop.Shop.AtTheEnd("image", "rm", "--force", $"{registry.Repository}@{digest}");
        await shop.ReleaseAsync($"{registry.Repository}:{tag}");
        await shop.AnotherGoodAsync();
        (await shop.Shop.DockerAsync("rmi", image)).Expect(0);
        return (digest, await shop.InspectAsync("app", "{{.Image}}"));
    }

    /// <summary>Takes an image away with everything that keeps it.</summary>
    private async Task PruneAsync(params string[] images)
    {
        (await shop.Shop.DockerAsync("rm", "--force", $"runbook-anchor.{shop.Shop.Name}.app.{shop.Release.GoodId}")).Expect(0);
        foreach (var image in (string[])[$"runbook.local/{shop.Shop.Name}/app:{shop.Release.GoodId}", .. images])
        {
            await shop.Shop.DockerAsync("rmi", "--force", image);
        }

        Assert.NotEqual(0, (await shop.Shop.DockerAsync("image", "inspect", images[^1])).Exit);
    }

    /// <summary>Rolls back to v1 as a person does who did not ask.</summary>
    private Task<Finished> RollbackAsync(Registry registry, params string[] more) =>
        shop.Project.RunAsync(["exec", Repository.PathOf("playbooks", "app-rollback.yml"), "--var", $"image={registry.Repository}", "--var", "version=v1", "--var", "env_file=.env", "--var", $"port={shop.Shop.Port}", .. more]);

    private async Task<string> StateAsync() => $"{await shop.InspectAsync("app", "{{.Id}} {{.State.Status}} {{.State.StartedAt}}")} {await File.ReadAllTextAsync(shop.Project.At(".env"), shop.Project.Cancellation)}";
}
