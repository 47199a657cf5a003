using System.Text;
using Runbooks.Language.Editing;

namespace Runbooks.Language.Tests.Editing;

/// <summary>Values are seen as readers of a file see them, and it is said where they are written.</summary>
public sealed class ScalarViewTests
{
    private const string Yaml = """
        x-base: &base
          image: &i app:1
          env: { A: "${A}", list: [x, "${B:-${C}}"] }
        x-more: &more { image: app:2, extra: e }
        services:
          own: { <<: *base, image: app:3 }
          merged: { <<: [*more, *base] }
          "a.b": { image: *i }
        """;

    [Theory]
    [InlineData("own", "app:3", "services.own.image")]
    [InlineData("merged", "app:2", "x-more.image")]
    [InlineData("a.b", "app:1", "x-base.image")]
    public void A_value_is_found_through_merge_keys_and_aliases(string service, string value, string place)
    {
        var seen = View(Yaml).Find("services", service, "image");

        Assert.Equal((value, place), (seen?.Value, seen?.WrittenAt));
    }

    [Fact]
    public void Where_it_is_written_it_can_be_changed()
    {
        var bytes = Encoding.UTF8.GetBytes(Yaml);
        var seen = Assert.IsType<SeenScalar>(View(Yaml).Find("services", "merged", "image"));

        var edited = Assert.IsType<Edited>(ScalarEditor.Apply(bytes, EditFormat.Yaml, [new ScalarEdit(seen.WrittenAt, "app:9") { AllowShared = true }]));

        Assert.Equal(Yaml.Replace("app:2", "app:9", StringComparison.Ordinal), Encoding.UTF8.GetString(edited.Bytes.AsSpan()));
    }

    [Fact]
    public void Keys_are_those_of_the_mapping_and_of_what_is_merged_into_it()
    {
        Assert.Equal(["image", "extra", "env"], View(Yaml).Keys("services", "merged"));
        Assert.Equal(["own", "merged", "a.b"], View(Yaml).Keys("services"));
        Assert.Empty(View(Yaml).Keys("services", "own", "image"));
    }

    [Fact]
    public void All_values_below_a_place_are_seen_with_their_variables() =>
        Assert.Equal(["A", "B", "C"], View(Yaml).Below("services", "own").SelectMany(s => s.Variables).Order());

    [Theory]
    [InlineData("services")]
    [InlineData("services", "none", "image")]
    [InlineData("services", "own", "image", "deeper")]
    public void Where_no_value_stands_none_is_found(params string[] path) => Assert.Null(View(Yaml).Find(path));

    [Fact]
    public void Aliases_within_aliases_come_to_an_end()
    {
        var bomb = new StringBuilder("a: &a [x, x, x, x, x, x, x, x, x]\n");
        for (var c = 'b'; c < 'j'; c++)
        {
            bomb.Append(System.Globalization.CultureInfo.InvariantCulture, $"{c}: &{c} [{string.Join(", ", Enumerable.Repeat($"*{(char)(c - 1)}", 9))}]\n");
        }

        Assert.InRange(View(bomb.ToString()).Below("i").Length, 1, 100_000);
    }

    [Fact]
    public void A_file_that_cannot_be_read_says_why()
    {
        Assert.Null(ScalarView.Read("a: [1"u8, EditFormat.Yaml, out var problem));
        Assert.NotEmpty(problem);
    }

    private static ScalarView View(string yaml) => Assert.IsType<ScalarView>(ScalarView.Read(Encoding.UTF8.GetBytes(yaml), EditFormat.Yaml, out _));
}
