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

        var run = (await ExecAsync(shop, "--var", "patience=2s")).Expect(4);

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

    [Theory]
    [InlineData("HUP")]
    [InlineData("kill,-HUP,1")]
    public async Task With_reload_the_same_container_goes_by_the_file_again(string reload)
    {
        await using var shop = await OpenAsync(Reloading);
        var app = await StartedAsync(shop);

        var run = (await ReloadAsync(shop, reload)).Expect(0);

        Assert.Equal(app, await StartedAsync(shop));
        Assert.Equal(HttpStatusCode.OK, await shop.HealthAsync());
        Assert.Equal(Good, (await shop.ComposeAsync("exec", "-T", "app", "cat", "/etc/app/app.conf")).Expect(0).Out);
        Assert.DoesNotContain("--force-recreate", run.Said, StringComparison.Ordinal);

        (await shop.Project.RunAsync("undo", shop.Project.Record().Id)).Expect(0);

        Assert.Equal(app, await StartedAsync(shop));
        Assert.Equal(Bad, await File.ReadAllTextAsync(shop.Project.At("config/app.conf"), shop.Project.Cancellation));
        Assert.Equal(HttpStatusCode.InternalServerError, await shop.HealthAsync());
    }

    [Fact]
    public async Task A_reload_that_the_service_does_not_take_is_not_believed_and_is_taken_back()
    {
        // The container has the file, and the process goes on with what it has read: it knows no USR1.
        await using var shop = await OpenAsync(Reloading);
        var app = await StartedAsync(shop);

        var run = (await ReloadAsync(shop, "USR1", patience: "2s")).Expect(4);

        Assert.Contains("'the service goes by the file' does not hold", run.Said, StringComparison.Ordinal);
        Assert.Equal(app, await StartedAsync(shop));
        Assert.Equal(Bad, await File.ReadAllTextAsync(shop.Project.At("config/app.conf"), shop.Project.Cancellation));

        // One that ends the service: it is started again with the file that is there then, and nobody says that this is as it was.
        run = (await ReloadAsync(shop, "KILL", patience: "2s")).Expect(4);

        Assert.Contains("step 'reload'", run.Said, StringComparison.Ordinal);
        Assert.NotEqual(app, await StartedAsync(shop));
        await shop.AnswersAsync(HttpStatusCode.InternalServerError);
    }

    [Fact]
    public async Task A_reload_that_could_show_nothing_changes_nothing()
    {
        // Mounted by itself, and replaced since: what most projects have, and what every editor and git does.
        await using var shop = await OpenAsync();
        var app = await StartedAsync(shop);

        var run = (await ReloadAsync(shop, "HUP", inside: "/etc/app.conf")).Expect(3);

        Assert.Contains("/etc/app.conf is mounted by itself in container", run.Said, StringComparison.Ordinal);
        Assert.Contains("leave 'reload' out, or mount its folder", run.Said, StringComparison.Ordinal);
        Assert.Contains("nothing is mounted at /usr/app.conf", (await ReloadAsync(shop, "HUP", inside: "/usr/app.conf")).Expect(3).Said, StringComparison.Ordinal);
        Assert.Contains("what a reload needs is given, 'effective'", (await ReloadAsync(shop, "HUP", effective: "")).Expect(3).Said, StringComparison.Ordinal);
        Assert.Equal(Bad, await File.ReadAllTextAsync(shop.Project.At("config/app.conf"), shop.Project.Cancellation));

        // Its folder is mounted, but what is said to show it is so before too; and the folder is another one now than the container has.
        shop.Project.Write("docker-compose.yml", Reloading(new ShopPlace(shop.Name, shop.Port)));
        (await shop.ComposeAsync("up", "-d")).Expect(0);
        Assert.Contains("'effective' succeeds already, while nothing is changed", (await ReloadAsync(shop, "HUP", effective: "true")).Expect(1).Said, StringComparison.Ordinal);
        Directory.Move(shop.Project.At("config"), shop.Project.At("was"));
        shop.Project.Write("config/app.conf", Bad);
        await File.WriteAllTextAsync(shop.Project.At("was/app.conf"), "another\n", shop.Project.Cancellation);
        Assert.Contains("is not config/app.conf now", (await ReloadAsync(shop, "HUP")).Expect(3).Said, StringComparison.Ordinal);
        Assert.Equal(Bad, await File.ReadAllTextAsync(shop.Project.At("config/app.conf"), shop.Project.Cancellation));
        Assert.All(shop.Project.Records(), r => Assert.DoesNotContain(r.Events<StepIntended>(), e => e.Step is "restore" or "reload"));
    }

    /// <summary>Three commits: one with which the service answers 503, a good one, and the bad one that is deployed.</summary>
    internal static async Task<Shop> OpenAsync(Func<ShopPlace, string>? compose = null, Func<Func<ShopPlace, IEnumerable<(string Path, string Text)>>, Task<Shop>>? open = null)
    {
        var shop = await (open ?? (files => Shop.OpenElsewhereAsync(files)))(place => [("config/app.conf", Bad), ("docker-compose.yml", (compose ?? Mounted)(place))]);
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

    private static string Mounted(ShopPlace place) => $$"""
        name: {{place.Name}}
        services:
          app:
            image: runbooks-test/app:good
            command: [sh, -c, '. /etc/app.conf; export APP_HEALTH; exec /bin/sh /app/serve']
            ports: ["127.0.0.1:{{place.Port}}:8080"]
            volumes: ["./config/app.conf:/etc/app.conf:ro"]
        """;

    /// <summary>A service that reads its file again on a HUP and on nothing else; the folder of the file is mounted.</summary>
    private static string Reloading(ShopPlace place) => $$"""
        name: {{place.Name}}
        services:
          app:
            image: runbooks-test/app:good
            command: [sh, -c, 'read_it() { . /etc/app/app.conf; echo "export APP_HEALTH=$$APP_HEALTH" >/tmp/env; }; trap read_it HUP; trap "" USR1; trap "exit 0" TERM; read_it; nc -ll -p 8080 -e sh -c ". /tmp/env; exec /app/answer" & while :; do wait; done']
            ports: ["127.0.0.1:{{place.Port}}:8080"]
            volumes: ["./config:/etc/app:ro"]
        """;

    /// <summary>Id of the container, and since when it runs.</summary>
    private static async Task<string> StartedAsync(Shop shop) =>
        (await shop.DockerAsync("inspect", "--format", "{{.Id}} {{.State.StartedAt}}", (await shop.ComposeAsync("ps", "--quiet", "app")).Expect(0).Out.Trim())).Expect(0).Out;

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

    private static Task<Finished> ReloadAsync(Shop shop, string reload, string? inside = null, string? effective = null, string patience = "60s") => shop.ExecAsync("config-file-rollback",
        "file=config/app.conf", $"inside={inside ?? "/etc/app/app.conf"}", $"reload={reload}", $"effective={effective ?? $"curl -fs http://127.0.0.1:{shop.Port}/health"}", $"patience={patience}");

    private static async Task<string> GitAsync(Shop shop, params string[] words) => (await shop.Project.ProgramAsync("git", words)).Expect(0).Out;
}
