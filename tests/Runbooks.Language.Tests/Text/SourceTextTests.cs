using System.Text;
using Runbooks.Language.Text;

namespace Runbooks.Language.Tests.Text;

public sealed class SourceTextTests
{
    [Theory]
    [InlineData("a\nb", 2, 2, 1)]
    [InlineData("a\r\nb", 3, 2, 1)]
    [InlineData("a\r\nb", 1, 1, 2)]
    [InlineData("a\rb", 2, 2, 1)]
    [InlineData("a\r\r\nb", 4, 3, 1)]
    [InlineData("a\n\nb", 3, 3, 1)]
    [InlineData("🎉x", 2, 1, 3)]
    [InlineData("名x", 1, 1, 2)]
    [InlineData("a\n", 2, 2, 1)]
    [InlineData("", 0, 1, 1)]
    [InlineData("abc", 99, 1, 4)]
    [InlineData("abc", -5, 1, 1)]
    public void An_offset_has_a_line_and_a_column_in_utf16_units(string text, int offset, int line, int column)
    {
        Assert.Equal(new LinePosition(line, column), new SourceText("a.yml", text).PositionOf(offset));
    }

    [Theory]
    [InlineData("a\r\nbc\r\n", 2, "bc")]
    [InlineData("a\rbc", 2, "bc")]
    [InlineData("a\nbc", 2, "bc")]
    [InlineData("a\n", 2, "")]
    public void A_line_is_given_without_its_line_break(string text, int line, string expected)
    {
        Assert.Equal(expected, new SourceText("a.yml", text).LineText(line));
    }

    [Fact]
    public void A_byte_order_mark_is_no_part_of_the_text()
    {
        var source = SourceText.FromBytes("a.yml", [0xEF, 0xBB, 0xBF, .. "name: é"u8]);

        Assert.Equal("name: é", source.Content);
    }

    [Fact]
    public void Bytes_that_are_not_utf8_become_replacement_characters()
    {
        Assert.Equal("a\uFFFDb", SourceText.FromBytes("a.yml", [(byte)'a', 0xFF, (byte)'b']).Content);
    }

    [Fact]
    public void Every_offset_lies_in_the_line_that_it_is_said_to_be_in()
    {
        const string Text = "a\r\n🎉\rb\n\nc\r\n";
        var source = new SourceText("a.yml", Text);

        for (var offset = 0; offset <= Text.Length; offset++)
        {
            var position = source.PositionOf(offset);

            Assert.Equal(offset, source.LineStart(position.Line) + position.Column - 1);
        }
    }

    [Theory]
    [InlineData("abc", 3)]
    [InlineData("名前", 4)]
    [InlineData("🎉", 2)]
    [InlineData("👩‍👩‍👧", 2)]
    [InlineData("e\u0301", 1)]
    [InlineData("🇩🇪", 2)]
    [InlineData("", 0)]
    public void Text_is_as_wide_as_a_terminal_draws_it(string text, int width)
    {
        Assert.Equal(width, DisplayText.Width(text));
    }

    [Fact]
    public void Visible_text_is_printable_whatever_it_was()
    {
        var all = new StringBuilder();
        for (var c = 0; c <= 0xFFFF; c++)
        {
            all.Append((char)c).Append(' ');
        }

        Assert.DoesNotContain(DisplayText.Visible(all.ToString()), c => char.IsControl(c) || char.IsSurrogate(c) || c is >= '\u202A' and <= '\u202E');
    }
}
