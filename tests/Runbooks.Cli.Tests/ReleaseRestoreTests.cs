using System.Net;
using Runbooks.Engine.Journal;

namespace Runbooks.Cli.Tests;

/// <summary>A file comes back as it was kept with a release, on the real engine.</summary>
public sealed class ReleaseRestoreTests
{
    private const string Good = "colour = blue\n";
    private const string Bad = "colour = red\n";

    [Fact]
    public async Task A_file_gets_the_bytes_of_the_last_verified_release_and_the_undo_brings_back_what_was_there()
    {
        await using var shop = await OpenAsync();
        shop.Project.Playbook("steps:\n  - id: back\n    restore: { release: { path: config/app.conf } }\n");

        var run = (await shop.Project.ExecAsync()).Expect(0);

        Assert.Contains($"config/app.conf as in release {shop.GoodId}", run.Out, StringComparison.Ordinal);
        Assert.Equal(Good, await ConfigAsync(shop));
        Assert.Contains("is already as in release", (await shop.Project.ExecAsync()).Expect(0).Out, StringComparison.Ordinal);
        (await shop.Project.RunAsync("undo", shop.Project.Records()[0].Id)).Expect(0);
        Assert.Equal(Bad, await ConfigAsync(shop));
    }

    [Fact]
    public async Task The_plan_says_which_release_is_meant_and_changes_nothing()
    {
        await using var shop = await OpenAsync();
        shop.Project.Playbook($"steps:\n  - restore: {{ release: {{ path: config/app.conf, id: {shop.GoodId[..18]}, to: was.conf }} }}\n");

        var plan = (await shop.Project.RunAsync("plan", "pb.yml")).Expect(0);
        Assert.Contains($"was.conf: as config/app.conf was in release {shop.GoodId[..18]}", plan.Out, StringComparison.Ordinal);
        Assert.False(shop.Project.Has("was.conf"));

        (await shop.Project.ExecAsync()).Expect(0);
        Assert.Equal(Good, await File.ReadAllTextAsync(shop.Project.At("was.conf"), shop.Project.Cancellation));
        Assert.Equal(Bad, await ConfigAsync(shop));
    }

    [Theory]
    [InlineData("{ path: none.conf }", "has no none.conf: it has docker-compose.yml, config/app.conf")]
    [InlineData("{ path: config/app.conf, id: 1999 }", "there is no release '1999'")]
    [InlineData("{ path: config/app.conf, id: altered }", "the record of the releases was altered")]
    [InlineData("{ path: config/app.conf, id: previous }", "does not hold the bytes that were kept")]
    public async Task What_the_record_does_not_prove_is_not_restored(string release, string why)
    {
        await using var shop = await OpenAsync();
        var releases = shop.Project.At(".runbook/releases");
        if (release.Contains("altered", StringComparison.Ordinal))
        {
            var journal = Path.Combine(releases, "journal.jsonl");
            await File.WriteAllTextAsync(journal, (await File.ReadAllTextAsync(journal, shop.Project.Cancellation)).Replace("app:good", "app:best", StringComparison.Ordinal), shop.Project.Cancellation);
        }
        else if (release.Contains("previous", StringComparison.Ordinal))
        {
            foreach (var kept in Directory.GetFiles(Path.Combine(releases, "files")))
            {
                await File.AppendAllTextAsync(kept, "more\n", shop.Project.Cancellation);
            }
        }

        shop.Project.Playbook($"steps:\n  - restore: {{ release: {release} }}\n");

        Assert.Contains(why, (await shop.Project.ExecAsync()).Expect(1).Said, StringComparison.Ordinal);
        Assert.Equal(Bad, await ConfigAsync(shop));
    }

    [Fact]
    public async Task The_playbook_puts_a_mounted_file_back_to_the_previous_release_and_the_container_has_it()
    {
        await using var shop = await OpenAsync();

        (await PlaybookAsync(shop, "--var", "check=grep -q blue \"$candidate\"")).Expect(0);

        Assert.Equal(Good, await ConfigAsync(shop));
        Assert.Equal(Good, (await shop.Shop.ComposeAsync("exec", "-T", "app", "cat", "/etc/app.conf")).Expect(0).Out);
        Assert.Equal(HttpStatusCode.OK, await shop.Shop.HealthAsync());
        shop.Project.Record().IsWhole();
    }

    [Fact]
    public async Task A_file_of_a_release_that_its_check_refuses_is_taken_back()
    {
        await using var shop = await OpenAsync();

        (await PlaybookAsync(shop, "--var", "check=grep -q green \"$candidate\"")).Expect(4);

        Assert.Equal(Bad, await ConfigAsync(shop));
        Assert.Equal(Bad, (await shop.Shop.ComposeAsync("exec", "-T", "app", "cat", "/etc/app.conf")).Expect(0).Out);
        Assert.Equal(Conclusion.Undone, shop.Project.Record().State.Ended?.Conclusion);
    }

    /// <summary>A verified release, and another configuration that is deployed after it and recorded.</summary>
    private static async Task<ReleaseShop> OpenAsync()
    {
        var shop = await ReleaseShop.OpenAsync();
        await shop.GoodAsync();
        shop.Project.Write("config/app.conf", Bad);
        await shop.DeployAsync("good");
        await shop.RecordAsync();
        return shop;
    }

    private static Task<Finished> PlaybookAsync(ReleaseShop shop, params string[] more) => shop.Project.RunAsync(
    [
        "exec", Testing.Repository.PathOf("playbooks", "config-file-rollback.yml"), "--var", "file=config/app.conf", "--var", "inside=/etc/app.conf", "--var", "release=previous", "--var", $"url=http://127.0.0.1:{shop.Shop.Port}/health", "--var", "settle=1s", .. more,
    ]);

    private static Task<string> ConfigAsync(ReleaseShop shop) => File.ReadAllTextAsync(shop.Project.At("config/app.conf"), shop.Project.Cancellation);
}
