using Runbooks.Engine.Kinds;
using Runbooks.Engine.Ports;
using Runbooks.Testing;

namespace Runbooks.Builtin.Tests.Checks.Swarm;

public sealed class SwarmCheckTests
{
    private const string Digest = "@sha256:97b18957e8015ecba31c4d54be45e9d997ad95cdd1cecd8ab259cdc953485c66";

    private static readonly SwarmServiceState Shop = new()
    {
        Name = "shop",
        Image = "app:v1" + Digest,
        PreviousImage = "app:v2" + Digest,
        UpdateState = "rollback_completed",
        UpdateMessage = "rollback completed",
        DesiredTasks = 2,
        Tasks = [new("2", "app:v1" + Digest, "running", ""), new("1", "app:v1" + Digest, "running", ""), new("1", "app:v2" + Digest, "shutdown", "")],
        ActiveNodes = 1,
    };

    [Theory]
    [InlineData("service: shop", VerdictKind.Holds, "2 of 2 tasks run, of app:v1")]
    [InlineData("image: app:v1", VerdictKind.Holds, "2 of 2")]
    [InlineData("image: app:v1" + Digest, VerdictKind.Holds, "2 of 2")]
    [InlineData("image: ''", VerdictKind.Holds, "2 of 2")]
    [InlineData("image: app:v1@sha256:0", VerdictKind.DoesNotHold, "it has app:v1@")]
    [InlineData("image: app", VerdictKind.DoesNotHold, "it has app:v1@")]
    [InlineData("previous_image: app:v2", VerdictKind.Holds, "2 of 2")]
    [InlineData("previous_image: app:v0", VerdictKind.DoesNotHold, "it would be rolled back to app:v2")]
    [InlineData("update: [completed, rollback_completed]", VerdictKind.Holds, "its last update is rollback_completed (rollback completed)")]
    [InlineData("update: completed", VerdictKind.DoesNotHold, "its last update is rollback_completed (rollback completed)")]
    [InlineData("min_nodes: 2", VerdictKind.DoesNotHold, "1 node is ready and take")]
    public async Task What_is_asked_of_a_service_must_be_so(string asked, VerdictKind expected, string observed)
    {
        var verdict = await AskedCheck.Of($"swarm:{(asked.StartsWith("service", StringComparison.Ordinal) ? "" : "\n  service: shop")}\n  {asked}").AskAsync(new DockerAnswers().Service(Shop));

        Assert.Equal(expected, verdict.Kind);
        Assert.StartsWith(observed, verdict.Observed[Math.Max(0, verdict.Observed.IndexOf(observed, StringComparison.Ordinal))..], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_of_which_not_all_tasks_run_does_not_hold_and_what_the_swarm_says_is_the_evidence()
    {
        var service = Shop with { UpdateState = "rollback_paused", Tasks = [Shop.Tasks[0], new("1", "app:v1", "failed", "starting container failed"), new("1", "app:v1", "failed", "starting container failed")] };

        var verdict = await AskAsync("swarm: shop", service);

        Assert.Equal((VerdictKind.DoesNotHold, "1 of 2 tasks run"), (verdict.Kind, verdict.Observed));
        Assert.Equal(["task 1 (app:v1) failed: starting container failed"], verdict.Evidence);
        Assert.Equal(VerdictKind.Holds, (await AskAsync("swarm: { service: shop, running: false }", service)).Kind);
    }

    [Fact]
    public async Task A_task_that_still_runs_another_image_does_not_hold()
    {
        var verdict = await AskAsync("swarm: shop", Shop with { Tasks = [Shop.Tasks[0], new("1", "app:v2", "running", "")] });

        Assert.Equal((VerdictKind.DoesNotHold, "1 task runs another image"), (verdict.Kind, verdict.Observed));
    }

    [Fact]
    public async Task What_serves_nobody_or_has_nothing_before_it_does_not_hold()
    {
        Assert.Equal("it has no tasks: it is scaled to 0", (await AskAsync("swarm: shop", Shop with { DesiredTasks = 0, Tasks = [] })).Observed);
        Assert.StartsWith("the swarm remembers no specification", (await AskAsync("swarm: { service: shop, previous_image: app:v2 }", Shop with { PreviousImage = null })).Observed, StringComparison.Ordinal);
        Assert.StartsWith("a rollback would not change its image", (await AskAsync("swarm: { service: shop, previous_image: app:v1 }", Shop with { PreviousImage = Shop.Image })).Observed, StringComparison.Ordinal);
        Assert.Equal("it was never updated", (await AskAsync("swarm: { service: shop, update: completed }", Shop with { UpdateState = null, PreviousImage = null })).Observed);
        Assert.Equal(VerdictKind.Holds, (await AskAsync("swarm: { service: shop, update: none }", Shop with { UpdateState = null, PreviousImage = null })).Kind);
        Assert.Equal(VerdictKind.Holds, (await AskAsync("swarm: { service: shop, update: none, running: false }", Shop with { UpdateState = null, DesiredTasks = 0, Tasks = [] })).Kind);
        Assert.Equal(VerdictKind.DoesNotHold, (await AskAsync("swarm: other", Shop)).Kind);
    }

    [Fact]
    public async Task An_update_that_was_asked_for_and_not_begun_is_one_that_is_under_way()
    {
        var verdict = await AskAsync("swarm: { service: shop, update: [none, completed] }", Shop with { UpdateState = null });

        Assert.Equal((VerdictKind.DoesNotHold, $"an update to {Shop.Image} was asked for, and the swarm has not begun with it"), (verdict.Kind, verdict.Observed));
        Assert.Equal(VerdictKind.Holds, (await AskAsync("swarm: { service: shop, update: updating }", Shop with { UpdateState = null })).Kind);
    }

    [Fact]
    public async Task What_the_engine_does_not_say_is_unknown()
    {
        Assert.Equal(VerdictKind.Unknown, (await AskAsync("swarm: shop", Shop with { DesiredTasks = null })).Kind);
        Assert.Equal(VerdictKind.Unknown, (await AskedCheck.Of("swarm: shop").AskAsync(new DockerAnswers { Problem = "this node is not a swarm manager" })).Kind);
    }

    private static Task<Verdict> AskAsync(string check, SwarmServiceState service) => AskedCheck.Of(check).AskAsync(new DockerAnswers().Service(service));
}
