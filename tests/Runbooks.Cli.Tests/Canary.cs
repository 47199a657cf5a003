using System.Collections.Concurrent;
using System.Text;
using Runbooks.Testing;

namespace Runbooks.Cli.Tests;

/// <summary>A secret that is found wherever it comes out, in whatever form: in files, in what was said, and among the words of every program of the machine.</summary>
internal sealed class Canary : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, string> _hits = new(StringComparer.Ordinal);
    private readonly List<(string Name, byte[] Bytes)> _forms;
    private readonly string _awaited;
    private Task _sampling = Task.CompletedTask;

    /// <param name="awaited">Words of a program that has to be seen while it runs.</param>
    internal Canary(string awaited, params string[] secrets)
    {
        _awaited = awaited;
        _forms = [.. secrets.SelectMany(Encodings.Of).Select(f => (f.Name, Encoding.UTF8.GetBytes(f.Text)))];
    }

    /// <summary>Every form in a line of its own.</summary>
    internal static string AllForms(params string[] secrets) => string.Join("\n", secrets.SelectMany(Encodings.Of).Select(f => $"{f.Name}: <{f.Text}>"));

    /// <summary>How many command lines were looked at.</summary>
    internal int Looked { get; private set; }

    /// <summary>Looks at the command lines of all processes, again and again; writes the file when the awaited one was there.</summary>
    internal void Watch(string seenPath) => _sampling = Task.Run(() =>
    {
        // The runs that are watched need the processors too.
        while (!_stop.Token.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(2)))
        {
            foreach (var folder in Directory.EnumerateDirectories("/proc").Where(f => char.IsAsciiDigit(Path.GetFileName(f)[0])))
            {
                try
                {
                    var words = File.ReadAllBytes(folder + "/cmdline");
                    Looked++;
                    Search("a command line", words);
                    if (!File.Exists(seenPath) && Encoding.UTF8.GetString(words).Contains(_awaited, StringComparison.Ordinal))
                    {
                        File.WriteAllText(seenPath, "");
                    }
                }
                catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
                {
                    // It ended while it was looked at.
                }
            }
        }
    });

    internal void Search(string place, string text) => Search(place, Encoding.UTF8.GetBytes(text));

    internal void Search(string place, ReadOnlySpan<byte> bytes)
    {
        foreach (var (name, form) in _forms)
        {
            var at = bytes.IndexOf(form);
            if (at >= 0)
            {
                var around = bytes[Math.Max(0, at - 40)..Math.Min(bytes.Length, at + form.Length + 20)];
                _hits.TryAdd($"{place}: {name}", Encoding.UTF8.GetString(around));
            }
        }
    }

    /// <summary>Names and contents of all files below a folder.</summary>
    /// <returns>How many files it were.</returns>
    internal int SearchFiles(string folder, Func<string, bool> isExempt)
    {
        var files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).ToList();
        foreach (var file in files)
        {
            Search("the name of a file", file);
            if (!isExempt(file))
            {
                Search(file, File.ReadAllBytes(file));
            }
        }

        return files.Count;
    }

    /// <summary>What was found, after the watching has ended.</summary>
    internal async Task<IReadOnlyDictionary<string, string>> HitsAsync()
    {
        await _stop.CancelAsync();
        await _sampling;
        return _hits;
    }

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }
}
