using System.Collections.Immutable;

namespace Runbooks.Advisor.Migrations;

/// <summary>Puts migrations into the order in which they are made.</summary>
internal static class Ordering
{
    /// <summary>Each comes after the one before it.</summary>
    public static ImmutableArray<ReadMigration> Chained(IEnumerable<ReadMigration> inOrder)
    {
        var all = ImmutableArray.CreateBuilder<ReadMigration>();
        foreach (var migration in inOrder)
        {
            all.Add(all.Count == 0 ? migration : migration with { After = [all[^1].Key] });
        }

        return all.ToImmutable();
    }

    /// <summary>By what they name as coming before them; what goes in a circle stays at the end.</summary>
    public static ImmutableArray<ReadMigration> Sorted(ImmutableArray<ReadMigration> migrations)
    {
        var sorted = ImmutableArray.CreateBuilder<ReadMigration>(migrations.Length);
        var open = migrations.OrderBy(m => m.Key, StringComparer.Ordinal).ToList();
        var waiting = open.Select(m => m.Key).ToHashSet(StringComparer.Ordinal);
        while (open.Count > 0)
        {
            var ready = open.Where(m => !m.After.Any(waiting.Contains)).ToList();
            if (ready.Count == 0)
            {
                ready = open;
            }

            sorted.AddRange(ready);
            waiting.ExceptWith(ready.Select(m => m.Key));
            open = [.. open.Except(ready)];
        }

        return sorted.ToImmutable();
    }

    /// <summary>A version as numbers between dots: 1.10 comes after 1.9.</summary>
    public static IComparer<string> Versions { get; } = Comparer<string>.Create((a, b) =>
    {
        string[] left = a.Split('.'), right = b.Split('.');
        for (var i = 0; i < Math.Max(left.Length, right.Length); i++)
        {
            var order = Compared(i < left.Length ? left[i] : "", i < right.Length ? right[i] : "");
            if (order != 0)
            {
                return order;
            }
        }

        return string.CompareOrdinal(a, b);
    });

    /// <summary>Numbers of any length: without the zeros before them the longer one is larger.</summary>
    private static int Compared(string left, string right)
    {
        (left, right) = (left.TrimStart('0'), right.TrimStart('0'));
        return left.Length != right.Length ? left.Length.CompareTo(right.Length) : string.CompareOrdinal(left, right);
    }
}
