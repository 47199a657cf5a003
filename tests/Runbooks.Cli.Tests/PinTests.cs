using System.Net;
using Runbooks.Engine.Journal;

namespace Runbooks.Cli.Tests;

/// <summary>Rolled back on a real engine wherever the project says which image a service has.</summary>
public sealed class PinTests
{
    [Fact]
    public async Task A_tag_that_is_a_variable_is_pinned_in_the_env_file()
    {
        await using var shop = await Shop.OpenAsync(place => [("docker-compose.yml", Compose(place, "runbooks-test/app:${TAG}")), (".env", "# the release\nTAG='bad'   # since Tuesday\nOTHER=1")]);
        var compose = shop.ComposeFile;
        Assert.Equal(HttpStatusCode.InternalServerError, await shop.HealthAsync());

        var run = (await shop.RunbookAsync("exec", "app-rollback.yml", "--var", "version=good")).Expect(0);

        Assert.Equal(HttpStatusCode.OK, await shop.HealthAsync());
        Assert.Equal("# the release\nTAG='good'   # since Tuesday\nOTHER=1", await File.ReadAllTextAsync(shop.Project.At(".env"), shop.Project.Cancellation));
        Assert.Equal(compose, shop.ComposeFile);
        Assert.Contains("worker takes it from there too", run.Said, StringComparison.Ordinal);
        Assert.Contains("TAG is set in .env, line 2", (await shop.Project.RunAsync("runs", "show")).Said + run.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_release_that_does_not_answer_leaves_the_env_file_and_the_containers_as_they_were()
    {
        await using var shop = await Shop.OpenAsync(place => [("docker-compose.yml", Compose(place, "runbooks-test/app:${TAG:-good}")), (".env", "TAG=bad\n")]);
        var (files, app, worker) = (shop.Project.Snapshot(), await shop.FactsAsync("app"), await shop.ContainerAsync("worker"));

        (await shop.RunbookAsync("exec", "app-rollback.yml", "--var", "version=bad2", "--var", "patience=5s")).Expect(4);

        Assert.Equal(files, shop.Project.Snapshot());
        Assert.Equal((app, worker), (await shop.FactsAsync("app"), await shop.ContainerAsync("worker")));
        Assert.Equal(Conclusion.Undone, shop.Project.Record().State.Ended?.Conclusion);
    }

    [Fact]
    public async Task A_variable_that_the_operator_has_set_counts_more_than_the_env_file_so_nothing_is_begun()
    {
        await using var shop = await Shop.OpenAsync(place => [("docker-compose.yml", Compose(place, "runbooks-test/app:${TAG}")), (".env", "TAG=bad\n")]);
        var (files, app) = (shop.Project.Snapshot(), await shop.ContainerAsync("app"));
        shop.Project.Set("TAG", "bad");

        var refused = (await shop.RunbookAsync("exec", "app-rollback.yml", "--var", "version=good")).Expect(3);

        Assert.Contains("needs the variable TAG to be left to .env", refused.Said, StringComparison.Ordinal);
        Assert.Equal(files, shop.Project.Snapshot());
        Assert.Equal(app, await shop.ContainerAsync("app"));
    }

    [Fact]
    public async Task An_image_in_an_anchor_moves_all_that_share_it_and_the_plan_says_so()
    {
        await using var shop = await Shop.OpenAsync(place =>
        [
            ("docker-compose.yml", $$"""
                name: {{place.Name}}
                x-shop: &shop { image: runbooks-test/app:bad, restart: "no" }
                services:
                  app:
                    <<: *shop
                    ports: ["127.0.0.1:{{place.Port}}:8080"]
                  worker:
                    <<: *shop
                    command: [sleep, "600"]
                """),
        ]);
        var worker = await shop.ContainerAsync("worker");

        var plan = (await shop.RunbookAsync("plan", "app-rollback.yml", "--var", "version=good")).Expect(0);
        (await shop.RunbookAsync("exec", "app-rollback.yml", "--var", "version=good")).Expect(0);

        Assert.Contains("line 2 (x-shop.image)", plan.Out, StringComparison.Ordinal);
        Assert.Contains("moves with it: worker takes it from there too", plan.Out, StringComparison.Ordinal);
        Assert.Contains("&shop { image: runbooks-test/app:good, restart: \"no\" }", shop.ComposeFile, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await shop.HealthAsync());
        // Only the service that was asked for is created anew.
        Assert.Equal(worker, await shop.ContainerAsync("worker"));
    }

    [Fact]
    public async Task An_image_in_an_override_file_of_a_project_with_another_name_and_an_env_file_elsewhere()
    {
        var name = $"rbelse{Guid.NewGuid():N}"[..16];
        await using var shop = await Shop.OpenAsync(
            place =>
            [
                ("base.yml", Compose(place, "runbooks-test/app:never")),
                ("sites/prod.yml", "services:\n  app:\n    image: ${REPOSITORY}:${RELEASE:?no release}\n  worker:\n    image: runbooks-test/app:bad\n"),
                ("sites/prod.env", "REPOSITORY=runbooks-test/app\nRELEASE=bad\n"),
                (".env", "RELEASE=nothing\n"),
            ],
            "-p", name, "-f", "base.yml", "-f", "sites/prod.yml", "--env-file", "sites/prod.env");

        (await shop.RunbookAsync("exec", "app-rollback.yml", "--var", "version=good", "--var", "compose=base.yml,sites/prod.yml", "--var", $"compose_project={name}", "--var", "env_file=sites/prod.env")).Expect(0);

        Assert.Equal(HttpStatusCode.OK, await shop.HealthAsync());
        Assert.Equal("REPOSITORY=runbooks-test/app\nRELEASE=good\n", await File.ReadAllTextAsync(shop.Project.At("sites/prod.env"), shop.Project.Cancellation));
        Assert.Equal("RELEASE=nothing\n", await File.ReadAllTextAsync(shop.Project.At(".env"), shop.Project.Cancellation));
    }

    private static string Compose(ShopPlace place, string image) => $$"""
        name: {{place.Name}}
        services:
          app:
            image: {{image}}
            ports: ["127.0.0.1:{{place.Port}}:8080"]
          worker:
            image: {{image}}
            command: [sleep, "600"]
        """;
}
