using System.Text.Json;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Text;
using Runbooks.Testing;

namespace Runbooks.Language.Tests.Diagnostics;

public sealed class DiagnosticRendererTests
{
    private static readonly Descriptor Wrong = new("RB1001", "unknown-field", "a key is not known here", Severity.Error, "Check its spelling.");
    private static readonly Descriptor Doubtful = new("RB5001", "unused-variable", "a variable is never used", Severity.Warning, "Use it or remove it.");
    private static readonly Descriptor Remark = new("RB5999", "remark", "something to know", Severity.Info, "Nothing has to be done.");

    [Fact]
    public void All_four_forms_show_the_same_diagnostics()
    {
        var diagnostics = Samples();

        Golden.Verify(DiagnosticRenderer.Human(diagnostics), "diagnostics/human.golden");
        Golden.Verify(DiagnosticRenderer.Human(diagnostics, colour: true).Replace("\e", "\\e", StringComparison.Ordinal), "diagnostics/human-colour.golden");
        Golden.Verify(DiagnosticRenderer.OneLine(diagnostics), "diagnostics/one-line.golden");
        Golden.Verify(DiagnosticRenderer.Json(diagnostics), "diagnostics/json.golden");
        Golden.Verify(DiagnosticRenderer.Sarif(diagnostics, "1.2.3"), "diagnostics/sarif.golden");
    }

    [Theory]
    [InlineData("name: [|app|]", "name: app", "      ^^^")]
    [InlineData("名前: [|値|]", "名前: 値", "      ^^")]
    [InlineData("🎉: [|app|]", "🎉: app", "    ^^^")]
    [InlineData("👩‍👩‍👧 [|x|]", "👩‍👩‍👧 x", "   ^")]
    [InlineData("e\u0301\u0302: [|x|]", "e\u0301\u0302: x", "   ^")]
    [InlineData("a:\t[|b|]", "a:    b", "      ^")]
    [InlineData("a: [||]", "a:", "   ^")]
    [InlineData("\u2601\uFE0F [|x|]", "\u2601\uFE0F x", "   ^")]
    public void The_caret_stands_under_the_text_also_when_characters_are_wide(string marked, string line, string caret)
    {
        var lines = DiagnosticRenderer.Human([Of(marked)]).Split('\n');

        Assert.Equal($"1 | {line}", lines[3]);
        Assert.Equal($"  | {caret}", lines[4]);
    }

    [Fact]
    public void A_place_of_several_lines_is_marked_to_the_end_of_its_first()
    {
        var lines = DiagnosticRenderer.Human([Of("a: [|b\n   c|]")]).Split('\n');

        Assert.Equal("1 | a: b", lines[3]);
        Assert.Equal("  |    ^", lines[4]);
    }

    [Theory]
    [InlineData("\e[2J", "␛[2J")]
    [InlineData("a\u202Eb", "a\uFFFDb")]
    [InlineData("a\rb", "a b")]
    [InlineData("a\u009Bb", "a\uFFFDb")]
    public void Text_from_a_file_cannot_steer_the_terminal(string hostile, string shown)
    {
        var source = new SourceText($"{hostile}.yml", $"x: 1 # {hostile}");
        var diagnostic = new Diagnostic(Wrong, source, new TextSpan(0, 1), $"no '{hostile}'") { Hint = hostile };

        foreach (var text in (string[])[DiagnosticRenderer.Human([diagnostic]), DiagnosticRenderer.OneLine([diagnostic])])
        {
            Assert.DoesNotContain(hostile, text, StringComparison.Ordinal);
            Assert.Contains($"no '{shown}'", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Half_a_surrogate_pair_is_shown_as_a_replacement()
    {
        var source = new SourceText("a.yml", "x: a\uD800b");

        var text = DiagnosticRenderer.Human([new Diagnostic(Wrong, source, new TextSpan(3, 3), "no")]);

        Assert.Contains("1 | x: a\uFFFDb\n  |    ^^^\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_very_long_line_is_cut_around_the_place()
    {
        var text = $"key: {new string('a', 5_000)}[|b|]{new string('c', 5_000)}";

        var view = DiagnosticView.Of(Of(text));

        var snippet = Assert.IsType<SnippetView>(view.Place.Snippet);
        Assert.True(snippet.Text.Length <= 162);
        Assert.Equal("b", snippet.Text.Substring(snippet.HighlightStart, snippet.HighlightLength));
        Assert.StartsWith("…", snippet.Text, StringComparison.Ordinal);
        Assert.EndsWith("…", snippet.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_very_long_message_is_cut_in_its_middle()
    {
        var built = new Diagnostic(Wrong, new SourceText("a.yml", "a"), new TextSpan(0, 1), $"'{new string('x', 1_000_000)}' is not a number") { Hint = new string('y', 1_000_000) };

        Assert.InRange(built.Message.Length, 300, 401);
        Assert.StartsWith("'xxx", built.Message, StringComparison.Ordinal);
        Assert.EndsWith("' is not a number", built.Message, StringComparison.Ordinal);
        Assert.InRange(DiagnosticRenderer.Human([built]).Length, 1_000, 1_600);
    }

    [Fact]
    public void A_cut_never_splits_a_character()
    {
        foreach (var shift in (string[])["", "x"])
        {
            var snippet = DiagnosticView.Of(Of($"{shift}{string.Concat(Enumerable.Repeat("🎉", 300))}[|b|]{string.Concat(Enumerable.Repeat("🎉", 300))}")).Place.Snippet;

            Assert.NotNull(snippet);
            Assert.DoesNotContain(snippet.Text.EnumerateRunes(), r => r.Value == 0xFFFD);
            Assert.Equal("b", snippet.Text.Substring(snippet.HighlightStart, snippet.HighlightLength));
        }
    }

    [Fact]
    public void A_diagnostic_that_hides_its_text_shows_only_the_place()
    {
        var hidden = Of("password: [|hunter2|]") with { HidesText = true, Related = new Related(new TextSpan(0, 8), "declared here") };

        var everything = DiagnosticRenderer.Human([hidden]) + DiagnosticRenderer.OneLine([hidden]) + DiagnosticRenderer.Json([hidden]) + DiagnosticRenderer.Sarif([hidden], "1.0.0");

        Assert.DoesNotContain("hunter2", everything, StringComparison.Ordinal);
        Assert.Contains("playbook.yml:1:11", everything, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_to_say_is_no_text()
    {
        Assert.Equal("", DiagnosticRenderer.Human([]));
        Assert.Equal("", DiagnosticRenderer.OneLine([]));
        Assert.Equal("no mistakes", DiagnosticRenderer.Summary([]));
        using var json = JsonDocument.Parse(DiagnosticRenderer.Json([]));
        Assert.Equal(0, json.RootElement.GetProperty("summary").GetProperty("errors").GetInt32());
    }

    [Fact]
    public void The_uri_of_a_place_is_escaped()
    {
        var source = new SourceText("/my books/ü#1.yml", "a: 1");

        var sarif = DiagnosticRenderer.Sarif([new Diagnostic(Wrong, source, new TextSpan(0, 1), "no")], "1.0.0");

        Assert.Contains("\"uri\": \"file:///my%20books/%C3%BC%231.yml\"", sarif, StringComparison.Ordinal);
    }

    private static Diagnostic[] Samples()
    {
        var first = Marked.Parse("runbook: v1\nname: app\n[|nmae|]: 🎉 twice\nvars:\n  [|unused|]: { type: string }\n[|name|]: again\n");
        var second = Marked.Parse("version=[|*|]", "--var");
        return
        [
            new Diagnostic(Wrong, first.Source, first.Spans[0], "the playbook has no 'nmae'") { Hint = "did you mean 'name'?" },
            new Diagnostic(Doubtful, first.Source, first.Spans[1], "'unused' is never used"),
            new Diagnostic(Wrong, first.Source, first.Spans[2], "'name' is given twice") { Related = new Related(new TextSpan(12, 4), "first given here") },
            new Diagnostic(Remark, second.Source, second.Span, "say \"<b>&'\u00e9\""),
        ];
    }

    private static Diagnostic Of(string marked)
    {
        var parsed = Marked.Parse(marked);
        return new Diagnostic(Wrong, parsed.Source, parsed.Span, "this is wrong");
    }
}
