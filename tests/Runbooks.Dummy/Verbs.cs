using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Runbooks.Dummy;

/// <summary>Every way to behave badly, one method each.</summary>
internal static partial class Verbs
{
    private static readonly Stream Out = Console.OpenStandardOutput();
    private static readonly Stream Error = Console.OpenStandardError();

    /// <summary>Runs one verb.</summary>
    /// <returns>The exit code.</returns>
    internal static int Run(string[] args) => args switch
    {
        ["args", .. var words] => Args(words),
        ["env", .. var names] => Env(names),
        ["cwd"] => Say(Environment.CurrentDirectory),
        ["exit", var code] => int.Parse(code),
        ["signal", var number] => Signal(int.Parse(number)),
        ["stdin"] => StandardInput(),
        ["sleep"] => SleepFor("sleeping"),
        ["deaf"] => Deaf(),
        ["polite", var code] => Polite(int.Parse(code)),
        ["flood", var megabytes] => Flood(long.Parse(megabytes), newLines: true, Out),
        ["flood-error", var megabytes] => Flood(long.Parse(megabytes), newLines: true, Error),
        ["line", var megabytes] => Flood(long.Parse(megabytes), newLines: false, Out),
        ["half"] => Half(),
        ["bytes"] => Bytes(),
        ["both", var lines] => Both(int.Parse(lines)),
        ["close"] => CloseStreams(),
        ["grandchild", .. var words] => Grandchild(words, wait: false),
        ["parent", .. var words] => Grandchild(words, wait: true),
        _ => Unknown(args),
    };

    private static int Unknown(string[] args)
    {
        Write(Error, $"unknown: {string.Join(' ', args)}\n");
        return 64;
    }

    /// <summary>The words, each ended by NUL.</summary>
    private static int Args(string[] words)
    {
        Write(Out, string.Concat(words.Select(word => word + '\0')));
        return 0;
    }

    /// <summary>The values of variables, each ended by NUL; a missing one is an empty one.</summary>
    private static int Env(string[] names)
    {
        Write(Out, string.Concat(names.Select(name => Environment.GetEnvironmentVariable(name) + '\0')));
        return 0;
    }

    private static int Say(string text)
    {
        Write(Out, text + '\n');
        return 0;
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int pid, int signal);

    private static int Signal(int number)
    {
        _ = Kill(Environment.ProcessId, number);
        return SleepFor("alive");
    }

    /// <summary>Copies standard input to standard output.</summary>
    private static int StandardInput()
    {
        using Stream input = Console.OpenStandardInput();
        input.CopyTo(Out);
        return 0;
    }

    private static int SleepFor(string line)
    {
        Say(line);
        Thread.Sleep(Timeout.Infinite);
        return 0;
    }

    /// <summary>Ignores INT, TERM and HUP; says "deaf" when it does.</summary>
    private static int Deaf()
    {
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => context.Cancel = true);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => context.Cancel = true);
        return SleepFor("deaf");
    }

    /// <summary>Says "polite"; on INT it says "bye" and exits with the code.</summary>
    private static int Polite(int code)
    {
        using var told = new ManualResetEventSlim();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
        {
            context.Cancel = true;
            told.Set();
        });
        Say("polite");
        told.Wait();
        Say("bye");
        return code;
    }

    private static int Flood(long megabytes, bool newLines, Stream to)
    {
        byte[] chunk = new byte[1024 * 1024];
        chunk.AsSpan().Fill((byte)'x');
        for (int i = 99; newLines && i < chunk.Length; i += 100)
        {
            chunk[i] = (byte)'\n';
        }

        for (long i = 0; i < megabytes; i++)
        {
            to.Write(chunk);
        }

        return 0;
    }

    /// <summary>Half a line, and nothing after it.</summary>
    private static int Half()
    {
        Write(Out, "half a li");
        return 0;
    }

    /// <summary>Every byte value once: no valid UTF-8.</summary>
    private static int Bytes()
    {
        Out.Write([.. Enumerable.Range(0, 256).Select(value => (byte)value)]);
        return 0;
    }

    private static int Both(int lines)
    {
        for (int i = 0; i < lines; i++)
        {
            Write(Out, $"out {i}\n");
            Write(Error, $"err {i}\n");
        }

        return 0;
    }

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int fd);

    /// <summary>Closes its outputs and goes on running.</summary>
    private static int CloseStreams()
    {
        Say("closing");
        _ = Close(1);
        _ = Close(2);
        Thread.Sleep(Timeout.Infinite);
        return 0;
    }

    /// <summary>Starts another program that inherits the streams, says "started PID", and ends or waits for it.</summary>
    private static int Grandchild(string[] words, bool wait)
    {
        using Process child = Process.Start(words[0], words[1..]);
        Say($"started {child.Id}");
        if (wait)
        {
            child.WaitForExit();
        }

        return 0;
    }

    private static void Write(Stream to, string text)
    {
        to.Write(Encoding.UTF8.GetBytes(text));
        to.Flush();
    }
}
