using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Runbooks.Engine.Ports;

namespace Runbooks.Host.Tests.Processes;

[Collection(ProcessTests.Name)]
public sealed class OutputTests : IDisposable
{
    private readonly Rig _rig = new();
    private readonly Screen _screen = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task Both_streams_go_to_the_file_and_only_standard_output_is_captured()
    {
        ProcessExit exit = await _rig.RunAsync(_rig.Spec(Rig.Dummy, "both", "500"), new ProcessOutput { Path = _rig.OutputPath, CaptureLimit = 1 << 20 });

        byte[] file = await File.ReadAllBytesAsync(_rig.OutputPath, Rig.Cancellation);
        string[] lines = Encoding.UTF8.GetString(file).TrimEnd('\n').Split('\n');
        Assert.Equal(Enumerable.Range(0, 500).Select(i => $"out {i}"), lines.Where(line => line.StartsWith("out", StringComparison.Ordinal)));
        Assert.Equal(Enumerable.Range(0, 500).Select(i => $"err {i}"), lines.Where(line => line.StartsWith("err", StringComparison.Ordinal)));
        Assert.Equal(string.Concat(Enumerable.Range(0, 500).Select(i => $"out {i}\n")), Encoding.UTF8.GetString(exit.Captured.Span));
        AssertDescribes(exit, file);
    }

    [Fact]
    public async Task A_file_can_receive_standard_output_byte_for_byte_and_another_be_read()
    {
        string from = Path.Combine(_rig.Folder, "from"), to = Path.Combine(_rig.Folder, "made", "to");
        byte[] bytes = [.. Enumerable.Range(0, 300_000).Select(i => (byte)(i * 31))];
        await File.WriteAllBytesAsync(from, bytes, Rig.Cancellation);

        ProcessExit exit = await _rig.RunAsync(
            _rig.Shell("cat; echo said >&2") with { StandardInputFile = from },
            new ProcessOutput { Path = _rig.OutputPath, StandardOutputFile = to, CaptureLimit = 100 });

        Assert.Equal(0, exit.ExitCode);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(to, Rig.Cancellation));
        Assert.Equal("said\n", await File.ReadAllTextAsync(_rig.OutputPath, Rig.Cancellation));
        Assert.Equal("600\n", await _rig.OutputOfAsync(_rig.Spec("stat", "-c", "%a", to)));
        Assert.True(exit.Captured.IsEmpty);
    }

    [Fact]
    public async Task A_file_that_is_there_receives_nothing_and_one_that_is_missing_gives_nothing()
    {
        string there = Path.Combine(_rig.Folder, "there");
        await File.WriteAllTextAsync(there, "old", Rig.Cancellation);

        ProcessExit taken = await _rig.RunAsync(_rig.Spec("echo", "new"), new ProcessOutput { StandardOutputFile = there });
        ProcessExit missing = await _rig.RunAsync(_rig.Spec("cat") with { StandardInputFile = there + "-not" });

        Assert.Equal($"{there}: it exists already", taken.StartError);
        Assert.Equal($"{there}-not: there is no such file", missing.StartError);
        Assert.Equal("old", await File.ReadAllTextAsync(there, Rig.Cancellation));
    }

    [Fact]
    public async Task The_output_file_is_private()
    {
        await _rig.RunAsync(_rig.Spec("echo", "x"), new ProcessOutput { Path = _rig.OutputPath });

        Assert.Equal("600\n", await _rig.OutputOfAsync(_rig.Spec("stat", "-c", "%a", _rig.OutputPath)));
    }

    [Fact]
    public async Task What_does_not_end_in_a_newline_is_kept()
    {
        ProcessExit exit = await _rig.RunAsync(_rig.Spec(Rig.Dummy, "half"), new ProcessOutput { Path = _rig.OutputPath });

        AssertDescribes(exit, "half a li"u8.ToArray());
        Assert.Equal("half a li", await File.ReadAllTextAsync(_rig.OutputPath, Rig.Cancellation));
    }

    [Fact]
    public async Task Who_says_nothing_leaves_no_file_and_whoever_says_something_gets_the_folder_for_it_too()
    {
        string path = Path.Combine(_rig.Folder, "new", "output.log");

        ProcessExit silent = await _rig.RunAsync(_rig.Spec("true"), new ProcessOutput { Path = path });

        Assert.Equal((0, "", null), (silent.OutputLength, silent.OutputSha256, silent.OutputError));
        Assert.False(Directory.Exists(Path.GetDirectoryName(path)));

        AssertDescribes(await _rig.RunAsync(_rig.Spec("echo", "x"), new ProcessOutput { Path = path }), "x\n"u8.ToArray());
        Assert.Equal("x\n", await File.ReadAllTextAsync(path, Rig.Cancellation));
    }

    [Fact]
    public async Task A_file_that_cannot_be_made_ends_the_child_and_the_reason_is_said()
    {
        await File.WriteAllTextAsync(Path.Combine(_rig.Folder, "file"), "no folder", Rig.Cancellation);

        ProcessExit exit = await _rig.RunAsync(_rig.Shell("echo x; exec sleep 600"), new ProcessOutput { Path = Path.Combine(_rig.Folder, "file", "output.log") });

        Assert.Contains("could not be created: ", exit.OutputError, StringComparison.Ordinal);
        Assert.Equal((0, ""), (exit.OutputLength, exit.OutputSha256));
        Assert.NotNull(exit.Signal);
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_kept_as_they_are()
    {
        ProcessExit exit = await _rig.RunAsync(_rig.Spec(Rig.Dummy, "bytes"), new ProcessOutput { Path = _rig.OutputPath, CaptureLimit = 256 });

        byte[] all = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];
        Assert.Equal(all, await File.ReadAllBytesAsync(_rig.OutputPath, Rig.Cancellation));
        Assert.Equal(all, exit.Captured.ToArray());
        Assert.False(exit.CaptureExceeded);
    }

    [Theory]
    [InlineData("flood", 200)]
    [InlineData("flood-error", 50)]
    [InlineData("line", 100)]
    public async Task A_flood_arrives_whole_in_flat_memory(string verb, int megabytes)
    {
        await _rig.RunAsync(_rig.Spec(Rig.Dummy, verb, "2"), new ProcessOutput { Path = _rig.OutputPath + "-warm" });
        long seen = 0;
        GC.Collect();
        long allocatedBefore = GC.GetTotalAllocatedBytes(precise: true);
        await File.WriteAllTextAsync("/proc/self/clear_refs", "5", Rig.Cancellation);
        long peakBefore = Peak();

        ProcessExit exit = await _rig.RunAsync(_rig.Spec(Rig.Dummy, verb, $"{megabytes}"), new ProcessOutput { Path = _rig.OutputPath, CaptureLimit = 1000, Seen = bytes => seen += bytes.Length });

        long growth = Peak() - peakBefore;
        long allocated = GC.GetTotalAllocatedBytes(precise: true) - allocatedBefore;
        Assert.Equal(megabytes * 1024L * 1024, exit.OutputLength);
        Assert.Equal(exit.OutputLength, seen);
        Assert.Equal(exit.OutputLength, new FileInfo(_rig.OutputPath).Length);
        await using (FileStream file = File.OpenRead(_rig.OutputPath))
        {
            Assert.Equal(Convert.ToHexStringLower(await SHA256.HashDataAsync(file, Rig.Cancellation)), exit.OutputSha256);
        }

        Assert.Equal(verb != "flood-error", exit.CaptureExceeded);
        Assert.Equal(verb == "flood-error" ? 0 : 1000, exit.Captured.Length);
        Assert.True(growth < 8 * 1024 * 1024, $"the peak of memory grew by {growth:N0} bytes");
        Assert.True(allocated < 1024 * 1024, $"{allocated:N0} bytes were allocated");
    }

    [Fact]
    public async Task A_grandchild_that_holds_the_pipe_does_not_hang_the_step_and_is_named()
    {
        ProcessSpec spec = _rig.Shell("sleep 1000 & echo pid $!; echo last") with { Drain = TimeSpan.FromMilliseconds(200) };
        long started = Stopwatch.GetTimestamp();
        ProcessExit exit = await _rig.RunAsync(spec, _screen.Output);

        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(10));
        Assert.Equal(0, exit.ExitCode);
        Assert.EndsWith("last\n", _screen.Text, StringComparison.Ordinal);
        Survivor holder = Assert.Single(exit.HoldsOutput);
        Assert.Equal(new Survivor(_screen.Number("pid"), "sleep 1000"), holder);
        Assert.True(exit.Duration < TimeSpan.FromMilliseconds(200), $"the wait for the pipe is not the program's own: {exit.Duration}");
    }

    [Fact]
    public async Task What_a_grandchild_writes_within_the_drain_is_kept()
    {
        ProcessSpec spec = _rig.Shell("mkfifo p; (read -r x < p; echo late) & echo early; (sleep 0.1; echo go > p) > /dev/null 2>&1 &") with { Drain = TimeSpan.FromSeconds(30) };
        ProcessExit exit = await _rig.RunAsync(spec, _screen.Output);

        Assert.Equal("early\nlate\n", _screen.Text);
        Assert.Empty(exit.HoldsOutput);
    }

    [Fact]
    public async Task A_grandchild_that_floods_for_ever_does_not_hang_the_step()
    {
        ProcessExit exit = await _rig.RunAsync(_rig.Shell("yes & echo pid $!") with { Drain = TimeSpan.FromMilliseconds(100) }, new ProcessOutput { CaptureLimit = 100 });

        Assert.Equal(0, exit.ExitCode);
        Assert.Equal("yes", Assert.Single(exit.HoldsOutput).CommandLine);
    }

    [Fact]
    public async Task A_program_that_closes_its_outputs_early_is_waited_for()
    {
        ProcessExit exit = await _rig.RunAsync(_rig.Shell("echo said; exec > /dev/null 2>&1; sleep 0.3; exit 4"), _screen.Output);

        Assert.Equal(4, exit.ExitCode);
        Assert.True(exit.Duration >= TimeSpan.FromMilliseconds(300));
        Assert.Equal("said\n", _screen.Text);
    }

    [Fact]
    public async Task What_is_still_in_the_pipe_when_the_program_ends_is_not_lost()
    {
        // Fits into the pipe, so that the program is gone before most of it is read.
        for (int run = 0; run < 30; run++)
        {
            ProcessExit exit = await _rig.RunAsync(_rig.Spec("head", "-c", "900000", "/dev/zero"), new ProcessOutput { Seen = _ => Thread.Yield() });
            Assert.Equal(900_000, exit.OutputLength);
        }
    }

    [Fact]
    public async Task What_is_in_the_pipe_at_the_end_of_the_drain_is_not_lost()
    {
        for (int run = 0; run < 10; run++)
        {
            // A child of the shell is called as the shell is, until it has become the program.
            ProcessSpec spec = _rig.Shell("sleep 1000 & until grep -q sleep /proc/$!/comm; do :; done; exec head -c 900000 /dev/zero") with { Drain = TimeSpan.Zero };
            ProcessExit exit = await _rig.RunAsync(spec, new ProcessOutput { Seen = _ => Thread.Yield() });
            Assert.Equal(900_000, exit.OutputLength);
            Assert.Equal("sleep 1000", Assert.Single(exit.HoldsOutput).CommandLine);
        }
    }

    [Fact]
    public async Task The_filter_sees_each_stream_whole_across_chunks_before_anything_else_does()
    {
        ProcessSpec spec = _rig.Shell("mkfifo p; printf 'a sec'; printf 'an error sec' >&2; read -r x < p; printf 'ret b sec'; printf 'ret.' >&2");
        Task<ProcessExit> run = _rig.RunAsync(spec, _screen.Output with { Path = _rig.OutputPath, CaptureLimit = 100, Filter = new HidesSecret() });
        await _screen.WaitForAsync("an error ");
        await _screen.WaitForAsync("a ");
        await File.WriteAllTextAsync(Path.Combine(_rig.Folder, "p"), "go\n", Rig.Cancellation);
        ProcessExit exit = await run;

        string file = await File.ReadAllTextAsync(_rig.OutputPath, Rig.Cancellation);
        Assert.Equal("a *** b sec", Encoding.UTF8.GetString(exit.Captured.Span));
        Assert.Equal(file, _screen.Text);
        Assert.DoesNotContain("secret", file, StringComparison.Ordinal);
        Assert.Contains("***.", file, StringComparison.Ordinal);
        AssertDescribes(exit, Encoding.UTF8.GetBytes(file));
    }

    [Theory]
    [InlineData(9, true)]
    [InlineData(10, false)]
    [InlineData(11, false)]
    public async Task Capture_keeps_the_first_bytes_up_to_its_limit_and_says_when_there_was_more(int limit, bool exceeded)
    {
        ProcessExit exit = await _rig.RunAsync(_rig.Shell("printf 12345; printf 67890"), new ProcessOutput { CaptureLimit = limit });

        Assert.Equal("1234567890"[..Math.Min(limit, 10)], Encoding.UTF8.GetString(exit.Captured.Span));
        Assert.Equal(exceeded, exit.CaptureExceeded);
        Assert.Equal(10, exit.OutputLength);
    }

    [Fact]
    public async Task A_full_disk_ends_the_step_and_what_is_in_the_file_is_described_exactly()
    {
        string disk = Path.Combine(_rig.Folder, "disk");
        Directory.CreateDirectory(disk);
        ProcessExit mounted = await _rig.RunAsync(_rig.Spec("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk));
        Assert.True(mounted.ExitCode == 0, "this test needs a small tmpfs, and mounting one failed: run it as root, where mount is allowed");
        try
        {
            string path = Path.Combine(disk, "output");
            ProcessExit exit = await _rig.RunAsync(_rig.Shell("yes & exec yes"), _screen.Output with { Path = path });

            Assert.Contains("No space left on device", exit.OutputError, StringComparison.Ordinal);
            Assert.Contains(path, exit.OutputError, StringComparison.Ordinal);
            Assert.Equal(2, exit.Signal);
            Assert.False(exit.Stopped);
            Assert.Empty(_rig.Left());
            byte[] file = await File.ReadAllBytesAsync(path, Rig.Cancellation);
            Assert.InRange(file.Length, 900_000, 1024 * 1024);
            AssertDescribes(exit, file);
        }
        finally
        {
            await _rig.RunAsync(_rig.Spec("umount", disk));
        }
    }

    private static void AssertDescribes(ProcessExit exit, byte[] file)
    {
        Assert.Equal(file.Length, exit.OutputLength);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(file)), exit.OutputSha256);
    }

    private static long Peak()
    {
        string line = File.ReadLines("/proc/self/status").Single(each => each.StartsWith("VmHWM", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2]) * 1024;
    }

    /// <summary>The smallest filter that must hold back: writes *** for "secret".</summary>
    private sealed class HidesSecret : IByteFilter
    {
        private string _held = "";

        public IByteFilter Fresh() => new HidesSecret();

        public void Write(ReadOnlySpan<byte> bytes, Action<ReadOnlySpan<byte>> next)
        {
            string text = (_held + Encoding.ASCII.GetString(bytes)).Replace("secret", "***", StringComparison.Ordinal);
            int keep = Enumerable.Range(1, 5).Reverse().FirstOrDefault(length => text.EndsWith("secret"[..length], StringComparison.Ordinal));
            _held = text[^keep..];
            next(Encoding.ASCII.GetBytes(text[..^keep]));
        }

        public void Flush(Action<ReadOnlySpan<byte>> next) => next(Encoding.ASCII.GetBytes(_held));
    }
}
