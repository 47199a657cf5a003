using Runbooks.Builtin.Steps.Pin;
using Runbooks.Engine.Kinds;
using Runbooks.Testing;

namespace Runbooks.Builtin.Tests.Steps.Pin;

/// <summary>An image is changed where the files of the project decide it, and what moves with it is said.</summary>
public sealed class PinStepTests
{
    private const string Compose = $"{PlannedPlaybook.Project}/docker-compose.yml";
    private const string Over = $"{PlannedPlaybook.Project}/over.yml";
    private const string Env = $"{PlannedPlaybook.Project}/.env";

    [Theory]
    [InlineData("services:\n  app:\n    image: 'myapp:v2' # now\n", "services:\n  app:\n    image: 'myapp:v1' # now\n")]
    [InlineData("services:\n  app: { image: myapp:v2, ports: [80] }\n", "services:\n  app: { image: myapp:v1, ports: [80] }\n")]
    [InlineData("x-i: &i myapp:v2\r\nservices:\r\n  app:\r\n    image: *i", "x-i: &i myapp:v1\r\nservices:\r\n  app:\r\n    image: *i")]
    [InlineData("x-a: &a { image: myapp:v2 }\nservices:\n  app:\n    <<: *a\n", "x-a: &a { image: myapp:v1 }\nservices:\n  app:\n    <<: *a\n")]
    [InlineData("x-a: &a { image: no:v0 }\nx-b: &b { image: myapp:v2 }\nservices:\n  app:\n    <<: [*b, *a]\n", "x-a: &a { image: no:v0 }\nx-b: &b { image: myapp:v1 }\nservices:\n  app:\n    <<: [*b, *a]\n")]
    [InlineData("x-a: &a { image: no:v0 }\nservices:\n  app:\n    <<: *a\n    image: myapp:v2\n", "x-a: &a { image: no:v0 }\nservices:\n  app:\n    <<: *a\n    image: myapp:v1\n")]
    [InlineData("services:\n  app:\n    image: myapp:${TAG:-v2}\n", "services:\n  app:\n    image: myapp:${TAG:-v1}\n")]
    [InlineData("services:\n  app:\n    image: ${IMAGE-myapp:v2}\n", "services:\n  app:\n    image: ${IMAGE-myapp:v1}\n")]
    public void The_place_in_the_Compose_file_that_decides_is_changed_and_nothing_else(string before, string after)
    {
        var planned = PlannedPlaybook.Of(Step("myapp:v1"), Files((Compose, before)));

        Assert.Equal(after, TextAfter(planned));
        Assert.Empty(planned.Diagnostics);
    }

    [Theory]
    [InlineData("myapp:${TAG}", "TAG=v2\n", "TAG=v1\n")]
    [InlineData("myapp:$TAG", "# x\nexport TAG='v2' # y\r\nZ=1", "# x\nexport TAG='v1' # y\r\nZ=1")]
    [InlineData("myapp:${TAG:?no tag}", "TAG=v2", "TAG=v1")]
    [InlineData("myapp:${TAG:-v0}", "TAG=v2\n", "TAG=v1\n")]
    [InlineData("${REPO:-myapp}:${TAG}", "TAG=v2\n", "TAG=v1\n")]
    [InlineData("${REPO}:${TAG}", "REPO=myapp\nTAG=v2\n", "REPO=myapp\nTAG=v1\n")]
    [InlineData("${IMAGE}", "IMAGE=other:v9\n", "IMAGE=myapp:v1\n")]
    public void A_variable_is_changed_in_the_env_file_that_sets_it(string image, string before, string after)
    {
        var planned = PlannedPlaybook.Of(Step("myapp:v1"), Files((Compose, Service(image)), (Env, before)));

        Assert.Equal(after, TextAfter(planned));
        var needed = Assert.Single(planned.Action().Requirements.OfType<VariableRequirement>());
        Assert.Contains(needed.Value, after, StringComparison.Ordinal);
        Assert.Equal(".env", needed.File);
    }

    [Fact]
    public void The_last_file_that_names_an_image_decides()
    {
        var planned = PlannedPlaybook.Of(Step("myapp:v1", "docker-compose.yml, over.yml"), Files((Compose, Service("myapp:v2")), (Over, Service("myapp:v3@sha256:00"))));

        Assert.Equal(Service("myapp:v1"), TextAfter(planned));
        Assert.Equal("over.yml", Change(planned).Path);
    }

    [Fact]
    public void The_last_env_file_that_sets_the_variable_decides()
    {
        var files = Files((Compose, Service("myapp:${TAG}")), ($"{PlannedPlaybook.Project}/a.env", "TAG=v2\n"), ($"{PlannedPlaybook.Project}/b.env", "TAG=v3\n"), (Env, "TAG=no\n"));

        var planned = PlannedPlaybook.Of("- pin: { service: app, image: \"myapp:v1\", files: [docker-compose.yml], env_file: [a.env, b.env] }", files);

        Assert.Equal("b.env", Change(planned).Path);
        Assert.Equal("TAG=v1\n", TextAfter(planned));
    }

    [Theory]
    [InlineData("x-a: &a { image: myapp:v2 }\nservices:\n  app: { <<: *a }\n  web: { <<: *a }\n  own: { <<: *a, image: x }\n", "", "web takes it from there too")]
    [InlineData("services:\n  app: { image: 'myapp:${TAG}' }\n  web: { image: 'web:${TAG}' }\n  job: { image: x, environment: ['V=${TAG}'] }\n  own: { image: x }\n", "TAG=v2", "web and job take it from there too")]
    public void What_moves_with_it_is_said_and_refused_where_it_must_not(string compose, string env, string moving)
    {
        var files = Files((Compose, compose), (Env, env));

        var planned = PlannedPlaybook.Of(Step("myapp:v1"), files);
        var refused = PlannedPlaybook.Of("- pin: { service: app, image: \"myapp:v1\", files: [docker-compose.yml], alone: true }", files);

        Assert.EndsWith(moving, Assert.Single(planned.Diagnostics, d => d.Code == "RB3114").Message, StringComparison.Ordinal);
        Assert.Contains($"moves with it: {moving}", Change(planned).Notes);
        Assert.EndsWith(moving, Assert.Single(refused.Diagnostics, d => d.Code == "RB3115").Message, StringComparison.Ordinal);
        Assert.Null(refused.Plan);
    }

    [Fact]
    public void The_way_that_was_found_is_in_the_plan()
    {
        var direct = PlannedPlaybook.Of(Step("myapp:v1"), Files((Compose, Service("myapp:v2"))));
        var variable = PlannedPlaybook.Of(Step("myapp:v1"), Files((Compose, Service("myapp:${TAG}")), (Env, "A=1\nTAG=v2\n")));

        Assert.Equal("the image of 'app' is written in docker-compose.yml, line 3 (services.app.image)", Assert.Single(Change(direct).Notes));
        Assert.Equal("the image of 'app' is 'myapp:${TAG}' in docker-compose.yml, line 3, and TAG is set in .env, line 2", Assert.Single(Change(variable).Notes));
    }

    [Theory]
    [InlineData("services:\n  app: { build: . }\n", "", "RB3111")]
    [InlineData("services:\n  web: { image: myapp:v2 }\n", "", "RB3111")]
    [InlineData("services:\n  app: { image: 'other:${TAG}' }\n", "TAG=v2", "RB3112")]
    [InlineData("services:\n  app: { image: 'myapp:${A}${B}' }\n", "A=v\nB=\n", "RB3112")]
    [InlineData("services:\n  app: { image: 'myapp:${TAG:-${OLD}}' }\n", "OLD=v2", "RB3112")]
    [InlineData("services:\n  app: { image: 'myapp:${TAG:+v2}' }\n", "TAG=v2", "RB3112")]
    [InlineData("services:\n  app: { image: 'myapp:${TAG}' }\n", "OTHER=v2", "RB3113")]
    [InlineData("services:\n  app: { image: 'myapp:${TAG:?}' }\n", "", "RB3113")]
    [InlineData("services:\n  app: { image: !!binary bXlhcHA= }\n", "", "RB3116")]
    public void What_is_not_certain_is_refused(string compose, string env, string code)
    {
        var planned = PlannedPlaybook.Of(Step("myapp:v1"), Files((Compose, compose), (Env, env)));

        Assert.Null(planned.Plan);
        Assert.Equal(code, Assert.Single(planned.Diagnostics).Code);
    }

    [Fact]
    public void An_image_that_is_there_already_moves_nobody()
    {
        var planned = PlannedPlaybook.Of(Step("myapp:v2"), Files((Compose, "services:\n  app: { image: 'myapp:${TAG}' }\n  web: { image: 'web:${TAG}' }\n"), (Env, "TAG=v2\n")));

        Assert.Equal(Change(planned).BeforeSha256, Change(planned).AfterSha256);
        Assert.Empty(planned.Diagnostics);
    }

    private static InMemoryFiles Files(params ReadOnlySpan<(string Path, string Text)> texts)
    {
        var files = new InMemoryFiles();
        foreach (var (path, text) in texts)
        {
            files.With(path, text);
        }

        return files;
    }

    private static string Step(string image, string files = "docker-compose.yml") => $"- pin: {{ service: app, image: \"{image}\", files: [{files}] }}";

    private static string Service(string image) => $"services:\n  app:\n    image: \"{image}\"\n";

    private static FileChange Change(PlannedPlaybook planned) => Assert.IsType<FileChange>(Assert.Single(planned.Effects()));

    private static string TextAfter(PlannedPlaybook planned) => System.Text.Encoding.UTF8.GetString(Assert.IsType<PinStep>(planned.Action()).Edit.After.AsSpan());
}
