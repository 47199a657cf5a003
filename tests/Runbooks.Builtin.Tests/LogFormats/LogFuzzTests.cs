using System.Diagnostics;
using System.Text;
using CsCheck;
using Runbooks.Builtin.LogFormats;
using Runbooks.Testing;

namespace Runbooks.Builtin.Tests.LogFormats;

public sealed class LogFuzzTests
{
    private const int Cases = 40_000;

    /// <summary>Far more than a line needs, also on a machine that is busy; what takes more than linear time takes longer.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private static readonly string[] Samples =
        [.. Directory.EnumerateFiles(Repository.PathOf("tests", "cases", "logs"), "*.log").Order(StringComparer.Ordinal).SelectMany(File.ReadAllLines).Select(l => l[2..])];

    [Fact]
    public void Any_bytes_are_read_without_an_exception() =>
        Gen.Byte.Array[0, 200].Sample(bytes => Count(Encoding.UTF8.GetString(bytes).Split('\n')) >= 0, iter: 20_000);

    [Fact]
    public void Any_text_is_read_without_an_exception() =>
        Gen.String.Sample(text => Count([text, $"{{{text}", $"[{text}", $"2024-01-01 {text}", $"a={text}", $"2024/01/01 [error] {text}"]) >= 0, iter: 20_000);

    [Fact]
    public void Mutated_lines_are_read_without_an_exception()
    {
        Assert.True(Samples.Length > 200);
        var random = new Random(7);
        for (var i = 0; i < Cases; i++)
        {
            var lines = Enumerable.Range(0, 4).Select(_ => Mutated(Samples[random.Next(Samples.Length)], random)).ToArray();

            var told = Count(lines);

            Assert.True(told <= lines.Length, string.Join('\n', lines));
        }
    }

    /// <summary>JSON does not go on behind its end, and a level of logfmt may come at the end of the line.</summary>
    [Fact]
    public void A_level_in_the_message_of_an_entry_changes_nothing()
    {
        string[] harmless = [.. Samples.Where(s => LogLine.Read(s) is { Level: LogLevel.Info, Belongs: false } && s[0] != '{' && LogfmtLines.Read(s) is null)];

        Assert.True(harmless.Length > 50);
        Assert.All(harmless, s => Assert.Equal(LogLevel.Info, LogLine.Read($"{s} ERROR: level=error [error] ERROR - FATAL:  {{\"level\":\"error\"}}")?.Level));
    }

    [Theory]
    [InlineData("{", "{\"a\":")]
    [InlineData("", "[a] ")]
    [InlineData("", "a.b ")]
    [InlineData("", "1 | ")]
    [InlineData("a=\"", "\\\"")]
    [InlineData("", "a=b ")]
    [InlineData("1.1.1.1 - - [01/Jan/2024:12:00:00 +0000] \"", "\\\" 5")]
    [InlineData("", "a$b.")]
    [InlineData("2024-01-01 ", "LOG:  ")]
    [InlineData("", "\e[")]
    [InlineData("", "error 0 ")]
    [InlineData("goroutine ", "a.")]
    public void A_line_as_long_as_can_be_takes_linear_time(string begin, string again)
    {
        var line = (begin + string.Concat(Enumerable.Repeat(again, (64 << 10) / again.Length)))[..(64 << 10)];

        var watch = Stopwatch.StartNew();
        Assert.InRange(Count([.. Enumerable.Repeat(line, 20)]), 1, 20);
        LogLine.SpeaksOfTrouble(line);

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, Longest);
    }

    private static int Count(params string[] lines)
    {
        var count = 0;
        var entries = new LogEntries(entry =>
        {
            LogLine.SpeaksOfTrouble(entry.Text);
            count++;
        });
        foreach (var line in lines)
        {
            entries.Take(LogLine.Bare(line));
        }

        entries.End();
        return count;
    }

    private static string Mutated(string line, Random random)
    {
        var text = new StringBuilder(line);
        for (var n = random.Next(4); n > 0 && text.Length > 0; n--)
        {
            var at = random.Next(text.Length);
            switch (random.Next(5))
            {
                case 0:
                    text.Remove(at, random.Next(text.Length - at));
                    break;
                case 1:
                    text[at] = (char)random.Next(0x20, 0x80);
                    break;
                case 2:
                    text[at] = (char)random.Next(char.MaxValue + 1);
                    break;
                case 3:
                    text.Insert(at, Samples[random.Next(Samples.Length)]);
                    break;
                default:
                    text.Insert(at, "[]{}\":=\\ \t|.-"[random.Next(13)]);
                    break;
            }
        }

        return text.ToString();
    }
}
