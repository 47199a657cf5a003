using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Runbooks.Engine.Ports;
using Runbooks.Host.Files;

namespace Runbooks.Host.Network;

/// <summary>The listeners of this machine as the kernel lists them.</summary>
internal static class LinuxListeners
{
    private const string Listening = "0A";
    private static readonly char[] Blank = [' '];

    public static ListenerAnswer On(int port)
    {
        try
        {
            var found = Table("/proc/net/tcp", port).Concat(Table("/proc/net/tcp6", port)).ToList();
            if (found.Count == 0)
            {
                return new ListenerAnswer([], null);
            }

            var owners = Owners([.. found.Select(f => f.Inode)]);
            return new ListenerAnswer([.. found.Select(f => owners.TryGetValue(f.Inode, out var pid) ? new Listener(f.Address, pid, ProgramOf(pid)) : new Listener(f.Address, null, null))], null);
        }
        catch (Exception e) when (Errno.Sentence(e) is { } problem)
        {
            return new ListenerAnswer([], $"the list of connections in /proc/net could not be read: {problem}");
        }
    }

    /// <summary>A line of the table: <c>0: 0100007F:1F90 00000000:0000 0A … uid timeout inode …</c>, in hexadecimal but for the inode.</summary>
    internal static (string Address, string Inode)? Parse(string line, int port)
    {
        var words = line.Split(Blank, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 10 || words[3] != Listening || words[1].Split(':') is not [var address, var number]
            || !int.TryParse(number, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var local) || local != port)
        {
            return null;
        }

        return (AddressOf(address), words[9]);
    }

    private static IEnumerable<(string Address, string Inode)> Table(string path, int port)
    {
        // A kernel without IPv6 has no second table.
        if (!File.Exists(path))
        {
            return path.EndsWith('6') ? [] : throw new FileNotFoundException(null, path);
        }

        return File.ReadLines(path).Skip(1).Select(line => Parse(line, port)).OfType<(string, string)>();
    }

    /// <summary>The kernel prints each group of four bytes as a number of this machine.</summary>
    private static string AddressOf(string hexadecimal)
    {
        var bytes = Convert.FromHexString(hexadecimal);
        if (BitConverter.IsLittleEndian)
        {
            for (var i = 0; i + 4 <= bytes.Length; i += 4)
            {
                Array.Reverse(bytes, i, 4);
            }
        }

        var address = new IPAddress(bytes);
        return (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();
    }

    /// <summary>Which process has each socket open; those of other users stay unknown.</summary>
    private static Dictionary<string, int> Owners(ImmutableHashSet<string> inodes)
    {
        var owners = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var pid))
            {
                continue;
            }

            try
            {
                foreach (var descriptor in Directory.EnumerateFiles($"{folder}/fd"))
                {
                    if (new FileInfo(descriptor).LinkTarget is { } target && target.StartsWith("socket:[", StringComparison.Ordinal) && inodes.Contains(target[8..^1]))
                    {
                        owners.TryAdd(target[8..^1], pid);
                    }
                }
            }
            catch (Exception e) when (Errno.Sentence(e) is not null)
            {
                // It has ended meanwhile, or belongs to somebody else.
            }

            if (owners.Count == inodes.Count)
            {
                break;
            }
        }

        return owners;
    }

    private static string? ProgramOf(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/comm").Trim();
        }
        catch (Exception e) when (Errno.Sentence(e) is not null)
        {
            return null;
        }
    }
}
