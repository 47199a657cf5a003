using System.Collections.Immutable;

namespace Runbooks.Engine.Releases;

/// <summary>How differences of what Compose projects are made of are said: of recorded releases and of revisions alike. Never with a value of a variable.</summary>
public static class Differences
{
    /// <summary>By name: what was added, removed or given another value.</summary>
    public static IEnumerable<(string Name, string Word)> OfKeys(ImmutableSortedDictionary<string, string> from, ImmutableSortedDictionary<string, string> to) =>
        from.Keys.Union(to.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Select(key => (key, (from.TryGetValue(key, out var a), to.TryGetValue(key, out var b)) switch
            {
                (false, true) => "added",
                (true, false) => "removed",
                _ => a == b ? "" : "changed",
            }))
            .Where(d => d.Item2.Length > 0);

    /// <summary>Of ports of the host. Where as many differ that the engine chooses itself when nobody names one (the kernel's usual <c>ip_local_port_range</c>), it has chosen others, as it does with each container.</summary>
    public static IEnumerable<string> OfPorts(ImmutableArray<int> from, ImmutableArray<int> to)
    {
        var (gone, came) = (from.Except(to).ToImmutableArray(), to.Except(from).ToImmutableArray());
        return gone.Length == came.Length && gone.Concat(came).All(p => p is >= 32768 and <= 60999) ? [] : OfSets(from.Select(p => $"{p}"), to.Select(p => $"{p}"));
    }

    /// <summary>Of things that have no value beside themselves.</summary>
    public static IEnumerable<string> OfSets(IEnumerable<string> from, IEnumerable<string> to)
    {
        var (was, now) = (from.ToImmutableArray(), to.ToImmutableArray());
        return [.. now.Except(was, StringComparer.Ordinal).Select(x => $"{x} added"), .. was.Except(now, StringComparer.Ordinal).Select(x => $"{x} removed")];
    }
}
