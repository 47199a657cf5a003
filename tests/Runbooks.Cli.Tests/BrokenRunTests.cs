using System.Net;

namespace Runbooks.Cli.Tests;

/// <summary>Broken deployments whose way back met with trouble of its own: what is seen then, what is advised, and that it ends well.</summary>
public sealed class BrokenRunTests(BrokenApplicationShop shop) : IClassFixture<BrokenApplicationShop>
{
    private const string Failed = "runbooks-test/app:bad";

    [Theory]
    [InlineData("resume")]
    [InlineData("undo")]
    public async Task One_that_was_killed_between_stop_and_start_is_gone_on_with_or_taken_back(string verb)
    {
        await shop.AsItWasAsync();
        await shop.ReleaseAsync(Failed);
        await shop.SeenAsync("""{"changes":["application"],"tried":[]}""");
        await DockerGate.Close(shop.Shop, " up ", isDone: false, after: "exit 1").KillAsync(shop.Start(await shop.AdviseAsync()));
        var run = shop.Project.Records()[^1].Id;

        // Nothing serves, and the files name the good release already: nothing of that is the failed release's doing.
        var seen = await shop.SeenAsync("""{"traffic":"offline","previous_release_available":true}""");
        Assert.Equal(("app-rollback", run, "unfinished"), Tried(seen));
        var advice = await shop.NotRolledBackAsync("none", $"runbook runs show {run}");
        var said = Seen.Text(advice);
        Assert.Contains($"runbook resume {run}", said, StringComparison.Ordinal);
        Assert.Contains($"runbook undo {run}", said, StringComparison.Ordinal);

        (await shop.Project.RunAsync(verb, run)).Expect(0);

        if (verb == "undo")
        {
            Assert.Equal(HttpStatusCode.InternalServerError, await shop.HealthAsync());
            await shop.SeenAsync("""{"changes":["application"],"tried":[],"system_state":"degraded"}""");
            await shop.TakenBackAsync("application", "app-rollback");
        }

        await shop.IsWellAsync();
        (await shop.Project.RunAsync("audit", "verify")).Expect(0);
    }

    [Fact]
    public async Task Of_two_who_go_back_at_once_one_does_and_the_other_is_told_who()
    {
        await shop.AsItWasAsync();
        await shop.ReleaseAsync(Failed);
        await shop.SeenAsync("""{"changes":["application"],"system_state":"degraded"}""");
        var advice = await shop.AdviseAsync();
        var gate = DockerGate.Close(shop.Shop, " up ", isDone: false);
        var first = shop.Start(advice);
        await gate.ReachedAsync(first);
        var run = shop.Project.Records()[^1].Id;

        var second = (await shop.ExecAsync(advice)).Expect(3);
        Assert.Contains($"is held by run {run} by ", second.Said, StringComparison.Ordinal);
        Assert.Contains("nothing was changed", second.Said, StringComparison.Ordinal);
        // Who asks meanwhile is not told to do it once more.
        Assert.Equal(("app-rollback", run, "unfinished"), Tried(await shop.SeenAsync("""{"traffic":"offline"}""")));
        await shop.NotRolledBackAsync("none", "it still runs, or it was interrupted");

        gate.Open();
        (await first.Ended).Expect(0);
        Assert.Equal("[]", (await shop.IsWellAsync()).GetProperty("tried").GetRawText());
    }

    [Fact]
    public async Task A_plan_that_was_made_before_somebody_deployed_again_is_not_run()
    {
        await shop.AsItWasAsync();
        await shop.ReleaseAsync(Failed);
        await shop.SeenAsync("""{"changes":["application"]}""");
        (await shop.PlanAsync(await shop.AdviseAsync(), "-o", ".runbook/back.json")).Expect(0);
        await shop.ReleaseAsync("runbooks-test/app:bad2");
        var deployed = await shop.Shop.ContainerAsync("app");

        var refused = (await shop.Project.RunAsync("exec", "--plan", ".runbook/back.json")).Expect(3);

        Assert.Contains(".env: its content has changed", refused.Said, StringComparison.Ordinal);
        Assert.Contains("nothing was changed", refused.Said, StringComparison.Ordinal);
        Assert.Equal(deployed, await shop.Shop.ContainerAsync("app"));
        await shop.SeenAsync("""{"changes":["application"],"tried":[],"system_state":"degraded"}""");
        await shop.TakenBackAsync("application", "app-rollback");
        await shop.IsWellAsync();
    }

    [Fact]
    public async Task What_it_would_do_is_shown_and_nothing_of_it_is_done()
    {
        await shop.AsItWasAsync();
        await shop.ReleaseAsync(Failed);
        await shop.SeenAsync("""{"changes":["application"],"system_state":"degraded"}""");
        var advice = await shop.AdviseAsync();
        var (since, files) = (await NowAsync(), shop.Project.Snapshot());

        foreach (var preview in (string[][])[[], ["--probe"]])
        {
            Assert.Contains("+APP=runbooks-test/app:good", (await shop.PlanAsync(advice, preview)).Expect(0).Out, StringComparison.Ordinal);
        }

        (await shop.ExecAsync(advice, "--dry-run")).Expect(0);

        var events = (await shop.Shop.DockerAsync("events", "--since", since, "--until", await NowAsync(), "--filter", $"label=com.docker.compose.project={shop.Shop.Name}", "--format", "{{.Type}} {{.Action}}")).Expect(0).Out;
        Assert.Empty(events);
        Assert.Equal(files, shop.Project.Snapshot());
        Assert.Empty(shop.Project.Records());
        await shop.TakenBackAsync("application", "app-rollback");
        await shop.IsWellAsync();
    }

    /// <summary>The chat of the team is down, too: the deployment is mended, and who is at it hears that nobody else has.</summary>
    [Fact]
    public async Task What_it_came_to_is_told_and_is_the_same_when_nobody_can_be_told()
    {
        await shop.AsItWasAsync();
        using var team = new Listener();
        shop.Edit("runbook.yml", "project: v1\n", "project: v1\nnotify: ['#ops']\nwebhook_env: TEAM_WEBHOOK\n");
        await shop.Release.CommitAsync("the team is told");
        var outcomes = new List<(int Exit, string Last)>();
        foreach (var isDown in (bool[])[false, true])
        {
            shop.Project.Set("TEAM_WEBHOOK", isDown ? $"http://127.0.0.1:{Shop.FreePort()}/services/geheim" : $"{team.Url}/services/geheim");
            await shop.ReleaseAsync(isDown ? "runbooks-test/app:bad2" : Failed);
            await shop.SeenAsync("""{"changes":["application"],"system_state":"degraded","tried":[]}""");
            var run = await shop.ExecAsync(await shop.AdviseAsync());
            outcomes.Add((run.Exit, run.Out.TrimEnd().Split('\n')[^1]));
            await shop.IsWellAsync();
        }

        Assert.Equal("told: #ops, by the webhook in TEAM_WEBHOOK", outcomes[0].Last);
        Assert.StartsWith("nobody was told: the webhook in TEAM_WEBHOOK did not answer: ", outcomes[1].Last, StringComparison.Ordinal);
        Assert.All(outcomes, o => Assert.Equal(0, o.Exit));
        Assert.Contains("app-rollback succeeded", Assert.Single(team.Requests).Text, StringComparison.Ordinal);
        shop.Project.Set("TEAM_WEBHOOK", null);
    }

    private async Task<string> NowAsync() => (await shop.Shop.DockerAsync("info", "--format", "{{.SystemTime}}")).Expect(0).Out.Trim();

    private static (string Playbook, string Run, string Outcome) Tried(System.Text.Json.JsonElement seen)
    {
        var tried = Assert.Single(seen.GetProperty("tried").EnumerateArray());
        return (Seen.Value(tried, "playbook"), Seen.Value(tried, "run"), Seen.Value(tried, "outcome"));
    }
}
