using System.Net;
using Runbooks.Engine.Journal;

namespace Runbooks.Cli.Tests;

/// <summary>What else is wrong on the machine when an application has to go back.</summary>
public sealed class AppTroubleTests
{
    /// <summary>The failing release ends at once, and the engine starts it again and again; the previous one serves.</summary>
    private const string CrashLoop = """
        command: [sh, -c, 'test "$$APP_HEALTH" = 200 || exit 1; exec sh /app/serve']
            restart: always
        """;

    [Theory]
    [InlineData("app-rollback.yml")]
    [InlineData("app-rollback-fast.yml")]
    public async Task A_release_in_a_crash_loop_goes_back(string playbook)
    {
        await using var shop = await OpenAsync(CrashLoop);
        while (!(await shop.DockerAsync("ps", "--all", "--filter", $"label=com.docker.compose.project={shop.Name}", "--format", "{{.Status}}")).Expect(0).Out.StartsWith("Restarting", StringComparison.Ordinal))
        {
            await Task.Delay(20, shop.Project.Cancellation);
        }

        (await shop.RunbookAsync("exec", playbook, "--var", "version=good")).Expect(0);

        Assert.Equal(HttpStatusCode.OK, await shop.HealthAsync());
        shop.Project.Record().IsWhole();
    }

    [Theory]
    [InlineData("app-rollback.yml")]
    [InlineData("app-rollback-fast.yml")]
    public async Task A_health_check_whose_probe_is_not_in_the_image_is_no_sign_of_a_release_that_is_ill(string playbook)
    {
        await using var shop = await OpenAsync("""healthcheck: { test: [CMD, no-such-probe], interval: 1s, retries: 1 }""");

        var run = (await shop.RunbookAsync("exec", playbook, ["--var", "version=good", .. Watching(playbook, "3s")])).Expect(6);

        Assert.Contains("is running, unhealthy, but the probe of its health check cannot be run, so that this says nothing of the application: mend the health check", run.Said, StringComparison.Ordinal);
        Assert.Contains("\"no-such-probe\": executable file not found", run.Said, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await shop.HealthAsync());
        Assert.Equal(Conclusion.Inconclusive, shop.Project.Record().State.Ended?.Conclusion);
    }

    [Theory]
    [InlineData("app-rollback.yml")]
    [InlineData("app-rollback-fast.yml")]
    public async Task A_container_of_others_with_the_name_of_the_service_s_container_is_named_and_nothing_has_changed(string playbook)
    {
        await using var shop = await OpenAsync("");
        // As somebody leaves it who has helped himself with 'docker run' at night.
        shop.Project.Write("docker-compose.yml", Compose(shop.Name, shop.Port, $"container_name: {shop.Name}-shop"));
        (await shop.ComposeAsync("rm", "--stop", "--force", "app")).Expect(0);
        (await shop.DockerAsync("run", "--detach", "--name", $"{shop.Name}-shop", "runbooks-test/app:bad2")).Expect(0);
        shop.AtTheEnd("rm", "--force", $"{shop.Name}-shop");
        var files = shop.ComposeFile;

        var run = (await shop.RunbookAsync("exec", playbook, "--var", "version=good")).Expect(4);

        Assert.Contains($"The container name \"/{shop.Name}-shop\" is already in use", run.Said, StringComparison.Ordinal);
        Assert.Equal(files, shop.ComposeFile);
        Assert.Equal("", (await shop.ComposeAsync("ps", "--all", "--quiet", "app")).Expect(0).Out);
        Assert.Equal("true\n", (await shop.DockerAsync("inspect", "--format", "{{.State.Running}}", $"{shop.Name}-shop")).Expect(0).Out);
        Assert.Equal(Conclusion.Undone, shop.Project.Record().State.Ended?.Conclusion);
    }

    [Theory]
    [InlineData("app-rollback.yml")]
    [InlineData("app-rollback-fast.yml")]
    public async Task A_latest_that_is_the_failing_release_by_now_goes_back_to_the_tag_of_the_one_before(string playbook)
    {
        await using var shop = await OpenAsync("");
        var repository = shop.Name;
        foreach (var (image, tag) in ((string, string)[])[("good", "latest"), ("good", "v1"), ("bad", "latest")])
        {
            (await shop.DockerAsync("tag", $"runbooks-test/app:{image}", $"{repository}:{tag}")).Expect(0);
            shop.AtTheEnd("image", "rm", "--force", $"{repository}:{tag}");
        }

        shop.Project.Write("docker-compose.yml", shop.ComposeFile.Replace("runbooks-test/app:bad", $"{repository}:latest", StringComparison.Ordinal));
        (await shop.ComposeAsync("up", "-d")).Expect(0);
        await shop.AnswersAsync(HttpStatusCode.InternalServerError);

        (await RollbackAsync(shop, "latest")).Expect(4);
        await shop.AnswersAsync(HttpStatusCode.InternalServerError);
        (await RollbackAsync(shop, "v1")).Expect(0);

        Assert.Equal(HttpStatusCode.OK, await shop.HealthAsync());
        Assert.Contains($"{repository}:v1 running", await shop.ContainerAsync("app"), StringComparison.Ordinal);
        Assert.Contains($"image: {repository}:{(playbook == "app-rollback.yml" ? "v1" : "latest")}", shop.ComposeFile, StringComparison.Ordinal);

        Task<Finished> RollbackAsync(Shop to, string version) => to.Project.RunAsync(
        [
            "exec", Runbooks.Testing.Repository.PathOf("playbooks", playbook), "--var", $"image={repository}", "--var", $"version={version}", "--var", $"port={to.Port}",
            "--var", $"url=http://127.0.0.1:{to.Port}/health", "--var", "settle=1s", "--var", $"patience={(version == "v1" ? "20s" : "2s")}", .. Watching(playbook, "1s"),
        ]);
    }

    /// <summary>The fast one does not watch.</summary>
    private static string[] Watching(string playbook, string time) => playbook == "app-rollback.yml" ? ["--var", $"watch={time}"] : [];

    private static Task<Shop> OpenAsync(string more) => Shop.OpenAsync(place => [("docker-compose.yml", Compose(place.Name, place.Port, more))]);

    private static string Compose(string name, int port, string more) => $$"""
        name: {{name}}
        services:
          app:
            image: runbooks-test/app:bad
            ports: ["127.0.0.1:{{port}}:8080"]
            {{more}}
        """;
}
