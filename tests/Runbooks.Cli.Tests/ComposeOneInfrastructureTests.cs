using System.Net;

namespace Runbooks.Cli.Tests;

/// <summary>The playbooks that go back to Compose files of a revision, on a machine that has Compose 1.29 and no other.</summary>
public sealed class ComposeOneInfrastructureTests
{
    [Fact]
    public async Task Compose_files_go_back_and_ones_that_do_not_start_either_are_taken_back_with_what_was_removed()
    {
        await using var shop = await ComposeRollbackTests.OpenAsync(ComposeOne.OpenVersionlessAsync);
        var before = (shop.ComposeFile, await ComposeRollbackTests.ContainersAsync(shop), await ComposeRollbackTests.VolumesAsync(shop));

        var refused = (await ComposeRollbackTests.ExecAsync(shop, "gone=web", "revision=other-volume", "image=runbooks-test/app:bad")).Expect(3);
        Assert.Contains("service cache has containers and is not in the files of other-volume: name it in 'gone'", refused.Said, StringComparison.Ordinal);
        Assert.Contains($"volume {shop.Name}_sales is not there and would be made anew", refused.Said, StringComparison.Ordinal);
        Assert.Contains("at other-volume, app has another image than runbooks-test/app:bad", refused.Said, StringComparison.Ordinal);

        (await ComposeRollbackTests.ExecAsync(shop, "gone=web,cache", "revision=unstartable", "remove_gone=before")).Expect(4);
        Assert.Equal(before, (shop.ComposeFile, await ComposeRollbackTests.ContainersAsync(shop), await ComposeRollbackTests.VolumesAsync(shop)));
        await shop.AnswersAsync(HttpStatusCode.InternalServerError);

        (await ComposeRollbackTests.ExecAsync(shop, "gone=web,cache", "remove_gone=after")).Expect(0);
        Assert.Equal(ComposeRollbackTests.Good(shop, 200), shop.ComposeFile);
        Assert.Equal("app good running 67108864 front\nworker good running 0 back,front", await ComposeRollbackTests.ContainersAsync(shop));
        Assert.Equal("what was sold\n", (await shop.ComposeAsync("exec", "-T", "app", "cat", "/data/sales")).Expect(0).Out);
    }

    [Fact]
    public async Task A_renamed_volume_of_a_project_elsewhere_is_mounted_again_byte_for_byte_or_the_other_one_is()
    {
        await using var shop = await OpenElsewhereAsync(
            """
              app:
                image: runbooks-test/app:${RELEASE}
                volumes: ["data:/data", "/cache", "./settings:/settings:ro"]
            volumes:
              data: {}
            """,
            "RELEASE=good\n");
        (await shop.ComposeAsync("exec", "-T", "app", "sh", "-c", "echo what was sold >/data/sales; echo kept >/cache/page")).Expect(0);
        await shop.CommitAsync("good");
        shop.Project.Write("settings/prod.env", (await ReadAsync(shop, "settings/prod.env")).Replace("good", "unstartable", StringComparison.Ordinal));
        await shop.CommitAsync("unstartable");
        shop.Project.Write("settings/prod.env", (await ReadAsync(shop, "settings/prod.env")).Replace("unstartable", "bad", StringComparison.Ordinal));
        shop.Project.Write("deploy/base.yml", (await ReadAsync(shop, "deploy/base.yml")).Replace("data:/data", "sales:/data", StringComparison.Ordinal).Replace("  data: {}", "  sales: {}", StringComparison.Ordinal));
        await shop.CommitAsync("bad");
        (await shop.ComposeAsync("up", "-d")).Expect(0);
        (await shop.ComposeAsync("exec", "-T", "app", "sh", "-c", "echo sold since >/data/since")).Expect(0);
        await shop.AnswersAsync(HttpStatusCode.InternalServerError);
        var (mounts, data) = (await MountsAsync(shop), await VolumeRollbackTests.DigestAsync(shop, "data"));

        (await ExecElsewhereAsync(shop, "volume-rollback", "revision=unstartable")).Expect(4);
        Assert.Equal(("", mounts), (await shop.GitAsync("status", "--porcelain", "--", "deploy", "settings"), await MountsAsync(shop)));
        await shop.AnswersAsync(HttpStatusCode.InternalServerError);

        var run = (await ExecElsewhereAsync(shop, "volume-rollback", "revision=good")).Expect(0);
        Assert.Equal(mounts.Replace("sales", "data", StringComparison.Ordinal), await MountsAsync(shop));
        Assert.Equal((data, "sold since\n"), (await VolumeRollbackTests.DigestAsync(shop, "data"), await VolumeRollbackTests.ReadAsync(shop, "sales", "since")));
        Assert.Contains($"service app at /data: now {shop.Name}_sales; after the rollback {shop.Name}_data", run.Said, StringComparison.Ordinal);
        Assert.Contains($"volume {shop.Name}_data, mounted by {shop.Name}_app_1: sha256 ", run.Said, StringComparison.Ordinal);
        Assert.Contains($"service app keeps {shop.Project.At("deploy/settings")} at /settings", run.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Networks_are_made_anew_with_everybody_on_them_and_so_they_are_when_one_cannot_be_removed()
    {
        await using var shop = await NetworkRollbackTests.OpenAsync(ComposeOne.OpenVersionlessAsync);
        (await shop.ComposeAsync("exec", "-T", "store", "sh", "-c", "echo kept >/cache/page")).Expect(0);
        var before = (shop.ComposeFile, await NetworkRollbackTests.NetworksAsync(shop), await NetworkRollbackTests.OnAsync(shop, "app"), await NetworkRollbackTests.OnAsync(shop, "store"));
        shop.InsteadOfDocker($$"""
            if [ "$*" = "network rm {{shop.Name}}_edge" ] && mkdir {{shop.Project.At("once")}} 2>/dev/null; then echo "error while removing network: has active endpoints" >&2; exit 1; fi
            """);

        Assert.Contains("has active endpoints", (await NetworkRollbackTests.ExecAsync(shop)).Expect(4).Said, StringComparison.Ordinal);
        Assert.Equal(before, (shop.ComposeFile, await NetworkRollbackTests.NetworksAsync(shop), await NetworkRollbackTests.OnAsync(shop, "app"), await NetworkRollbackTests.OnAsync(shop, "store")));
        await shop.AnswersAsync(HttpStatusCode.InternalServerError);

        (await NetworkRollbackTests.ExecAsync(shop)).Expect(0);
        Assert.Equal((NetworkRollbackTests.GoodNetworks(shop), "back,front", "back"), (await NetworkRollbackTests.NetworksAsync(shop), await NetworkRollbackTests.OnAsync(shop, "app"), await NetworkRollbackTests.OnAsync(shop, "store")));
        Assert.Equal("kept\n", (await shop.ComposeAsync("exec", "-T", "store", "cat", "/cache/page")).Expect(0).Out);
    }

    /// <summary>Two files and an env file that names the project, none of them where Compose looks.</summary>
    private static Task<Shop> OpenElsewhereAsync(string services, string variables) => Shop.OpenAsync(
        place =>
        [
            ("deploy/base.yml", $"services:\n{services}\n"),
            ("deploy/prod.yml", "services:\n  app:\n    ports: [\"127.0.0.1:${PORT}:8080\"]\n    stop_grace_period: 1s\n"),
            ("settings/prod.env", $"COMPOSE_PROJECT_NAME={place.Name}\nPORT={place.Port}\n{variables}"),
            ("deploy/settings/text", "what the folder holds\n"),
        ],
        ["docker-compose", "-f", "deploy/base.yml", "-f", "deploy/prod.yml", "--env-file", "settings/prod.env"],
        ComposeOne.Confine);

    private static Task<Finished> ExecElsewhereAsync(Shop shop, string playbook, params string[] values) =>
        shop.ExecAsync(playbook, ["files=deploy/base.yml,settings/prod.env", "compose=deploy/base.yml,deploy/prod.yml", "env_file=settings/prod.env", .. values]);

    private static async Task<string> MountsAsync(Shop shop) => string.Join(' ', (await VolumeRollbackTests.MountsAsync(shop, "app")).Split(' ').Order(StringComparer.Ordinal));

    private static Task<string> ReadAsync(Shop shop, string file) => File.ReadAllTextAsync(shop.Project.At(file), shop.Project.Cancellation);
}
