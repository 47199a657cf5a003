using System.Net;
using Runbooks.Engine.Journal;

namespace Runbooks.Cli.Tests;

/// <summary>A mounted configuration file is rolled back to what git has, on a real engine, and the service really reads it.</summary>
public sealed class ConfigFileRollbackTests
{
    private const string Good = "# settings\nAPP_HEALTH=200\n";
    private const string Bad = "# settings\nAPP_HEALTH=500\n";

    [Fact]
    public async Task The_file_is_that_of_the_revision_inside_the_container_too_and_nothing_else_changes()
    {
        await using var shop = await OpenAsync();
        await File.WriteAllTextAsync(shop.Project.At("notes.txt"), "not committed", shop.Project.Cancellation);
        var head = await GitAsync(shop, "rev-parse", "HEAD");
        Assert.Equal(HttpStatusCode.InternalServerError, await shop.HealthAsync());

        var run = (await ExecAsync(shop, "--var", "check=grep -q APP_HEALTH \"$candidate\"")).Expect(0);

        Assert.Equal(HttpStatusCode.OK, await shop.HealthAsync());
        Assert.Equal(Good, await File.ReadAllTextAsync(shop.Project.At("config/app.conf"), shop.Project.Cancellation));
        Assert.Equal(Good, (await shop.ComposeAsync("exec", "-T", "app", "cat", "/etc/app.conf")).Expect(0).Out);
        Assert.Contains("config/app.conf as in HEAD~1 (", run.Out, StringComparison.Ordinal);
        Assert.Equal(head, await GitAsync(shop, "rev-parse", "HEAD"));
        Assert.Equal(" M config/app.conf\n?? notes.txt\n", (await GitAsync(shop, "status", "--porcelain", "--", "config", "notes.txt")));
        shop.Project.Record().IsWhole();
    }

    [Fact]
    public async Task A_file_that_its_check_refuses_is_not_put_in_place()
    {
        await using var shop = await OpenAsync();
        var app = await shop.ContainerAsync("app");

        var run = (await ExecAsync(shop, "--var", "check=grep -q NOT_THERE \"$candidate\"")).Expect(1);

        Assert.Contains("step 'check'", run.Said, StringComparison.Ordinal);
        Assert.Equal(Bad, await File.ReadAllTextAsync(shop.Project.At("config/app.conf"), shop.Project.Cancellation));
        Assert.Equal(app, await shop.ContainerAsync("app"));
    }

    [Fact]
    public async Task When_the_service_does_not_answer_with_it_the_file_comes_back_and_the_container_has_it()
    {
        await using var shop = await OpenAsync();

        (await ExecAsync(shop, "--var", "revision=HEAD~2", "--var", "patience=5s")).Expect(4);

        Assert.Equal(Bad, await File.ReadAllTextAsync(shop.Project.At("config/app.conf"), shop.Project.Cancellation));
        Assert.Equal(Bad, (await shop.ComposeAsync("exec", "-T", "app", "cat", "/etc/app.conf")).Expect(0).Out);
        Assert.Equal(HttpStatusCode.InternalServerError, await shop.HealthAsync());
        Assert.Equal(Conclusion.Undone, shop.Project.Record().State.Ended?.Conclusion);
    }

    [Fact]
    public async Task A_container_that_was_not_created_anew_is_found_out()
    {
        await using var shop = await OpenAsync();
        // Compose, but for one word: the container keeps the file that was mounted when it was created.
        shop.Project.Write("bin/docker", $$"""
            #!/bin/bash
            words=()
            for word in "$@"; do [ "$word" = --force-recreate ] || words+=("$word"); done
            exec {{Project.Find("docker")}} "${words[@]}"
            """, executable: true);
        shop.Project.Set("PATH", $"{shop.Project.At("bin")}:{Environment.GetEnvironmentVariable("PATH")}");

        var run = (await ExecAsync(shop)).Expect(4);

        Assert.Contains("'the container has the file that is there' does not hold", run.Said, StringComparison.Ordinal);
        Assert.Equal(Bad, await File.ReadAllTextAsync(shop.Project.At("config/app.conf"), shop.Project.Cancellation));
    }

    [Fact]
    public async Task Changes_that_are_not_in_git_are_not_overwritten()
    {
        await using var shop = await OpenAsync();
        shop.Project.Write("config/app.conf", "by hand\n");

        var run = (await ExecAsync(shop)).Expect(3);

        Assert.Contains("what is in config/app.conf now is in git too", run.Said, StringComparison.Ordinal);
        Assert.Equal("by hand\n", await File.ReadAllTextAsync(shop.Project.At("config/app.conf"), shop.Project.Cancellation));
    }

    /// <summary>Three commits: one with which the service answers 503, a good one, and the bad one that is deployed.</summary>
    private static async Task<Shop> OpenAsync()
    {
        var shop = await Shop.OpenElsewhereAsync(place =>
        [
            ("config/app.conf", Bad),
            ("docker-compose.yml", $$"""
                name: {{place.Name}}
                services:
                  app:
                    image: runbooks-test/app:good
                    command: [sh, -c, '. /etc/app.conf; export APP_HEALTH; exec /bin/sh /app/serve']
                    ports: ["127.0.0.1:{{place.Port}}:8080"]
                    volumes: ["./config/app.conf:/etc/app.conf:ro"]
                """),
        ]);
        await GitAsync(shop, "init", "-q");
        foreach (var text in (string[])["APP_HEALTH=503\n", Good, Bad])
        {
            shop.Project.Write("config/app.conf", text);
            await GitAsync(shop, "add", "config", "docker-compose.yml");
            await GitAsync(shop, "-c", "user.name=o", "-c", "user.email=o@example.org", "commit", "-q", "-m", text);
        }

        // The last write has made a new file, which the container does not see.
        (await shop.ComposeAsync("up", "-d", "--force-recreate")).Expect(0);
        while (await AnswersNotAsync(shop))
        {
            await Task.Delay(50, shop.Project.Cancellation);
        }

        return shop;
    }

    private static async Task<bool> AnswersNotAsync(Shop shop)
    {
        try
        {
            await shop.HealthAsync();
            return false;
        }
        catch (HttpRequestException)
        {
            return true;
        }
    }

    private static Task<Finished> ExecAsync(Shop shop, params string[] more) => shop.Project.RunAsync(
    [
        "exec", Testing.Repository.PathOf("playbooks", "config-file-rollback.yml"), "--var", "file=config/app.conf", "--var", "inside=/etc/app.conf", "--var", $"url=http://127.0.0.1:{shop.Port}/health", "--var", "settle=1s", .. shop.ElsewhereWords, .. more,
    ]);

    private static async Task<string> GitAsync(Shop shop, params string[] words) => (await shop.Project.ProgramAsync("git", words)).Expect(0).Out;
}
