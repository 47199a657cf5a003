using Runbooks.Engine.Kinds;
using Runbooks.Testing;

namespace Runbooks.Builtin.Tests.Checks.Image;

public sealed class ImageCheckTests
{
    private static readonly string Id = "sha256:" + new string('a', 64);
    private static readonly string Other = "sha256:" + new string('b', 64);

    [Fact]
    public async Task An_image_on_this_machine_holds()
    {
        var asked = AskedCheck.Of("image: 'myapp:{{ version }}'", null, ("version", "v1.2.3"));

        Assert.Equal("image myapp:v1.2.3 is on this machine", asked.Statement);
        var verdict = await asked.AskAsync(new DockerAnswers().Image("myapp:v1.2.3", Id));
        Assert.Equal((VerdictKind.Holds, "id aaaaaaaaaaaa"), (verdict.Kind, verdict.Observed));
    }

    [Fact]
    public async Task An_image_that_is_not_there_does_not_hold()
    {
        var verdict = await AskedCheck.Of("image: myapp:v1.2.3").AskAsync(new DockerAnswers().Image("myapp:v1.2.4", Id));

        Assert.Equal((VerdictKind.DoesNotHold, "it is not on this machine"), (verdict.Kind, verdict.Observed));
    }

    [Fact]
    public async Task A_tag_that_was_moved_does_not_hold()
    {
        var asked = AskedCheck.Of($"image: {{ ref: myapp:v1, id: '{Id}' }}");

        Assert.Equal(VerdictKind.Holds, (await asked.AskAsync(new DockerAnswers().Image("myapp:v1", Id))).Kind);
        Assert.Equal(VerdictKind.DoesNotHold, (await asked.AskAsync(new DockerAnswers().Image("myapp:v1", Other))).Kind);
    }

    [Fact]
    public async Task A_digest_must_be_one_of_the_image()
    {
        var asked = AskedCheck.Of($"image: {{ ref: myapp:v1, digest: '{Id}' }}");

        Assert.Equal(VerdictKind.Holds, (await asked.AskAsync(new DockerAnswers().Image("myapp:v1", Other, $"registry.example/myapp@{Id}"))).Kind);
        Assert.Equal(VerdictKind.DoesNotHold, (await asked.AskAsync(new DockerAnswers().Image("myapp:v1", Other, $"registry.example/myapp@{Other}"))).Kind);
        Assert.Contains("never pushed", (await asked.AskAsync(new DockerAnswers().Image("myapp:v1", Other))).Observed);
    }

    [Fact]
    public async Task Without_an_engine_nothing_is_known() =>
        Assert.Equal(VerdictKind.Unknown, (await AskedCheck.Of("image: myapp:v1").AskAsync(new DockerAnswers { Problem = "there is none" })).Kind);

    [Theory]
    [InlineData("myapp")]
    [InlineData("myapp:V1.2.3-RC1")]
    [InlineData("registry.example:5000/team/myapp:v1")]
    [InlineData("Registry.example:5000/team/myapp")]
    [InlineData("97b18957e801")]
    public void References_of_all_forms_are_accepted(string reference) => Assert.Empty(AskedCheck.Of($"image: '{reference}'").Errors);

    [Theory]
    [InlineData("MyApp:v1")]
    [InlineData("my app")]
    [InlineData("-myapp")]
    [InlineData("https://registry.example/myapp")]
    [InlineData("myapp:")]
    [InlineData(":v1")]
    [InlineData("myapp@v1")]
    public void What_is_no_reference_is_told_apart(string reference) => Assert.Equal(["RB3240"], AskedCheck.Of($"image: '{reference}'").Errors);

    [Theory]
    [InlineData("id: abc")]
    [InlineData("digest: 'sha256:abc'")]
    public void What_is_no_digest_is_told_apart(string field) => Assert.Equal(["RB3241"], AskedCheck.Of($"image: {{ ref: myapp, {field} }}").Errors);

    [Fact]
    public void A_version_that_a_step_finds_is_not_known_yet() => Assert.False(AskedCheck.Of("image: 'myapp:{{ steps.find.stdout }}'").Question.IsKnown);
}
