using Runbooks.Engine.Kinds;
using Runbooks.Engine.Ports;
using Runbooks.Testing;
using static Runbooks.Testing.Containers;

namespace Runbooks.Builtin.Tests.Checks.Identity;

public sealed class IdentityCheckTests
{
    private const string New = "sha256:bbbbbbbbbbbbbbbb";
    private const string Old = "sha256:aaaaaaaaaaaaaaaa";

    private static readonly ContainerState App = OfService("app") with { ImageId = Old, ImageReference = "myapp:latest" };
    private static readonly ContainerState Second = OfService("app", number: 2) with { ImageId = Old, ImageReference = "myapp:latest" };

    [Theory]
    [InlineData("myapp:v1")]
    [InlineData(Old)]
    public async Task The_id_decides_by_whatever_name_it_is_meant(string image) =>
        Assert.Equal(Verdict.Holds("it runs aaaaaaaaaaaa"), await AskAsync(Check(image), new DockerAnswers().Image("myapp:v1", Old).Container(App)));

    [Fact]
    public async Task Another_image_is_named_with_its_tag()
    {
        var verdict = await AskAsync(Check("myapp:v2"), new DockerAnswers().Image("myapp:v1", Old).Image("myapp:v2", New).Container(App));

        Assert.Equal((VerdictKind.DoesNotHold, "shop-app-1 runs aaaaaaaaaaaa (myapp:v1), and myapp:v2 means bbbbbbbbbbbb"), (verdict.Kind, verdict.Observed));
        Assert.Equal([$"shop-app-1: running, made from myapp:latest, runs {Old}"], verdict.Evidence);
    }

    [Fact]
    public async Task A_tag_that_moved_after_the_container_was_made_is_found()
    {
        var verdict = await AskAsync(Check("myapp:latest"), new DockerAnswers().Image("myapp:v1", Old).Image("myapp:latest", New).Container(App));

        Assert.Equal(VerdictKind.DoesNotHold, verdict.Kind);
        Assert.Equal("shop-app-1 runs aaaaaaaaaaaa (myapp:v1), and myapp:latest means bbbbbbbbbbbb: the reference was given to another image after the container was made, so make the container anew", verdict.Observed);
    }

    [Fact]
    public async Task An_image_without_a_name_or_that_is_gone_is_no_reason_to_stop() =>
        Assert.Equal(
            "shop-app-1 runs aaaaaaaaaaaa (an image that is not on this machine any more), and myapp:v2 means bbbbbbbbbbbb",
            (await AskAsync(Check("myapp:v2"), new DockerAnswers().Image("myapp:v2", New).Container(App))).Observed);

    [Fact]
    public async Task Each_container_that_runs_counts()
    {
        var docker = new DockerAnswers().Image("myapp:v1", Old).Image("myapp:v2", New).Container(App).Container(Second);
        Assert.Equal(Verdict.Holds("2 containers run aaaaaaaaaaaa"), await AskAsync(Check("myapp:v1"), docker));

        docker.NoContainers().Container(App).Container(Second with { ImageId = New });
        Assert.StartsWith("shop-app-2 runs bbbbbbbbbbbb (myapp:v2), and myapp:v1", (await AskAsync(Check("myapp:v1"), docker)).Observed);
    }

    [Theory]
    [InlineData("exited", VerdictKind.Holds)]
    [InlineData("created", VerdictKind.Holds)]
    [InlineData("dead", VerdictKind.Holds)]
    [InlineData("paused", VerdictKind.DoesNotHold)]
    [InlineData("restarting", VerdictKind.DoesNotHold)]
    public async Task One_that_has_ended_does_not_count_and_one_that_will_go_on_does(string status, VerdictKind expected) =>
        Assert.Equal(expected, (await AskAsync(Check("myapp:v1"), new DockerAnswers().Image("myapp:v1", Old).Container(App).Container(Second with { Status = status, ImageId = New }))).Kind);

    [Theory]
    [InlineData("exited", "shop-app-1 is exited with code 0, and no container runs whose image could be compared")]
    [InlineData("paused", "shop-app-1 is paused, and no container runs")]
    [InlineData("restarting", "shop-app-1 is restarting after exit code 0, and no container runs")]
    public async Task Where_none_runs_it_is_unknown(string status, string why)
    {
        var verdict = await AskAsync(Check("myapp:v1"), new DockerAnswers().Image("myapp:v1", Old).Container(App with { Status = status }));

        Assert.Equal(VerdictKind.Unknown, verdict.Kind);
        Assert.StartsWith(why, verdict.Observed);
    }

    [Fact]
    public async Task An_image_that_is_not_on_the_machine_is_unknown()
    {
        var verdict = await AskAsync(Check("myapp:latest"), new DockerAnswers().Container(App));

        Assert.Equal((VerdictKind.Unknown, "image myapp:latest is not on this machine, so which id it has cannot be told"), (verdict.Kind, verdict.Observed));
    }

    [Fact]
    public async Task No_container_and_no_engine_are_unknown()
    {
        Assert.Equal(Verdict.Unknown("there is no container of service app of project shop, so there is nothing to compare"), await AskAsync(Check("myapp:v1"), new DockerAnswers().Image("myapp:v1", Old)));
        Assert.Equal(Verdict.Unknown("the engine is away"), await AskAsync(Check("myapp:v1"), new DockerAnswers { Problem = "the engine is away" }));
    }

    [Fact]
    public void The_statement_says_all_that_is_asked() => Assert.Equal("service app of project shop runs the very image that myapp:v1 means on this machine", Check("myapp:v1").Statement);

    [Theory]
    [InlineData("RB1002", "identity: { container: x }")]
    [InlineData("RB3220", "identity: { image: x }")]
    [InlineData("RB3220", "identity: { container: x, service: y, image: z }")]
    [InlineData("RB3220", "identity: { container: x, project: y, image: z }")]
    [InlineData("RB3120", "identity: { service: app, image: z }")]
    public void Mistakes_are_found_before_anything_runs(string code, string check) => Assert.Equal([code], AskedCheck.Of(check).Errors);

    private static AskedCheck Check(string image) => AskedCheck.Of($"identity: {{ service: app, project: shop, image: '{image}' }}");

    private static async Task<Verdict> AskAsync(AskedCheck check, DockerAnswers docker) => await check.AskAsync(docker);
}
