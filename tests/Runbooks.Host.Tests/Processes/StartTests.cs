using System.Text;
using CsCheck;
using Runbooks.Engine.Ports;

namespace Runbooks.Host.Tests.Processes;

[Collection(ProcessTests.Name)]
public sealed class StartTests : IDisposable
{
    private readonly Rig _rig = new();

    public void Dispose() => _rig.Dispose();

    public static TheoryData<string> HostileWords => new(
        "$(touch x)", "`touch x`", "; rm -rf .", "a 'b' \"c\"", "two\nlines\r\n", "*", "?[a-z]", "--version", "-", "", " ", "\t", "\\", "%s%n", "é ü 漢字 🚀", "\u0001\u007f",
        "${HOME}", "{{ x }}", "a=b", "|", "&", ">x", "~", "!!", new string('x', 100_000));

    [Theory]
    [MemberData(nameof(HostileWords))]
    public async Task A_hostile_word_reaches_argv_and_environment_byte_for_byte(string word)
    {
        ProcessSpec spec = _rig.Spec(Rig.Dummy, "args", word, "end");
        Assert.Equal(word + "\0end\0", await _rig.OutputOfAsync(spec));

        spec = _rig.Spec(Rig.Dummy, "env", "HOSTILE");
        Assert.Equal(word + "\0", await _rig.OutputOfAsync(spec with { Environment = spec.Environment.Add("HOSTILE", word) }));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_rig.Folder));
    }

    [Fact]
    public void Any_words_reach_argv_and_environment_byte_for_byte()
    {
        Gen<string> word = Gen.Char.Where(character => character != '\0' && !char.IsSurrogate(character)).Array[0, 40].Select(characters => new string(characters));
        Gen.Select(word.List[0, 8], word).Sample((words, value) =>
        {
            ProcessSpec spec = _rig.Shell("printf '%s\\0' \"$@\" \"$VALUE\"", [.. words]);
            spec = spec with { Environment = spec.Environment.Add("VALUE", value) };
            ProcessExit exit = _rig.RunAsync(spec).GetAwaiter().GetResult();
            Assert.Equal(string.Concat(words.Append(value).Select(each => each + '\0')), Encoding.UTF8.GetString(exit.Captured.Span));
        }, iter: 300, threads: 1);
    }

    [Fact]
    public async Task The_first_word_is_what_the_plan_showed_and_not_the_path_that_was_found()
    {
        string seen = await _rig.OutputOfAsync(_rig.Spec("cat", "/proc/self/cmdline"));

        Assert.Equal("cat\0/proc/self/cmdline\0", seen);
    }

    [Fact]
    public async Task The_environment_is_the_engines_with_the_additions_on_top()
    {
        ProcessSpec spec = _rig.Spec("env", "-0");
        spec = spec with { Environment = spec.Environment.Add("HOME", "/elsewhere").Add("NEW", "1\n2").Add("EMPTY", "") };

        string[] entries = (await _rig.OutputOfAsync(spec)).Split('\0', StringSplitOptions.RemoveEmptyEntries);

        var expected = Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>().ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value);
        foreach ((string name, string value) in spec.Environment)
        {
            expected[name] = value;
        }

        Assert.Equal(expected.Select(entry => $"{entry.Key}={entry.Value}").Order(StringComparer.Ordinal), entries.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task It_starts_in_its_working_directory()
    {
        Assert.Equal(_rig.Folder + "\n", await _rig.OutputOfAsync(_rig.Spec(Rig.Dummy, "cwd")));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(42)]
    [InlineData(255)]
    public async Task An_exit_code_arrives(int code)
    {
        ProcessExit exit = await _rig.RunAsync(_rig.Spec(Rig.Dummy, "exit", $"{code}"));

        Assert.Equal(code, exit.ExitCode);
        Assert.Null(exit.Signal);
        Assert.False(exit.Stopped);
        Assert.True(exit.Pid > 1);
        Assert.True(exit.Duration > TimeSpan.Zero);
    }

    [Theory]
    [InlineData(9)]
    [InlineData(15)]
    [InlineData(6)]
    public async Task A_signal_that_ended_it_arrives_and_is_no_exit_code(int signal)
    {
        ProcessExit exit = await _rig.RunAsync(_rig.Shell($"kill -{signal} $$"));

        Assert.Null(exit.ExitCode);
        Assert.Equal(signal, exit.Signal);
        Assert.False(exit.Stopped);
    }

    [Fact]
    public async Task It_leads_a_session_of_its_own_without_a_terminal()
    {
        string stat = await _rig.OutputOfAsync(_rig.Shell("read -r stat < /proc/$$/stat; echo \"$stat\"; if (: < /dev/tty) 2> /dev/null; then exit 1; fi"));

        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        string pid = stat[..stat.IndexOf(' ', StringComparison.Ordinal)];
        Assert.Equal(pid, fields[2]); // group
        Assert.Equal(pid, fields[3]); // session
        Assert.Equal("0", fields[4]); // terminal
    }

    [Fact]
    public async Task No_signal_is_ignored_or_blocked_although_the_engine_ignores_SIGPIPE()
    {
        string[] status = (await _rig.OutputOfAsync(_rig.Spec("grep", "-E", "^Sig(Blk|Ign)", "/proc/self/status"))).Split('\n', '\t');

        // glibc's posix_spawn ignores its own two (32 and 33, which the child's library takes back when it needs them).
        const ulong LibraryInternal = 0x1_8000_0000;
        Assert.Equal(0UL, Convert.ToUInt64(status[1], 16));
        Assert.Equal(0UL, Convert.ToUInt64(status[3], 16) & ~LibraryInternal);
    }

    [Fact]
    public async Task A_writer_into_a_closed_pipe_ends_by_SIGPIPE()
    {
        Assert.Equal("141\n", await _rig.OutputOfAsync(_rig.Spec("bash", "-c", "yes | head -n 1 > /dev/null; echo ${PIPESTATUS[0]}")));
    }

    [Fact]
    public async Task Standard_input_is_empty()
    {
        Assert.Equal("", await _rig.OutputOfAsync(_rig.Spec(Rig.Dummy, "stdin")));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4096)]
    [InlineData(5_000_000)]
    public async Task Standard_input_is_what_was_given_also_when_it_is_more_than_a_pipe_holds(int length)
    {
        byte[] input = new byte[length];
        new Random(length).NextBytes(input);

        ProcessExit exit = await _rig.RunAsync(_rig.Spec("cat") with { StandardInput = input }, new ProcessOutput { CaptureLimit = length });

        Assert.Equal(0, exit.ExitCode);
        Assert.True(exit.Captured.Span.SequenceEqual(input));
        Assert.False(exit.CaptureExceeded);
    }

    [Fact]
    public async Task A_child_that_opens_its_standard_input_by_name_can_do_so_again()
    {
        ProcessExit exit = await _rig.RunAsync(_rig.Spec("cat", "/dev/stdin", "/dev/stdin", "-") with { StandardInput = "given "u8.ToArray() }, new ProcessOutput { CaptureLimit = 100 });

        Assert.Equal("given given given ", System.Text.Encoding.UTF8.GetString(exit.Captured.Span));
    }

    [Fact]
    public async Task A_child_that_does_not_want_its_input_does_not_hang()
    {
        ProcessExit exit = await _rig.RunAsync(_rig.Shell("exec < /dev/null; echo done") with { StandardInput = new byte[10_000_000] });

        Assert.Equal(0, exit.ExitCode);
    }

    [Fact]
    public async Task No_descriptor_of_the_engine_reaches_the_child()
    {
        // Not closed on exec, as one inherited from a shell or opened by a native library is.
        int leaky = NativeCalls.Duplicate(2);
        try
        {
            string fds = await _rig.OutputOfAsync(_rig.Spec("ls", "-1", "/proc/self/fd"));

            // 3 is the folder that ls itself reads.
            Assert.Equal("0\n1\n2\n3\n", fds);
        }
        finally
        {
            _ = NativeCalls.Close(leaky);
        }
    }

    [Fact]
    public async Task Two_hundred_runs_leave_no_descriptor_no_thread_and_no_zombie_behind()
    {
        await _rig.RunAsync(_rig.Spec("true"));
        int before = Descriptors();

        for (int run = 0; run < 200; run++)
        {
            ProcessSpec spec = _rig.Spec(run % 10 == 0 ? "no-such-program" : "true");
            // The orphan ends unseen, before or after its step.
            await _rig.RunAsync(_rig.Shell("(sleep 0.01 > /dev/null 2>&1 &)"));
            await _rig.RunAsync(run % 3 == 0 ? spec with { StandardInput = new byte[] { 1 } } : spec);
        }

        Assert.Equal(before, Descriptors());
        while (Children().Any(state => state != 'Z'))
        {
            await Task.Yield();
        }

        await _rig.RunAsync(_rig.Spec("true"));
        Assert.Empty(Children());
    }

    private static int Descriptors() => new DirectoryInfo("/proc/self/fd").EnumerateFileSystemInfos()
        .Count(fd => fd.LinkTarget is { } target && (target.StartsWith("pipe:", StringComparison.Ordinal) || target.Contains("pidfd", StringComparison.Ordinal)));

    /// <summary>The states of this program's children in other sessions than its own.</summary>
    private static List<char> Children()
    {
        var states = new List<char>();
        string[] own = Stat("self");
        foreach (string folder in Directory.EnumerateDirectories("/proc").Where(folder => char.IsAsciiDigit(Path.GetFileName(folder)[0])))
        {
            string[] stat = Stat(Path.GetFileName(folder));
            if (stat.Length > 3 && stat[1] == $"{Environment.ProcessId}" && stat[3] != own[3])
            {
                states.Add(stat[0][0]);
            }
        }

        return states;
    }

    private static string[] Stat(string pid)
    {
        try
        {
            string stat = File.ReadAllText($"/proc/{pid}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return [];
        }
    }
}
