using System.Text;
using Runbooks.Engine.Journal;
using Runbooks.Engine.Releases;
using static Runbooks.Engine.Tests.Releases.Some;

namespace Runbooks.Engine.Tests.Releases;

public sealed class ReleaseCodecTests
{
    private static readonly byte[] Whole = Written(Recorded("1", "a"), Verified("1"), Bad("1", "loses orders"));

    [Fact]
    public void What_is_written_is_read()
    {
        var content = ReleaseCodec.Read(Whole);

        Assert.Null(content.Break);
        Assert.Equal(["release.recorded", "release.verified", "release.bad"], content.Lines.Select(l => l.Event.Type));
        Assert.Equal("app", Assert.Single(Assert.IsType<ReleaseRecorded>(content.Lines[0].Event).State.Services).Name);
    }

    [Fact]
    public void Cut_at_any_byte_it_gives_the_whole_lines_before_and_says_so()
    {
        var ends = Whole.Select((b, i) => (b, i)).Where(p => p.b == '\n').Select(p => p.i + 1).ToList();
        for (var length = 0; length <= Whole.Length; length++)
        {
            var content = ReleaseCodec.Read(Whole.AsSpan(0, length));

            Assert.Equal(ends.Count(e => e <= length), content.Lines.Length);
            Assert.Equal(length > 0 && !ends.Contains(length), content.IsTorn);
            Assert.False(content.IsAltered);
        }
    }

    [Fact]
    public void A_changed_byte_is_found()
    {
        var text = Encoding.UTF8.GetString(Whole).Replace("loses orders", "loses nothing", StringComparison.Ordinal);

        var content = ReleaseCodec.Read(Encoding.UTF8.GetBytes(text));

        Assert.Equal((2, Alteration.Edited, 3L), (content.Lines.Length, content.Break?.Meaning, content.Break?.LineNumber));
        Assert.True(content.IsAltered);
    }

    [Fact]
    public void A_line_that_was_taken_out_is_missed()
    {
        var lines = Encoding.UTF8.GetString(Whole).Split('\n');

        Assert.Equal(Alteration.Deleted, ReleaseCodec.Read(Encoding.UTF8.GetBytes($"{lines[0]}\n{lines[2]}\n")).Break?.Meaning);
    }
}
