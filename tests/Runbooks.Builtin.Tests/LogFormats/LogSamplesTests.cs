using Runbooks.Builtin.LogFormats;
using Runbooks.Testing;

namespace Runbooks.Builtin.Tests.LogFormats;

/// <summary>The lines of <c>tests/cases/logs</c>, each with what it is.</summary>
public sealed class LogSamplesTests
{
    private static readonly string Folder = Repository.PathOf("tests", "cases", "logs");

    public static TheoryData<string> Formats => [.. Directory.EnumerateFiles(Folder, "*.log").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal)];

    [Fact]
    public void There_are_samples_of_every_format() => Assert.Equal(["go", "java", "json", "logfmt", "nginx", "plain", "postgres", "python"], Formats.Select(f => f.Data));

    [Theory]
    [MemberData(nameof(Formats))]
    public void Every_line_is_what_it_is_marked_as(string format)
    {
        var marked = File.ReadAllLines(Path.Combine(Folder, $"{format}.log"));

        Assert.Equal(string.Join('\n', marked), string.Join('\n', Read([.. marked.Select(l => l[2..])])));
    }

    [Fact]
    public void A_sample_that_is_marked_wrong_is_found() => Assert.Equal(["E|ERROR x", ".| y"], Read(["ERROR x", " y"]));

    [Theory]
    [MemberData(nameof(Formats))]
    public void Behind_the_name_and_the_colours_of_a_collector_it_is_the_same(string format)
    {
        var lines = File.ReadAllLines(Path.Combine(Folder, $"{format}.log"));

        Assert.All(lines, l => Assert.Equal(l[2..], LogLine.Bare($"\e[36mshop-app-1  | \e[0m{l[2..]}")));
    }

    /// <summary>Each line with the mark of the entry that begins with it.</summary>
    private static List<string> Read(string[] lines)
    {
        var told = new List<LogEntry>();
        var read = new List<string>();
        var entries = new LogEntries(told.Add);
        var begins = new List<int>();
        for (var i = 0; i < lines.Length; i++)
        {
            var before = told.Count;
            entries.Take(lines[i]);
            if (told.Count > before || (i == 0 && lines[i].Length > 0))
            {
                begins.Add(i);
            }
        }

        entries.End();
        Assert.Equal(told.Count, begins.Count);
        for (var i = 0; i < lines.Length; i++)
        {
            var entry = begins.IndexOf(i);
            read.Add($"{(entry < 0 ? '.' : Mark(told[entry].Level))}|{lines[i]}");
        }

        return read;
    }

    private static char Mark(LogLevel? level) => level switch { LogLevel.Error => 'E', LogLevel.Warning => 'W', LogLevel.Info => 'I', _ => '?' };
}
