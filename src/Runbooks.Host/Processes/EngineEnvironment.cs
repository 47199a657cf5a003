using System.Collections;
using System.Collections.Immutable;
using System.Text;

namespace Runbooks.Host.Processes;

/// <summary>The environment of this process, byte for byte, and what a child's becomes with additions.</summary>
internal sealed class EngineEnvironment
{
    private readonly ImmutableArray<KeyValuePair<string, byte[]>> _entries;

    /// <summary>The PATH of this process; null when it has none. Looked up for each program of each step.</summary>
    private readonly string? _path;

    private EngineEnvironment(ImmutableArray<KeyValuePair<string, byte[]>> entries)
    {
        _entries = entries;
        _path = ValueOf("PATH");
    }

    internal static EngineEnvironment Read()
    {
        // .NET decodes the values and puts U+FFFD for bytes that are no UTF-8: such a value would reach the child changed.
        Dictionary<string, byte[]> raw = RawEntries();
        var entries = ImmutableArray.CreateBuilder<KeyValuePair<string, byte[]>>();
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            string name = (string)variable.Key;
            string value = (string?)variable.Value ?? "";
            string text = $"{name}={value}";
            bool changed = text.Contains('\uFFFD', StringComparison.Ordinal);
            entries.Add(new(name, changed && raw.TryGetValue(text, out byte[]? bytes) ? bytes : Encoding.UTF8.GetBytes(text)));
        }

        return new EngineEnvironment(entries.ToImmutable());
    }

    /// <summary>A variable as the child sees it; null when it is not set.</summary>
    internal string? Get(string name, ImmutableSortedDictionary<string, string> additions)
    {
        if (additions.TryGetValue(name, out string? added))
        {
            return added;
        }

        return name == "PATH" ? _path : ValueOf(name);
    }

    private string? ValueOf(string name)
    {
        foreach (KeyValuePair<string, byte[]> entry in _entries)
        {
            if (string.Equals(entry.Key, name, StringComparison.Ordinal))
            {
                return Encoding.UTF8.GetString(entry.Value.AsSpan(Encoding.UTF8.GetByteCount(name) + 1));
            }
        }

        return null;
    }

    /// <summary>The child's entries (NAME=value) of the given names, those that are set.</summary>
    internal byte[][] Entries(IEnumerable<string> names, ImmutableSortedDictionary<string, string> additions)
    {
        var entries = new List<byte[]>();
        foreach (var name in names)
        {
            if (Get(name, additions) is { } value)
            {
                entries.Add(Encoding.UTF8.GetBytes($"{name}={value}"));
            }
        }

        return [.. entries];
    }

    /// <summary>All entries of the child's environment, or null with the reason why an addition cannot be one.</summary>
    internal List<byte[]>? With(ImmutableSortedDictionary<string, string> additions, out string? error)
    {
        var all = new List<byte[]>(_entries.Length + additions.Count);
        foreach (KeyValuePair<string, byte[]> entry in _entries)
        {
            if (!additions.ContainsKey(entry.Key))
            {
                all.Add(entry.Value);
            }
        }

        foreach ((string name, string value) in additions)
        {
            if (name.Length == 0 || name.Contains('=', StringComparison.Ordinal))
            {
                error = $"'{name}' cannot be the name of an environment variable";
                return null;
            }

            if (NativeWords.Encode($"{name}={value}", out string? why) is not { } bytes)
            {
                error = $"the environment variable '{name}' {why}";
                return null;
            }

            all.Add(bytes);
        }

        error = null;
        return all;
    }

    private static Dictionary<string, byte[]> RawEntries()
    {
        var raw = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        if (!OperatingSystem.IsLinux())
        {
            return raw;
        }

        byte[] block = Native.Linux.EnvironmentOf(Environment.ProcessId);
        foreach (Range range in block.AsSpan().Split((byte)0))
        {
            raw[Encoding.UTF8.GetString(block.AsSpan(range))] = block[range];
        }

        return raw;
    }
}
