using System.Text;
using CsCheck;
using Runbooks.Host.Docker;

namespace Runbooks.Host.Tests.Docker;

public sealed class LogLinesTests
{
    [Fact]
    public void Lines_are_the_same_however_the_bytes_are_cut()
    {
        const string Text = "first\r\n\nzwölf\nlast";
        Gen.Int[1, 5].Array[1, 30].Sample(cuts =>
        {
            var lines = new List<string>();
            var log = Collecting(lines);
            var bytes = Encoding.UTF8.GetBytes(Text).AsSpan();
            foreach (var cut in cuts)
            {
                log.Take(false, bytes[..Math.Min(cut, bytes.Length)]);
                bytes = bytes[Math.Min(cut, bytes.Length)..];
            }

            log.Take(false, bytes);
            log.End();
            Assert.Equal(["first", "", "zwölf", "last"], lines);
        });
    }

    [Fact]
    public void Pieces_of_the_two_streams_do_not_mix()
    {
        var lines = new List<string>();
        var log = Collecting(lines);
        log.Take(false, "out"u8);
        log.Take(true, "err\n"u8);
        log.Take(false, "put\n"u8);

        Assert.Equal(["err", "output"], lines);
    }

    [Fact]
    public void A_line_without_end_stays_bounded()
    {
        var lines = new List<string>();
        var log = Collecting(lines);
        for (var i = 0; i < 1000; i++)
        {
            log.Take(false, new byte[10_000]);
        }

        log.Take(false, "\nnext\n"u8);
        Assert.Equal([LogLines.LongestLine, 4], lines.Select(l => l.Length));
    }

    private static LogLines Collecting(List<string> lines) => new(line =>
    {
        lines.Add(line);
        return true;
    });
}
