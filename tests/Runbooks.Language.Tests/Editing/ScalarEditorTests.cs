using System.Collections.Immutable;
using System.Text;
using Runbooks.Language.Editing;

namespace Runbooks.Language.Tests.Editing;

public sealed class ScalarEditorTests
{
    [Fact]
    public void A_change_tells_path_line_and_both_texts()
    {
        var edited = Edit("# top\nservices:\n  app:\n    image: 'it''s' # c\n", EditFormat.Yaml, new ScalarEdit("services.app.image", "a\nb"));

        var change = Assert.Single(edited.Changes);
        Assert.Equal(new ScalarChange("services.app.image", 4, "it's", "a\nb", "'it''s'", "\"a\\nb\""), change with { AddedVariables = [] });
        Assert.False(change.IsUnchanged);
    }

    [Fact]
    public void Lines_are_those_of_the_original_in_the_order_of_the_edits()
    {
        var edited = Edit("a: 'x\n  y'\nb: 1\nc: z\n", EditFormat.Yaml, new ScalarEdit("c", "w"), new ScalarEdit("a", "short"));

        Assert.Equal([("c", 4), ("a", 1)], edited.Changes.Select(c => (c.Path, c.Line)));
    }

    [Fact]
    public void Without_edits_the_bytes_come_back()
    {
        byte[] bytes = [0xEF, 0xBB, 0xBF, .. "a: b\r\n"u8];

        var edited = Assert.IsType<Edited>(ScalarEditor.Apply(bytes, EditFormat.Yaml, []));

        Assert.Equal(bytes, edited.Bytes);
        Assert.Empty(edited.Changes);
    }

    [Theory]
    [InlineData("myapp:${TAG}", "TAG")]
    [InlineData("$A-${B:-${C}}", "A,B,C")]
    [InlineData("$$A $(x) $1 ${", "")]
    public void Variables_that_the_new_value_brings_along_are_told(string value, string names)
    {
        var edited = Edit("image: a:1\n", EditFormat.Yaml, new ScalarEdit("image", value));

        Assert.Equal(names, string.Join(',', edited.Changes[0].AddedVariables.Where(n => n.Length > 0)));
    }

    [Fact]
    public void In_a_dotenv_file_a_new_value_brings_no_variable_along()
    {
        var edited = Edit("A=1\n", EditFormat.DotEnv, new ScalarEdit("A", "${B}"));

        Assert.Empty(edited.Changes[0].AddedVariables);
        Assert.Equal("'${B}'", edited.Changes[0].NewSource);
    }

    [Theory]
    [InlineData("a: hunter2 ${X}\n", "a", EditFormat.Yaml)]
    [InlineData("a: &x hunter2\nb: *x\n", "a", EditFormat.Yaml)]
    [InlineData("a: [hunter2, x]\n", "a.b", EditFormat.Yaml)]
    [InlineData("a: [hunter2, x]\n", "a", EditFormat.Yaml)]
    [InlineData("a: [--password, hunter2]\n", "a.hunter3", EditFormat.Yaml)]
    [InlineData("a: {b: hunter2}\n", "a.c", EditFormat.Yaml)]
    [InlineData("a: |\n  hunter2\n", "a", EditFormat.Yaml)]
    [InlineData("a: !hunted hunter2\n", "a", EditFormat.Yaml)]
    [InlineData("a: 5\n", "a", EditFormat.Yaml)]
    [InlineData("a: \"hunter2\n", "a", EditFormat.Yaml)]
    [InlineData("{\"a\": 5}", "a", EditFormat.Json)]
    [InlineData("{\"a\": hunter2}", "a", EditFormat.Json)]
    [InlineData("a=hunter2#x\n", "a", EditFormat.DotEnv)]
    [InlineData("a=\"hunter2\n", "a", EditFormat.DotEnv)]
    [InlineData("hunter2 hunter2\na=1\n", "a", EditFormat.DotEnv)]
    public void A_refusal_never_quotes_a_value(string text, string path, EditFormat format)
    {
        var refused = Assert.IsType<EditRefused>(ScalarEditor.Apply(Encoding.UTF8.GetBytes(text), format, [new ScalarEdit(path, "hunter2-new")]));

        Assert.All(refused.Refusals, r => Assert.DoesNotContain("hunter2", r.Sentence, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("a: x # c\nb: y\n", "'", "afterwards")]
    [InlineData("a: x\nb: y\n", "x # z\nb", "afterwards")]
    [InlineData("a: x\nb: y\n", "x\nc: z", "structure")]
    [InlineData("a: x\nb: y\n", "x #", "")]
    [InlineData("a: x\nb: y\n", "5", "another value")]
    [InlineData("a: x\nb: y\n", "&z x", "kind")]
    [InlineData("a: x\nb: y\n", "!!str x", "kind")]
    public void A_text_that_does_more_than_it_should_does_not_pass_the_self_check(string text, string written, string difference)
    {
        var tree = EditTrees.Read(EditFormat.Yaml, text, out _);
        Assert.NotNull(tree);
        var path = ScalarPath.TryParse("a", out _);
        Assert.NotNull(path);
        var scalar = new PathFinder(tree, path).Find()?.Scalar;
        Assert.NotNull(scalar);
        var replacement = new Replacement("a", path, scalar, written, "x") { IsNothing = false, IsLiteral = false };

        var found = SelfCheck.Difference(tree, EditFormat.Yaml, SelfCheck.Splice(text, [replacement]), [replacement]);

        Assert.Contains(difference, found, StringComparison.Ordinal);
    }

    [Fact]
    public void A_number_in_place_of_a_text_does_not_pass_the_self_check()
    {
        var tree = EditTrees.Read(EditFormat.Yaml, "a: x\n", out _);
        Assert.NotNull(tree);
        var scalar = Assert.IsType<TreeScalar>(Assert.IsType<TreeMapping>(tree.Root).Entries[0].Value);
        var replacement = new Replacement("a", new ScalarPath([new PathStep("a", 0)], null), scalar, "1.10", "1.10") { IsNothing = false, IsLiteral = false };

        Assert.Equal("it would be another kind of value", SelfCheck.Difference(tree, EditFormat.Yaml, "a: 1.10\n", [replacement]));
    }

    [Theory]
    [InlineData("[", "]", EditFormat.Yaml)]
    [InlineData("{a: ", "}", EditFormat.Yaml)]
    [InlineData("[", "]", EditFormat.Json)]
    public void Deep_nesting_is_refused(string open, string close, EditFormat format)
    {
        var text = string.Concat(Enumerable.Repeat(open, 20_000)) + "1" + string.Concat(Enumerable.Repeat(close, 20_000));

        var refused = Assert.IsType<EditRefused>(ScalarEditor.Apply(Encoding.UTF8.GetBytes(text), format, [new ScalarEdit("a.b", "x")]));

        Assert.Equal(EditRefusalKind.Syntax, Assert.Single(refused.Refusals).Kind);
    }

    [Fact]
    public void An_alias_cycle_is_survived()
    {
        var refused = Assert.IsType<EditRefused>(ScalarEditor.Apply("a: &a\n  <<: *a\n  b: &b [*b, *a]\n"u8, EditFormat.Yaml, [new ScalarEdit("a.c", "x")]));

        Assert.Equal(EditRefusalKind.NotFound, refused.Refusals[0].Kind);
    }

    [Fact]
    public void A_megabyte_of_services_is_edited()
    {
        var text = "services:\n" + string.Concat(Enumerable.Range(0, 10_000).Select(i => $"  app{i}:\n    image: myapp:v{i} # comment {i}\n    environment: {{ A: 'b', N: {i} }}\n"));

        var edited = Edit(text, EditFormat.Yaml, new ScalarEdit("services.app9999.image", "x"), new ScalarEdit("services.app0.environment.A", "c"));

        Assert.Equal(text.Replace("myapp:v9999", "x", StringComparison.Ordinal).Replace("'b', N: 0 ", "'c', N: 0 ", StringComparison.Ordinal), Encoding.UTF8.GetString([.. edited.Bytes]));
    }

    private static Edited Edit(string text, EditFormat format, params ImmutableArray<ScalarEdit> edits) =>
        Assert.IsType<Edited>(ScalarEditor.Apply(Encoding.UTF8.GetBytes(text), format, edits));
}
