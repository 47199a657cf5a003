using Runbooks.Language.Diagnostics;
using Runbooks.Language.Text;
using Runbooks.Language.Yaml;
using Runbooks.Testing;

namespace Runbooks.Language.Tests.Yaml;

public sealed class YamlReaderTests
{
    [Theory]
    [InlineData("a: [|plain text|]", "plain text", ScalarStyle.Plain)]
    [InlineData("a: [|'it''s'|]", "it's", ScalarStyle.SingleQuoted)]
    [InlineData("a: [|\"q\\\"\\n\"|]", "q\"\n", ScalarStyle.DoubleQuoted)]
    [InlineData("a: [||\n  one\n  two|]\n", "one\ntwo\n", ScalarStyle.Block)]
    [InlineData("a: [|>-\n  one\n  two|]\n\n", "one two", ScalarStyle.Block)]
    [InlineData("a: [|one\n  two|]\nb: 1", "one two", ScalarStyle.Plain)]
    [InlineData("a:   [|x|]   # comment", "x", ScalarStyle.Plain)]
    [InlineData("a: [|x|]\r\nb: 1", "x", ScalarStyle.Plain)]
    [InlineData("a: [||\r\n  x|]\r\nb: 1", "x\n", ScalarStyle.Block)]
    [InlineData("a: [|🎉 ü|]", "🎉 ü", ScalarStyle.Plain)]
    [InlineData("{a: [|\"x\"|]}", "x", ScalarStyle.DoubleQuoted)]
    [InlineData("{\"a\":[|1|]}", "1", ScalarStyle.Plain)]
    [InlineData("a:[||] ", "", ScalarStyle.Plain)]
    public void A_scalar_knows_its_text_its_style_and_its_place(string marked, string value, ScalarStyle style)
    {
        var (expected, scalar) = (Marked.Parse(marked), ScalarOf(Marked.Parse(marked).Source));

        Assert.Equal(value, scalar.Value);
        Assert.Equal(style, scalar.Style);
        Assert.Equal(expected.Span, scalar.Span);
    }

    [Theory]
    [InlineData("a: null", true)]
    [InlineData("a: ~", true)]
    [InlineData("a:", true)]
    [InlineData("a: 'null'", false)]
    [InlineData("a: \"\"", false)]
    [InlineData("a: nulls", false)]
    public void Null_is_what_the_core_schema_says(string text, bool isNull)
    {
        Assert.Equal(isNull, ScalarOf(new SourceText("a.yml", text)).IsNull);
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("TRUE", true)]
    [InlineData("false", false)]
    [InlineData("yes", null)]
    [InlineData("on", null)]
    [InlineData("'true'", null)]
    public void Booleans_are_what_the_core_schema_says(string text, bool? expected)
    {
        Assert.Equal(expected, ScalarOf(new SourceText("a.yml", $"a: {text}")).AsBoolean);
    }

    [Theory]
    [InlineData("RB0003", "a: 1\nb: 2\n[|a|]: 3\n")]
    [InlineData("RB0003", "x: {a: 1, [|\"a\"|]: 2}\n")]
    [InlineData("RB0004", "a: 1\n[|---|]\nb: 2\n")]
    [InlineData("RB0005", "[||]")]
    [InlineData("RB0005", "[||]# only a comment\n")]
    [InlineData("RB0006", "[|[a, b]|]: 1\n")]
    [InlineData("RB0002", "a:\n[|\t|]b: 1\n")]
    [InlineData("RB0002", "a:\n  b: 1\n [|\t|]c: 2\n")]
    [InlineData("RB0001", "a: {x: 1}\nc: [|{|]y: 1\nb: 3\n")]
    [InlineData("RB0001", "a: [|{|]x: 1\nb: 3\n")]
    [InlineData("RB0007", "a: [|&x|] 1\nb: 2\n")]
    [InlineData("RB0007", "a: 1\nb: [|*x|]\n")]
    [InlineData("RB0008", "a: [|!!str|] 1\n")]
    [InlineData("RB0008", "a: [|!include|] x.yml\n")]
    [InlineData("RB0010", "a: b[|\uFFFD|]c\n")]
    [InlineData("RB0010", "a: b[|\0|]c\n")]
    public void A_mistake_is_reported_where_it_is(string code, string marked)
    {
        var expected = Marked.Parse(marked);

        var found = Assert.Single(Read(expected.Source).Bag.ToSorted());

        Assert.Equal((code, expected.Span), (found.Code, found.Span));
    }

    [Fact]
    public void A_duplicate_key_points_at_the_first_one()
    {
        var text = Marked.Parse("[|a|]: 1\nb: 2\na: 3\n");

        var found = Assert.Single(Read(text.Source).Bag.ToSorted());

        Assert.Equal(text.Span, found.Related?.Span);
    }

    [Fact]
    public void Windows_line_ends_and_a_byte_order_mark_change_no_place()
    {
        var unix = "a: 1\nb:\n  - x\n  - 'y'\na: 2\n";
        var source = SourceText.FromBytes("a.yml", [0xEF, 0xBB, 0xBF, .. System.Text.Encoding.UTF8.GetBytes(unix.ReplaceLineEndings("\r\n"))]);

        var found = Assert.Single(Read(source).Bag.ToSorted());

        Assert.Equal(new LinePosition(5, 1), found.Start);
        Assert.Equal(new LinePosition(5, 2), found.End);
    }

    [Fact]
    public void What_stands_before_a_syntax_error_is_still_read()
    {
        var (tree, bag) = Read(new SourceText("a.yml", "a: 1\nb: [1, 2\nc: 3\n"));

        Assert.True(tree.IsPartial);
        Assert.Equal("1", Assert.IsType<YamlScalar>(Assert.IsType<YamlMapping>(tree.Root).Find("a")?.Value).Value);
        Assert.True(bag.HasErrors);
    }

    [Theory]
    [InlineData("[", "]")]
    [InlineData("{a: ", "}")]
    [InlineData("- ", "")]
    [InlineData("? ", "")]
    public void A_depth_bomb_is_refused(string open, string close)
    {
        var text = string.Concat(Enumerable.Repeat(open, 20_000)) + "x" + string.Concat(Enumerable.Repeat(close, 20_000));

        var (_, bag) = Read(new SourceText("a.yml", text));

        Assert.Contains(bag.ToSorted(), d => d.Code == "RB0009");
    }

    [Fact]
    public void A_file_that_is_too_large_is_refused_without_being_read()
    {
        var (tree, bag) = Read(new SourceText("a.yml", new string('a', (4 << 20) + 1)));

        Assert.Null(tree.Root);
        Assert.Equal("RB0009", Assert.Single(bag.ToSorted()).Code);
    }

    [Fact]
    public void An_alias_bomb_expands_to_nothing()
    {
        var text = "a: &a [x,x,x]\nb: &b [*a,*a,*a]\nc: &c [*b,*b,*b]\nd: [*c,*c,*c]\n";

        var (_, bag) = Read(new SourceText("a.yml", text));

        Assert.All(bag.ToSorted(), d => Assert.Equal("RB0007", d.Code));
        Assert.Equal(12, bag.Count);
    }

    private static YamlScalar ScalarOf(SourceText source)
    {
        var (tree, bag) = Read(source);
        Assert.Empty(bag.ToSorted());
        return Assert.IsType<YamlScalar>(Assert.IsType<YamlMapping>(tree.Root).Find("a")?.Value);
    }

    private static (YamlTree Tree, DiagnosticBag Bag) Read(SourceText source)
    {
        var bag = new DiagnosticBag(source);
        return (YamlReader.Read(source, bag), bag);
    }
}
