namespace Runbooks.Cli.Tests;

/// <summary>The check <c>smoke</c>, asked of programs in containers of a real engine.</summary>
public sealed class SmokeCheckTests
{
    [Fact]
    public async Task What_the_program_answers_is_told_from_what_docker_says()
    {
        await using var shop = await Shop.OpenAsync();
        (string Fields, int Exit, string[] Seen)[] cases =
        [
            ("argv: [sh, -c, 'echo release $APP_VERSION'], stdout_contains: release bad", 0, ["[x]"]),
            ("argv: [sh, -c, 'echo release $APP_VERSION'], stdout_contains: release good", 1, ["it did not print"]),
            ("argv: [sh, -c, 'echo no database >&2; exit 4']", 1, ["exit 4", "no database"]),
            ("argv: [sh, -c, 'exit 4'], exit: 4", 0, ["[x]"]),
            ("argv: [cat], stdin: hello, stdout_contains: hello", 0, ["[x]"]),
            ("argv: [sh, -c, 'printf %s-%s $OWN $PWD'], env: { OWN: it }, workdir: /tmp, stdout_matches: '^it-/tmp$'", 0, ["[x]"]),
            ("argv: [no-such-program]", 6, ["it cannot be started there", "no-such-program"]),
            ("argv: [/etc/passwd]", 6, ["it cannot be started there"]),
            ("argv: [ls], workdir: /no/such/folder", 6, ["it cannot be started there"]),
            ("argv: [sh, -c, no-such-program]", 6, ["by which a shell says that a program is not there"]),
            ("argv: [sh, -c, no-such-program], exit: 127", 0, ["[x]"]),
            ("argv: [no-such-program], exit: 126", 6, ["it cannot be started there"]),
            ("argv: [no-such-program], exit: 127", 6, ["it cannot be started there"]),
            ("argv: [sleep, '7'], timeout: 500ms", 6, ["did not end within 500ms"]),
        ];
        foreach (var (fields, exit, seen) in cases)
        {
            await IsAsync(shop, $"service: app, {fields}", exit, seen);
        }

        await IsAsync(shop, $"container: {shop.Name}-app-1, argv: [sh, -c, 'echo $APP_VERSION'], stdout_contains: bad", 0, "[x]");
    }

    [Fact]
    public async Task A_container_that_does_not_run_or_ends_meanwhile_gives_no_answer()
    {
        await using var shop = await Shop.OpenAsync();
        await IsAsync(shop, "service: worker, argv: [sh, -c, 'kill -TERM 1; sleep 5']", 6, "gave no answer");
        await IsAsync(shop, "service: worker, argv: [ls]", 6, "is exited with code 0");

        (await shop.ComposeAsync("pause", "app")).Expect(0);
        await IsAsync(shop, "service: app, argv: [ls]", 6, "is paused");
        (await shop.ComposeAsync("unpause", "app")).Expect(0);

        await IsAsync(shop, $"container: {shop.Name}-nothing-1, argv: [ls]", 6, "there is no container");
        shop.Project.Set("DOCKER_HOST", "unix:///nowhere/docker.sock");
        await IsAsync(shop, "service: app, argv: [ls]", 6, "/nowhere/docker.sock");
        shop.Project.Set("DOCKER_HOST", Environment.GetEnvironmentVariable("RUNBOOKS_TEST_DOCKER_HOST"));
    }

    private static async Task IsAsync(Shop shop, string check, int exit, params string[] seen)
    {
        shop.Project.Playbook($"steps: [ {{ id: go, run: 'true' }} ]\nvalidations: [ {{ smoke: {{ {check} }} }} ]\n");

        var answer = await shop.Project.RunAsync("verify", "pb.yml");

        Assert.True(answer.Exit == exit, $"{check}: {answer.Exit}\n{answer.Said}");
        Assert.All(seen, s => Assert.Contains(s, answer.Said, StringComparison.Ordinal));
    }
}
