using System.Collections.Immutable;
using Runbooks.Advisor.Migrations;
using Runbooks.Advisor.Situations;
using Runbooks.Engine.Releases;

namespace Runbooks.Advisor.Changes;

/// <summary>Compares two revisions of a project by what they mean.</summary>
public static class ChangeComparison
{
    public static ChangeReport Between(RevisionState from, RevisionState to)
    {
        var (changes, gaps) = (new List<Change>(), new List<Gap>());
        gaps.AddRange(from.Unknown.Concat(to.Unknown).Distinct());
        var reached = new HashSet<string>(StringComparer.Ordinal);
        if (from.Model is { } a && to.Model is { } b)
        {
            new ServiceComparison(from, to, changes, gaps).Compare(a, b);
            MountedFiles.Compare(from, to, changes, gaps, reached);
        }

        Config(from, to, changes, reached);
        var arrivals = Migrations(from, to, changes, gaps);
        if (from.Model is not null && to.Model is not null)
        {
            BuildContexts.Compare(from, to, changes);
        }

        return new ChangeReport
        {
            From = from,
            To = to,
            Changes = [.. changes.OrderBy(c => c.Kind)],
            Files = [.. Files(from, to, reached)],
            Migrations = arrivals,
            Unknown = [.. gaps.Select(g => g with { Could = [.. g.Could.Order()] }).DistinctBy(g => (g.Subject, g.Why))],
        };
    }

    private static void Config(RevisionState from, RevisionState to, List<Change> changes, HashSet<string> reached)
    {
        foreach (var path in from.Config.Union(to.Config).Where(p => !reached.Contains(p)))
        {
            if (WordOf(path, from, to) is { } word)
            {
                reached.Add(path);
                changes.Add(new Change(ChangeKind.Configuration, "config", path, "", word));
            }
        }
    }

    private static IEnumerable<FileDifference> Files(RevisionState from, RevisionState to, HashSet<string> reached)
    {
        foreach (var path in from.ComposeFiles.Union(to.ComposeFiles))
        {
            if (WordOf(path, from, to) is { } word)
            {
                yield return new FileDifference("compose", path, word);
            }
        }

        var empty = ImmutableSortedDictionary<string, string>.Empty;
        foreach (var path in from.EnvFiles.Concat(to.EnvFiles).Select(f => f.Path).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var (a, b) = (from.EnvFiles.FirstOrDefault(f => f.Path == path), to.EnvFiles.FirstOrDefault(f => f.Path == path));
            if (a is { Values: null } || b is { Values: null })
            {
                yield return new FileDifference("env", path, "which of its variables changed is unknown");
            }
            else if (Differences.OfKeys(a?.Values ?? empty, b?.Values ?? empty).ToImmutableArray() is { IsEmpty: false } variables)
            {
                yield return new FileDifference("env", path, string.Join(", ", variables.Select(v => $"{v.Name} {v.Word}")));
            }
        }

        foreach (var path in reached.Order(StringComparer.Ordinal))
        {
            yield return new FileDifference("config", path, WordOf(path, from, to) ?? "changed");
        }
    }

    /// <summary>What became of a file; null when nothing did.</summary>
    internal static string? WordOf(string path, RevisionState from, RevisionState to) => (from.Files.GetValueOrDefault(path), to.Files.GetValueOrDefault(path)) switch
    {
        (null, null) => null,
        (null, _) => "added",
        (_, null) => "removed",
        var (a, b) => a == b ? null : "changed",
    };

    private static ImmutableArray<MigrationArrival> Migrations(RevisionState from, RevisionState to, List<Change> changes, List<Gap> gaps)
    {
        var before = (from.Migrations?.Migrations ?? []).GroupBy(m => m.Key, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First(), StringComparer.Ordinal);
        var now = (to.Migrations?.Migrations ?? []).GroupBy(m => m.Key, StringComparer.Ordinal).Select(g => g.First()).ToImmutableArray();
        var arrivals = ImmutableArray.CreateBuilder<MigrationArrival>();
        if (from.Unknown.Concat(to.Unknown).Any(g => g.Could is [ChangeKind.Database]))
        {
            // Without the one side nobody knows which of the others are new.
            return [];
        }

        foreach (var migration in now)
        {
            if (!before.TryGetValue(migration.Key, out var old))
            {
                var (kind, because) = Judge(migration);
                arrivals.Add(new MigrationArrival(migration, kind, because));
                changes.Add(new Change(ChangeKind.Database, "migration", migration.Key, "", $"came, {MigrationWords.Of(kind)}"));
            }
            else if (!Said(old).SequenceEqual(Said(migration)))
            {
                gaps.Add(new Gap([ChangeKind.Database], migration.Key, $"migration {migration.Key} ({migration.File}) says something else than before: a database that had it already has not got that"));
            }
        }

        foreach (var gone in before.Values.Where(m => now.All(n => n.Key != m.Key)).OrderBy(m => m.Key, StringComparer.Ordinal))
        {
            gaps.Add(new Gap([ChangeKind.Database], gone.Key, $"migration {gone.Key} ({gone.File}) is gone: whether a database still has it is not in the files"));
        }

        return arrivals.ToImmutable();
    }

    private static IEnumerable<string> Said(ReadMigration migration) => migration.Forward.Statements.Select(s => $"forward {s.Text}").Concat(migration.Back.Statements.Select(s => $"back {s.Text}"));

    private static (MigrationImpact Kind, MigrationStatement? Because) Judge(ReadMigration migration) =>
        migration.Reversible == false ? (MigrationImpact.Irreversible, migration.ReversibleBecause)
        : migration.Forward.Kind == MigrationImpact.Destructive ? (MigrationImpact.Destructive, migration.Forward.Because)
        : migration.Forward.Kind != MigrationImpact.Additive ? (MigrationImpact.Unknown, migration.Forward.Because)
        : migration.Reversible is null ? (MigrationImpact.Unknown, migration.ReversibleBecause)
        : (MigrationImpact.Additive, migration.Forward.Because ?? migration.LossBecause);
}
