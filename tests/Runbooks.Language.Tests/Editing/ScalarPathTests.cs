using CsCheck;
using Runbooks.Language.Editing;

namespace Runbooks.Language.Tests.Editing;

public sealed class ScalarPathTests
{
    [Theory]
    [InlineData("a", "a")]
    [InlineData("services.app.image", "services|app|image")]
    [InlineData("items[2]", "items|[2]")]
    [InlineData("[0].a[1][2]", "[0]|a|[1]|[2]")]
    [InlineData("labels.\"a.b\".c", "labels|a.b|c")]
    [InlineData("\"q\\\"\\\\\"", "q\"\\")]
    [InlineData("with space.é-ü", "with space|é-ü")]
    [InlineData("a.$b", "a|$b")]
    public void A_path_is_read_step_by_step(string text, string steps)
    {
        var path = ScalarPath.TryParse(text, out var problem);

        Assert.Null(problem);
        Assert.NotNull(path);
        Assert.Equal(steps, string.Join('|', path.Steps.Select(s => s.Key ?? $"[{s.Index}]")));
        Assert.Null(path.Variable);
    }

    [Theory]
    [InlineData("image${TAG}", "image", "TAG")]
    [InlineData("a.b[0]${_x1}", "a.b[0]", "_x1")]
    public void A_path_may_end_in_a_variable(string text, string place, string variable)
    {
        var path = ScalarPath.TryParse(text, out _);

        Assert.NotNull(path);
        Assert.Equal(variable, path.Variable);
        Assert.Equal(place, path.Describe(path.Steps.Length));
        Assert.Equal(text, path.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("a.")]
    [InlineData(".a")]
    [InlineData("a..b")]
    [InlineData("a[")]
    [InlineData("a[-1]")]
    [InlineData("a[x]")]
    [InlineData("a[1]b")]
    [InlineData("a]")]
    [InlineData("\"a")]
    [InlineData("\"a\"b")]
    [InlineData("${A}")]
    [InlineData("a${")]
    [InlineData("a${1}")]
    [InlineData("a${A}}")]
    [InlineData("a${A}.b")]
    [InlineData("a[99999999999]")]
    public void A_bad_path_has_a_problem(string text)
    {
        Assert.Null(ScalarPath.TryParse(text, out var problem));
        Assert.False(string.IsNullOrWhiteSpace(problem));
    }

    [Fact]
    public void Any_key_can_be_quoted_into_a_path() =>
        Gen.String[Gen.OneOf('a', '.', '[', ']', '"', '\\', '$', '{', '}', ' ', 'é', '\n'), 0, 12].Sample(key =>
        {
            var path = ScalarPath.TryParse($"x.{ScalarPath.Quote(key)}[1]", out var problem);

            Assert.True(path is not null, problem);
            Assert.Equal(key, path.Steps[1].Key);
            Assert.Equal(path.ToString(), ScalarPath.TryParse(path.ToString(), out _)?.ToString());
        });

    [Theory]
    [InlineData("docker-compose.yml", EditFormat.Yaml)]
    [InlineData("a/b/Values.YAML", EditFormat.Yaml)]
    [InlineData("package.json", EditFormat.Json)]
    [InlineData(".env", EditFormat.DotEnv)]
    [InlineData("deploy/.env.prod", EditFormat.DotEnv)]
    [InlineData("prod.env", EditFormat.DotEnv)]
    [InlineData(".env.json", EditFormat.Json)]
    [InlineData(".envrc", null)]
    [InlineData("app.toml", null)]
    [InlineData("yaml", null)]
    [InlineData("x.env/readme", null)]
    [InlineData("", null)]
    public void The_format_comes_from_the_name(string path, EditFormat? format) => Assert.Equal(format, EditFormats.OfPath(path));
}
