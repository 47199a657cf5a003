using System.Diagnostics;
using System.Text;
using Runbooks.Engine.Journal;

namespace Runbooks.Cli.Tests;

/// <summary>Children that do everything to stay alive or to hang the run, under the whole program: a cancel ends in bounded time with nothing left, and the record is whole.</summary>
public sealed class AdversaryTests
{
    /// <summary>Far more than the grace of each rung of the ladder together, and far less than any of the children would live.</summary>
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    /// <summary>Each says "ready" when it is at its worst; 86000 stands for a number by which its processes are found without the mark of the run.</summary>
    public static TheoryData<string, string> Children => new()
    {
        { "ignores every signal", "trap '' INT TERM HUP QUIT; echo ready; while :; do sleep 86000; done" },
        { "forked twice, in a session of its own, without its environment", "(setsid env -i sh -c 'trap \"\" INT TERM HUP; (sleep 86000 &) ; exec sleep 86000' >/dev/null 2>&1 </dev/null &); trap '' INT TERM; sleep 0.2; echo ready; sleep 86000" },
        { "a storm of forks", "trap '' INT TERM; storm() { for (( i = 0; i < 200; i++ )); do sleep 86000 & done; wait; }; storm & storm & echo ready; storm" },
        { "a new session with every fork", "cat >hop.sh <<'X'\ntrap '' INT TERM; [ $1 -eq 20 ] && echo ready; [ $1 -lt 400 ] && setsid sh hop.sh $(($1 + 1)) & exec sleep 86000\nX\nexec sh hop.sh 0" },
        { "closed its outputs", "trap '' INT TERM; echo ready; exec >&- 2>&-; while :; do sleep 86000; done" },
        { "hands its outputs to a daemon and ends", "(trap '' INT TERM HUP; setsid sleep 86000 &); echo ready; trap '' INT; sleep 86000" },
        { "never stops writing", "trap '' INT TERM; echo ready; while :; do echo 86000; done" },
        { "never ends its line", "trap '' INT TERM; echo ready; while :; do printf %080000d 0; done" },
        { "writes what is no text", "trap '' INT TERM; echo ready; head -c 1000000 /dev/urandom; printf '\\377\\376\\200\\033[2J'; sleep 86000" },
    };

    [Theory]
    [MemberData(nameof(Children))]
    public async Task A_cancel_ends_it_in_bounded_time_and_nothing_of_it_is_alive(string what, string script)
    {
        Assert.NotEmpty(what);
        var number = $"{Random.Shared.Next(100_000, 999_999)}{Environment.ProcessId}";
        using var project = new Project();
        project.Write("bad.sh", script.Replace("86000", number, StringComparison.Ordinal));
        project.Playbook("steps:\n  - { id: bad, run: [bash, bad.sh], timeout: 10m }\n  - { id: after, run: [touch, after] }\n");
        var run = project.Start("exec", "pb.yml");
        await run.SeesAsync("│ ready");

        var began = Stopwatch.StartNew();
        run.Send(NativeCalls.Interrupt);
        (await run.Ended).Expect(130);

        Assert.InRange(began.Elapsed, TimeSpan.Zero, Bound);
        var record = project.Record();
        Assert.Empty(MarkedProcesses.Alive(record.Id));
        Assert.Empty(WithWord(number));
        record.IsWhole();
        Assert.Equal(Conclusion.Cancelled, record.Ended.Conclusion);
        Assert.Equal([StepStanding.Failed, StepStanding.NotReached], record.State.Steps.Select(s => s.Standing));
        Assert.Empty(record.EndOf("bad").Survivors);
        Assert.False(project.Has("after"));
        (await project.RunAsync("audit", "verify")).Expect(0);
    }

    [Fact]
    public async Task A_hundred_megabytes_in_one_line_are_kept_whole_and_not_shown_whole()
    {
        using var project = new Project().Playbook("steps:\n  - { id: long, shell: \"head -c 104857600 /dev/zero | tr '\\\\0' x\" }\n");

        var run = (await project.ExecAsync()).Expect(0);

        Assert.Equal(104_857_600, project.Record().EndOf("long").OutputLength);
        Assert.InRange(run.Out.Length, 0, 1 << 20);
        (await project.RunAsync("audit", "verify")).Expect(0);
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_kept_as_they_are_and_shown_as_text()
    {
        using var project = new Project();
        byte[] bytes = [.. Enumerable.Range(0, 256).Select(i => (byte)i), 0xff, 0xc3, (byte)'\n', 0xed, 0xa0, 0x80, 0xf4, 0x90, 0x80, 0x80];
        await File.WriteAllBytesAsync(project.At("bytes"), bytes, project.Cancellation);
        project.Playbook("steps:\n  - { id: odd, run: [cat, bytes], capture: true }\n  - { id: use, run: [echo, \"{{ steps.odd.exit_code }}\"] }\n");

        var run = (await project.ExecAsync("--json")).Expect(0);

        var record = project.Record();
        Assert.Equal(bytes, await File.ReadAllBytesAsync(Path.Combine(record.Folder, record.EndOf("odd").Output), project.Cancellation));
        Assert.All(run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => System.Text.Json.JsonDocument.Parse(line).Dispose());
        Assert.DoesNotContain('\u001b', run.Error);
        record.IsWhole();
    }

    /// <summary>Living processes that have a word, whatever became of their environment.</summary>
    private static List<string> WithWord(string word)
    {
        var found = new List<string>();
        foreach (var folder in Directory.EnumerateDirectories("/proc").Where(f => char.IsAsciiDigit(Path.GetFileName(f)[0])))
        {
            try
            {
                var words = Encoding.UTF8.GetString(File.ReadAllBytes(folder + "/cmdline"));
                if (words.Contains(word, StringComparison.Ordinal))
                {
                    found.Add($"{Path.GetFileName(folder)} {words.Replace('\0', ' ')}");
                }
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
            {
                // It ended while it was looked at.
            }
        }

        return found;
    }
}
