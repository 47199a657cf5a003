using Runbooks.Cli.Views;
using Runbooks.Engine.Journal;

namespace Runbooks.Cli.Tests;

/// <summary>A journal that was cut or altered: at every byte. The program runs inside the tests here, as thousands of starts would take hours.</summary>
public sealed class JournalDamageTests
{
    [Fact]
    public async Task A_journal_cut_at_any_byte_loses_nothing_but_its_last_line()
    {
        using var project = await FinishedAsync();
        var (record, bytes) = (project.Record(), await File.ReadAllBytesAsync(project.Record().JournalPath, project.Cancellation));
        var whole = record.IsWhole().Journal.Lines;
        for (var length = bytes.Length - 1; length >= 0; length--)
        {
            var cut = JournalReader.Read(bytes.AsSpan(0, length));
            var lines = bytes.AsSpan(0, length).Count((byte)'\n');
            Assert.Equal(whole.Take(lines).Select(l => l.Hash), cut.Lines.Select(l => l.Hash));
            Assert.Equal(length > 0 && bytes[length - 1] != '\n', cut.IsTorn);
        }
    }

    [Fact]
    public async Task A_torn_last_line_is_said_and_everything_before_it_is_shown()
    {
        using var project = await FinishedAsync();
        var (path, bytes) = (project.Record().JournalPath, await File.ReadAllBytesAsync(project.Record().JournalPath, project.Cancellation));
        var secondToLast = bytes.AsSpan(0, bytes.AsSpan(0, bytes.Length - 1).LastIndexOf((byte)'\n')).LastIndexOf((byte)'\n');
        for (var length = bytes.Length - 1; length > secondToLast; length--)
        {
            await File.WriteAllBytesAsync(path, bytes[..length], project.Cancellation);
            var show = await ShowAsync(project);
            Assert.Matches(@"done\s+one", show);
            Assert.Matches(@"done\s+two", show);
            Assert.Contains(bytes[length - 1] == '\n' ? "not sealed" : "was cut off while it was written", show);
            Assert.Contains("truncated: ", show);
        }
    }

    [Theory]
    [InlineData(0x01)]
    [InlineData(0x20)]
    [InlineData(0x80)]
    public async Task Any_altered_byte_of_a_journal_is_found_and_its_line_named(int bits)
    {
        using var project = await FinishedAsync();
        var (path, bytes) = (project.Record().JournalPath, await File.ReadAllBytesAsync(project.Record().JournalPath, project.Cancellation));
        var (line, start) = (1, 0);
        for (var at = 0; at < bytes.Length; at++)
        {
            var altered = (byte[])bytes.Clone();
            altered[at] ^= (byte)bits;
            await File.WriteAllBytesAsync(path, altered, project.Cancellation);
            var show = await ShowAsync(project);
            // Without its line break, the last line looks like one that was cut off.
            Assert.True(show.Contains($"line {line} (byte {start})", StringComparison.Ordinal) || (line == 1 && show.Contains("line 1:", StringComparison.Ordinal)) || (at == bytes.Length - 1 && show.Contains($"the last line ({line}) was cut off", StringComparison.Ordinal)), $"byte {at} of line {line}, which begins at {start}\n{show}");
            if (bytes[at] == '\n')
            {
                (line, start) = (line + 1, at + 1);
            }
        }
    }

    [Fact]
    public async Task Lines_after_the_seal_lines_left_out_and_lines_swapped_are_found()
    {
        using var project = await FinishedAsync();
        var path = project.Record().JournalPath;
        var lines = await File.ReadAllLinesAsync(path, project.Cancellation);

        foreach (var altered in (string[][])[[.. lines, lines[^1]], [lines[0], .. lines[2..]], [lines[1], lines[0], .. lines[2..]], lines[1..]])
        {
            await File.WriteAllTextAsync(path, string.Concat(altered.Select(l => l + "\n")), project.Cancellation);
            Assert.Matches(@"line \d+", await ShowAsync(project));
        }
    }

    [Fact]
    public async Task A_journal_that_is_no_journal_is_shown_as_such()
    {
        using var project = await FinishedAsync();
        var random = new Random(20260101);
        var noise = new byte[4096];
        random.NextBytes(noise);
        foreach (var bytes in (byte[][])[[], [0], "\n\n\n"u8.ToArray(), "{}\n"u8.ToArray(), "null\n"u8.ToArray(), noise, [.. noise, (byte)'\n']])
        {
            await File.WriteAllBytesAsync(project.Record().JournalPath, bytes, project.Cancellation);
            Assert.Contains("no readable event", await ShowAsync(project));
        }
    }

    private static async Task<Project> FinishedAsync()
    {
        var project = new Project().Playbook("steps:\n  - { id: one, run: [echo, ü] }\n  - { id: two, run: [echo, b] }\n");
        (await project.ExecAsync()).Expect(0);
        return project;
    }

    /// <summary>Everything that is said of a run whose journal is not what the ledger knows.</summary>
    private static async Task<string> ShowAsync(Project project)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exit = await App.RunAsync(["runs", "show", "--store", project.At(".runbook")], new Composition(new Terminal { Out = output, Error = error }, project.Folder));
        Assert.Equal(1, exit);
        return output.ToString() + error;
    }
}
