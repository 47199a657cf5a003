using Runbooks.Language.Templates;

namespace Runbooks.Language.Tests.Templates;

public sealed class WordSplitterTests
{
    // Each expectation is what 'printf "<%s>"' of bash makes of the same line (where it holds no expression).
    [Theory]
    [InlineData("a b  c", "<a><b><c>")]
    [InlineData("  a\tb\n", "<a><b>")]
    [InlineData("'a  b'", "<a  b>")]
    [InlineData("'a\\nb'", "<a\\nb>")]
    [InlineData("\"a  b\"", "<a  b>")]
    [InlineData("\"a\\\"b\\\\c\\$d\\`e\\nf\"", "<a\"b\\c$d`e\\nf>")]
    [InlineData("a\\ b \\\\ \\'", "<a b><\\><'>")]
    [InlineData("a'b'\"c\"d", "<abcd>")]
    [InlineData("'' \"\" a", "<><><a>")]
    [InlineData("a\\\nb", "<ab>")]
    [InlineData("\"a\\\nb\"", "<ab>")]
    [InlineData("a \\\n b", "<a><b>")]
    [InlineData("--x='y z' -v", "<--x=y z><-v>")]
    [InlineData("a\u00A0b\u3000c", "<a\u00A0b\u3000c>")]
    [InlineData("a;b|c>d&e#f *.txt ~ $X", "<a;b|c>d&e#f><*.txt><~><$X>")]
    [InlineData("a\\", "<a\\>")]
    [InlineData("'🎉 é'", "<🎉 é>")]
    [InlineData("", "")]
    [InlineData("{{ a b }}c d", "<{{ a b }}c><d>")]
    [InlineData("'{{ x \"'\" }} y'", "<{{ x \"'\" }} y>")]
    [InlineData("\"{{ x }}\"{{ 'a b' }}", "<{{ x }}{{ 'a b' }}>")]
    [InlineData("a{b }", "<a{b><}>")]
    public void A_line_is_split_as_a_posix_shell_would(string line, string expected)
    {
        var split = WordSplitter.Split(line);

        Assert.Equal((null, null), (split.UnclosedQuote, split.UnclosedExpression));
        Assert.Equal(expected, string.Concat(split.Words.Select(w => $"<{w.Text}>")));
    }

    [Theory]
    [InlineData("a 'b", 2, null)]
    [InlineData("\"", 0, null)]
    [InlineData("a\"b'c", 1, null)]
    [InlineData("\"a\\\"", 0, null)]
    [InlineData("ab {{ c", null, 3)]
    [InlineData("'{{ c' d", null, 1)]
    public void What_is_not_closed_is_found(string line, int? quote, int? expression)
    {
        var split = WordSplitter.Split(line);

        Assert.Empty(split.Words);
        Assert.Equal((quote, expression), (split.UnclosedQuote, split.UnclosedExpression));
    }

    [Fact]
    public void Every_character_of_a_word_knows_where_it_stands()
    {
        const string Line = "ab 'c d' \"e\\\"f\" {{ g }}\\ h";

        foreach (var word in WordSplitter.Split(Line).Words)
        {
            Assert.Equal(word.Text, string.Concat(word.Offsets.Select(o => Line[o])));
        }
    }

    [Fact]
    public void A_line_of_nothing_but_braces_takes_no_time()
    {
        var split = WordSplitter.Split(string.Concat(Enumerable.Repeat("{{", 1_000_000)));

        Assert.Equal(0, split.UnclosedExpression);
    }
}
