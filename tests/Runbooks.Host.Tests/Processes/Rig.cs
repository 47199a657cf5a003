using System.Collections.Immutable;
using System.Text;
using Runbooks.Engine.Ports;
using Runbooks.Host.Processes;

namespace Runbooks.Host.Tests.Processes;

/// <summary>Steps that stop strangers must not run beside each other, nor beside anything that starts processes.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ProcessTests
{
    public const string Name = "processes";
}

/// <summary>A folder, a launcher, and a mark by which everything that a test starts can be found again.</summary>
internal sealed class Rig : IDisposable
{
    private const string TokenName = "RIG_TOKEN";

    private readonly string _token = Guid.NewGuid().ToString("N");

    internal Rig(TimeProvider? time = null)
    {
        Folder = Directory.CreateTempSubdirectory("runbook-test-").FullName;
        Processes = new SpawnedProcesses(time ?? TimeProvider.System);
    }

    internal static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    internal static string Dummy { get; } = Path.Combine(AppContext.BaseDirectory, "Runbooks.Dummy");

    internal string Folder { get; }

    internal SpawnedProcesses Processes { get; }

    internal string OutputPath => Path.Combine(Folder, "output");

    internal ProcessSpec Spec(params string[] argv) => new()
    {
        Argv = [.. argv],
        WorkingDirectory = Folder,
        Environment = ImmutableSortedDictionary<string, string>.Empty.Add(TokenName, _token),
        Grace = TimeSpan.FromMilliseconds(200),
        Drain = TimeSpan.FromMilliseconds(300),
    };

    /// <summary>Runs a script with sh in the rig's folder.</summary>
    internal ProcessSpec Shell(string script, params string[] words) => Spec(["sh", "-c", script, "sh", .. words]);

    internal Task<ProcessExit> RunAsync(ProcessSpec spec, ProcessOutput? output = null, StopTokens stop = default) =>
        Processes.RunAsync(spec, output ?? new ProcessOutput { CaptureLimit = 1 << 20 }, stop).WaitAsync(TimeSpan.FromSeconds(60), Cancellation);

    /// <summary>The standard output of a program that must succeed.</summary>
    internal async Task<string> OutputOfAsync(ProcessSpec spec)
    {
        ProcessExit exit = await RunAsync(spec);
        Assert.Null(exit.StartError);
        Assert.Equal(0, exit.ExitCode);
        return Encoding.UTF8.GetString(exit.Captured.Span);
    }

    /// <summary>Command lines of the live processes that this rig's steps started and that did not clear their environment.</summary>
    internal List<string> Left()
    {
        var left = new List<string>();
        foreach (string folder in Directory.EnumerateDirectories("/proc").Where(folder => char.IsAsciiDigit(Path.GetFileName(folder)[0])))
        {
            try
            {
                if (File.ReadAllText(folder + "/environ").Contains(_token, StringComparison.Ordinal) && Alive(int.Parse(Path.GetFileName(folder))))
                {
                    left.Add(Path.GetFileName(folder) + " " + File.ReadAllText(folder + "/cmdline").Replace('\0', ' '));
                }
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
            {
                // It ended while we looked.
            }
        }

        return left;
    }

    internal static bool Alive(int pid)
    {
        try
        {
            string stat = File.ReadAllText($"/proc/{pid}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..][0] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        // A test that failed must not leave what it started to the next one.
        foreach (string left in Left())
        {
            _ = NativeCalls.Kill(int.Parse(left[..left.IndexOf(' ', StringComparison.Ordinal)]), 9);
        }

        Directory.Delete(Folder, recursive: true);
    }
}

/// <summary>Collects what a step prints and lets a test wait for it.</summary>
internal sealed class Screen
{
    private readonly Lock _lock = new();
    private readonly StringBuilder _text = new();
    private readonly List<(string Text, TaskCompletionSource Seen)> _waiting = [];

    internal string Text
    {
        get
        {
            lock (_lock)
            {
                return _text.ToString();
            }
        }
    }

    internal ProcessOutput Output => new() { Seen = Append };

    internal Task WaitForAsync(string text)
    {
        lock (_lock)
        {
            if (_text.ToString().Contains(text, StringComparison.Ordinal))
            {
                return Task.CompletedTask;
            }

            var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((text, seen));
            return seen.Task.WaitAsync(TimeSpan.FromSeconds(30), Rig.Cancellation);
        }
    }

    /// <summary>The number that follows a word, as in "daemon 4711".</summary>
    internal int Number(string word)
    {
        string rest = Text[(Text.IndexOf(word + " ", StringComparison.Ordinal) + word.Length + 1)..];
        return int.Parse(rest[..rest.IndexOf('\n', StringComparison.Ordinal)]);
    }

    internal void Append(ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            _text.Append(Encoding.UTF8.GetString(bytes));
            string all = _text.ToString();
            foreach ((string _, TaskCompletionSource seen) in _waiting.Where(each => all.Contains(each.Text, StringComparison.Ordinal)))
            {
                seen.TrySetResult();
            }
        }
    }
}
