namespace Runbooks.Cli.Tests;

/// <summary>Deployments that an image broke, on a real engine: what is seen of each, what is advised, and that the advised command mends it.</summary>
public sealed class BrokenApplicationTests(BrokenApplicationShop shop) : IClassFixture<BrokenApplicationShop>
{
    private const string Repository = "runbooks-test/app";

    [Fact]
    public async Task One_that_ends_again_and_again_without_a_health_check()
    {
        await shop.AsItWasAsync();
        var image = await shop.ImageAsync($"{shop.Shop.Name}-loops", """CMD ["sh", "-c", "echo 'FATAL: no table orders' >&2; exit 3"]""", Repository);
        await shop.ReleaseAsync(image);
        await shop.RestartsAsync("app");

        var seen = await shop.SeenAsync("""{"changes":["application"],"components":[{"name":"app","change":"application"}],"system_state":"crashed","failure_time":"post-deployment","traffic":"offline","cause_in_release":true,"target_image_present":true}""");
        Assert.Contains("FATAL: no table orders", Seen.Text(seen), StringComparison.Ordinal);

        await shop.TakenBackAsync("application", "app-rollback");
        var well = await shop.IsWellAsync();
        Assert.Contains(well.GetProperty("measured").EnumerateArray(), m => Seen.Value(m, "what") == "app-rollback" && Seen.Value(m, "from").StartsWith("run ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_whose_program_is_not_there()
    {
        await shop.AsItWasAsync();
        shop.Project.Write(".env", BrokenApplicationShop.Env("runbooks-test/app:unstartable"));
        Assert.NotEqual(0, (await shop.UpAsync()).Exit);

        var seen = await shop.SeenAsync("""{"changes":["application"],"system_state":"partially-deployed","failure_time":"during-deployment","traffic":"offline","cause_in_release":true}""");
        Assert.Contains("no-such-program", Seen.Text(seen), StringComparison.Ordinal);

        await shop.TakenBackAsync("application", "app-rollback");
        await shop.IsWellAsync();
    }

    [Fact]
    public async Task One_that_was_built_again_under_the_same_tag()
    {
        await shop.AsItWasAsync();
        var latest = await shop.ImageAsync("latest", "ENV MADE_BY=test");
        await shop.ReleaseAsync(latest);
        var id = await shop.AnotherGoodAsync();
        (await shop.Shop.DockerAsync("tag", "runbooks-test/app:bad", latest)).Expect(0);
        (await shop.UpAsync()).Expect(0);

        var seen = await shop.SeenAsync("""{"changes":["application"],"system_state":"degraded","previous_release_available":true,"target_image_present":true}""");
        Assert.Contains($"{latest} is another image now", Seen.Text(seen), StringComparison.Ordinal);

        // The tag leads to the failed one: it is gone back by what keeps the image of the good release.
        var advice = await shop.TakenBackAsync("application", "app-rollback");
        Assert.Contains($"--var version={id} --var service=app --var image=runbook.local/{shop.Shop.Name}/app", Seen.Value(advice, "command"), StringComparison.Ordinal);
        await shop.IsWellAsync();
    }

    [Fact]
    public async Task An_application_and_its_worker_that_were_deployed_together()
    {
        await shop.AsItWasAsync();
        await shop.ReleaseAsync("runbooks-test/app:bad", "runbooks-test/app:bad");

        await shop.SeenAsync("""{"changes":["application"],"components":[{"name":"app","change":"application"},{"name":"worker","change":"application"}],"system_state":"degraded","traffic":"production"}""");

        await shop.TakenBackAsync("sequential", "sequential-rollback");
        await shop.IsWellAsync();
    }

    [Fact]
    public async Task A_worker_that_was_left_on_the_failed_release_when_its_application_went_back()
    {
        await shop.AsItWasAsync();
        await shop.ReleaseAsync("runbooks-test/app:good", "runbooks-test/app:bad");

        await shop.SeenAsync("""{"changes":["application"],"components":[{"name":"worker","change":"application"}],"system_state":"fully-deployed"}""");

        await shop.TakenBackAsync("application", "app-rollback");
        await shop.IsWellAsync();
    }

    [Fact]
    public async Task One_whose_health_check_looks_at_its_process_only()
    {
        await shop.AsItWasAsync();
        var image = await shop.ImageAsync($"{shop.Shop.Name}-blind", """HEALTHCHECK --interval=200ms --timeout=5s CMD ["true"]""", Repository);
        await shop.ReleaseAsync(image);
        await shop.IsAsync("app", "{{.State.Health.Status}}", "healthy");
        shop.Edit(".env", image, "runbooks-test/app:bad");
        await shop.DeployAsync();

        var seen = await shop.SeenAsync("""{"changes":["application"],"system_state":"degraded","probe_broken":null,"cause_in_release":true}""");

        await shop.TakenBackAsync("application", "app-rollback");
        await shop.IsWellAsync();
    }

    [Fact]
    public async Task One_that_answers_well_and_ends_every_few_seconds()
    {
        await shop.AsItWasAsync();
        var image = await shop.ImageAsync($"{shop.Shop.Name}-flaps", """CMD ["sh", "-c", "nc -ll -p 8080 -e /app/answer & nc=$!; (while sleep 2; do [ -e /outside/payments ] || kill $nc; done) & wait $nc; echo 'FATAL: out of handles' >&2; exit 3"]""", Repository);
        await shop.ReleaseAsync(image);
        foreach (var time in (string[])["1", "2"])
        {
            await shop.AnswersAsync();
            await shop.Shop.DockerAsync("exec", shop.Shop.ContainerOf("app"), "killall", "nc");
            await shop.IsAsync("app", "{{.RestartCount}} {{.State.Status}}", $"{time} running");
        }

        // It is looked at while it is well.
        await shop.AnswersAsync();
        var seen = await shop.SeenAsync("""{"changes":["application"],"system_state":"degraded","failure_time":"post-deployment","traffic":"production","cause_in_release":true}""");
        Assert.Contains("it ends again and again", Seen.Text(seen), StringComparison.Ordinal);
        Assert.Matches("app: ended with exit code 3, [0-9]+ times", Seen.Text(seen));
        Assert.Empty(seen.GetProperty("assessment").GetProperty("contradictions").EnumerateArray());

        // And verified while it ends again every two seconds.
        shop.Edit("runbook.yml", "verify: { within: 5s, for: 500ms }", "");
        await shop.Release.RecordAsync();
        File.Delete(shop.Project.At(BrokenApplicationShop.Outside));
        var verified = (await shop.Release.RunAsync("verify")).Expect(1);
        Assert.DoesNotContain($"[x] service app of project {shop.Shop.Name} stays as it is", verified.Out, StringComparison.Ordinal);
        Assert.Contains($"[x] service worker of project {shop.Shop.Name} stays as it is", verified.Out, StringComparison.Ordinal);

        await shop.TakenBackAsync("application", "app-rollback");
        await shop.IsWellAsync();
    }

    [Fact]
    public async Task One_that_something_would_bring_back_by_itself()
    {
        await shop.AsItWasAsync();
        var (image, name) = ($"{shop.Shop.Name}/watchtower:latest", $"{shop.Shop.Name}-watchtower");
        (await shop.Shop.DockerAsync("tag", "runbooks-test/app:good", image)).Expect(0);
        shop.Shop.AtTheEnd("rm", "--force", name);
        shop.Shop.AtTheEnd("rmi", image);
        (await shop.Shop.DockerAsync("run", "-d", "--name", name, image)).Expect(0);
        await shop.ReleaseAsync("runbooks-test/app:bad");

        await shop.SeenAsync("""{"changes":["application"],"other_actors":true,"system_state":"degraded"}""");

        var advice = await shop.AdviseAsync();
        Assert.Contains("stop it first", Assert.Single(advice.GetProperty("blocked_by").EnumerateArray()).GetString(), StringComparison.Ordinal);
        Assert.StartsWith("stop what brings the failed release back", advice.GetProperty("order")[0].GetString(), StringComparison.Ordinal);
        (await shop.Shop.DockerAsync("rm", "--force", name)).Expect(0);
        await shop.TakenBackAsync("application", "app-rollback");
        await shop.IsWellAsync();
    }

    /// <summary>What both of them need has broken meanwhile: taking the release back is tried once, and no second time before somebody says that it is mended.</summary>
    [Fact]
    public async Task One_whose_previous_release_is_as_ill_by_now()
    {
        await shop.AsItWasAsync();
        var needs = await shop.ImageAsync($"{shop.Shop.Name}-needs", """CMD ["sh", "-c", "trap 'exit 0' TERM; nc -ll -p 8080 -e sh -c '[ -e /outside/payments ] || export APP_HEALTH=500; exec /app/answer' & wait"]""", Repository);
        await shop.ReleaseAsync(needs);
        await shop.AnotherGoodAsync();
        await shop.ReleaseAsync("runbooks-test/app:bad");
        File.Delete(shop.Project.At(BrokenApplicationShop.Outside));

        await shop.SeenAsync("""{"changes":["application"],"tried":[],"cause_in_release":true}""");
        (await shop.ExecAsync(await shop.AdviseAsync(), "--var", "patience=1s")).Expect(4);
        var run = shop.Project.Records()[^1].Id;

        var seen = await shop.SeenAsync("""{"changes":["application"],"system_state":"degraded","cause_in_release":null}""");
        var tried = Assert.Single(seen.GetProperty("tried").EnumerateArray());
        Assert.Equal((run, "app-rollback", "undone"), (Seen.Value(tried, "run"), Seen.Value(tried, "playbook"), Seen.Value(tried, "outcome")));
        Assert.Contains("500", Seen.Value(tried, "why"), StringComparison.Ordinal);
        var advice = await shop.NotRolledBackAsync("none", $"see what that run found: runbook runs show {run}");

        // That it is mended cannot be seen while the failed release runs: it is said as the advice says.
        Assert.Contains("write 'tried: []' into what 'runbook assess --format json' prints", Seen.Text(advice), StringComparison.Ordinal);
        shop.Project.Write(BrokenApplicationShop.Outside, "there\n");
        await shop.ForgetAsync("tried");
        await shop.TakenBackAsync("application", "app-rollback");
        Assert.Equal("[]", (await shop.IsWellAsync()).GetProperty("tried").GetRawText());
    }

    [Fact]
    public async Task Nothing_is_recommended_when_no_release_was_ever_well()
    {
        await using var own = new BrokenApplicationShop();
        await own.InitializeAsync();
        (await own.Release.RunAsync("bad", own.Release.GoodId, "--reason", "it was slow")).Expect(0);
        await own.ReleaseAsync("runbooks-test/app:bad");

        await own.SeenAsync("""{"changes":null,"previous_release_available":false,"system_state":"degraded"}""");
        await own.NotRolledBackAsync("inconclusive", "what did the release change");
    }
}
