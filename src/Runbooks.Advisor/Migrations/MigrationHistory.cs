using System.Collections.Immutable;

namespace Runbooks.Advisor.Migrations;

/// <summary>All migrations of a project that were found, in an order in which they can be made.</summary>
public sealed record MigrationHistory(MigrationTool Tool, ImmutableArray<ReadMigration> Migrations)
{
    /// <summary>What stands for the state before the first migration.</summary>
    public const string None = "none";

    /// <summary>The migrations that are taken back on the way from where a database is to where it must be, the last one first.</summary>
    /// <param name="heads">Where it is, by ids; of Django the last migration of <paramref name="app"/>.</param>
    /// <param name="to">Where it must be: ids, or <see cref="None"/> alone; when it is empty, only the heads themselves are taken back.</param>
    /// <param name="app">Of Django; what other apps have built upon it is taken back too, and counts whether it was made or not. Empty with other tools.</param>
    public TakenBack Between(ImmutableArray<string> heads, ImmutableArray<string> to, string app = "")
    {
        if (Migrations.GroupBy(m => m.Key, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            return TakenBack.Unknown($"there are several migrations {twice.Key}: {string.Join(", ", twice.Select(m => m.File))}");
        }

        var known = Migrations.ToDictionary(m => m.Key, StringComparer.Ordinal);
        string[] from = [.. heads.Select(h => KeyOf(h, app))], kept = to is [None] ? [] : [.. to.Select(t => KeyOf(t, app))];
        if (from.Concat(kept).FirstOrDefault(k => !known.ContainsKey(k)) is { } missing)
        {
            return TakenBack.Unknown($"no file brings migration {missing}");
        }

        var (made, madeProblem) = Behind(from, known, app);
        var (stays, staysProblem) = to.IsEmpty ? ([], null) : Behind(kept, known, app);
        if ((madeProblem ?? staysProblem) is { } problem)
        {
            return TakenBack.Unknown(problem);
        }

        if (kept.FirstOrDefault(k => !made.Contains(k)) is { } ahead)
        {
            return TakenBack.Unknown(from.Length == 0 ? $"the database has no migration, {ahead} neither" : $"migration {ahead} does not come before {string.Join(" and ", from)}");
        }

        // What stands beside them in the graph stays.
        var after = to.IsEmpty ? from.ToHashSet(StringComparer.Ordinal) : to is [None] ? made : BuiltUpon(kept, _ => true);
        var taken = after.Where(k => made.Contains(k) && !stays.Contains(k) && known.TryGetValue(k, out var migration) && migration.App == app).ToHashSet(StringComparer.Ordinal);
        if (app.Length > 0)
        {
            taken = BuiltUpon(taken, m => m.App != app);
        }

        return new TakenBack([.. Migrations.Where(m => taken.Contains(m.Key)).Reverse()], null);
    }

    private static string KeyOf(string id, string app) => app.Length == 0 ? id : $"{app}.{id}";

    /// <summary>Migrations, and all that must be there before them.</summary>
    private static (HashSet<string> Keys, string? Problem) Behind(IEnumerable<string> keys, Dictionary<string, ReadMigration> known, string app)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>(keys);
        while (open.TryPop(out var key))
        {
            if (!found.Add(key))
            {
                continue;
            }

            if (!known.TryGetValue(key, out var migration))
            {
                // Another app of Django need not be in the folder; of one history everything must be.
                if (app.Length > 0 && !key.StartsWith($"{app}.", StringComparison.Ordinal))
                {
                    continue;
                }

                return (found, $"no file brings migration {key}");
            }

            if (migration.OrderProblem is { } problem)
            {
                return (found, $"{migration.File}: {problem}");
            }

            foreach (var before in migration.After)
            {
                open.Push(before);
            }
        }

        return (found, null);
    }

    /// <summary>Migrations, and all that need them to be there.</summary>
    private HashSet<string> BuiltUpon(IEnumerable<string> keys, Func<ReadMigration, bool> counts)
    {
        var found = keys.ToHashSet(StringComparer.Ordinal);
        for (var grew = true; grew;)
        {
            grew = false;
            foreach (var migration in Migrations.Where(m => counts(m) && m.After.Any(found.Contains)))
            {
                grew |= found.Add(migration.Key);
            }
        }

        return found;
    }
}

/// <param name="Problem">Why it cannot be said which they are; null when it can.</param>
public sealed record TakenBack(ImmutableArray<ReadMigration> Migrations, string? Problem)
{
    internal static TakenBack Unknown(string why) => new([], why);
}
