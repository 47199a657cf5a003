using Runbooks.Advisor.Situations;

namespace Runbooks.Advisor.Changes;

/// <summary>Files of the repository that services see: behind bind mounts, and as configs and secrets of Compose.</summary>
internal static class MountedFiles
{
    /// <param name="reached">The files that were found to differ.</param>
    public static void Compare(RevisionState from, RevisionState to, List<Change> changes, List<Gap> gaps, HashSet<string> reached)
    {
        foreach (var group in Places(from).Concat(Places(to)).Distinct().GroupBy(p => p.Path).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var services = string.Join(", ", group.Select(p => p.Service).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
            foreach (var path in Below(group.Key, from).Union(Below(group.Key, to), StringComparer.Ordinal).Order(StringComparer.Ordinal))
            {
                if (ChangeComparison.WordOf(path, from, to) is not { } word || !reached.Add(path))
                {
                    continue;
                }

                foreach (var (_, service, inside) in group.DistinctBy(p => p.Service).OrderBy(p => p.Service, StringComparer.Ordinal))
                {
                    changes.Add(new Change(ChangeKind.Configuration, "config", service, path, $"{path} {word}; a container that runs does not take it by itself") { Inside = $"{inside}{path[group.Key.Length..]}" });
                }
            }

            if (!Below(group.Key, from).Any() && !Below(group.Key, to).Any() && (from.Untracked.Contains(group.Key) || to.Untracked.Contains(group.Key)))
            {
                gaps.Add(new Gap([ChangeKind.Configuration, ChangeKind.FeatureFlag], group.Key, $"{group.Key}, which {services} has mounted, is not in git: whether it changed is in no revision"));
            }
        }
    }

    /// <summary>All files that services see at a revision.</summary>
    public static IEnumerable<string> Of(RevisionState state) => Places(state).SelectMany(p => Below(p.Path, state));

    private static IEnumerable<(string Path, string Service, string Target)> Places(RevisionState state)
    {
        foreach (var (service, items) in state.Services)
        {
            foreach (var (item, text) in items)
            {
                if (item.StartsWith("volumes[", StringComparison.Ordinal) && text.StartsWith("bind ", StringComparison.Ordinal) && Inside(text[5..].Split(" (read-only)")[0].Split(" bind=")[0]) is { } path)
                {
                    yield return (path, service, item[8..^1]);
                }
                else if (item.StartsWith("configs[", StringComparison.Ordinal) || item.StartsWith("secrets[", StringComparison.Ordinal))
                {
                    var name = text.Split("source:").ElementAtOrDefault(1)?.Split(',', '}')[0] ?? item[8..^1];
                    if (state.Model?.Resources.GetValueOrDefault($"{item[..7]}.{name}")?.GetValueOrDefault("file") is { } file && Inside(file) is { } inside)
                    {
                        yield return (inside, service, item[8..^1] is ['/', ..] and var target ? target : $"/{item[8..^1]}");
                    }
                }
            }
        }
    }

    /// <summary>Null for a path outside the repository, and for the whole of it.</summary>
    private static string? Inside(string path) => path.StartsWith("./", StringComparison.Ordinal) ? path[2..].TrimEnd('/') : null;

    private static IEnumerable<string> Below(string path, RevisionState state) => state.Files.ContainsKey(path) ? [path] : state.Files.Keys.Where(f => f.StartsWith($"{path}/", StringComparison.Ordinal));
}
