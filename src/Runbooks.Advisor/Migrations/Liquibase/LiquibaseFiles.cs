using System.Collections.Immutable;

namespace Runbooks.Advisor.Migrations.Liquibase;

/// <summary>Change logs in XML, YAML, JSON and formatted SQL, put together as they include each other.</summary>
internal sealed class LiquibaseFiles
{
    private readonly ImmutableArray<MigrationText> _files;
    private readonly Dictionary<string, ChangeNode?> _logs;
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);
    private readonly List<ReadMigration> _migrations = [];
    private string? _problem;

    private LiquibaseFiles(ImmutableArray<MigrationText> files)
    {
        _files = files;
        _logs = files.Where(IsLog).ToDictionary(f => f.Path, f => f.EndsWith(".xml") ? XmlReading.Read(f.Text) : YamlLog.Read(f), StringComparer.Ordinal);
    }

    public static ImmutableArray<ReadMigration> Read(ImmutableArray<MigrationText> files) => new LiquibaseFiles([.. files.DistinctBy(f => f.Path, StringComparer.Ordinal)]).All();

    private static bool IsLog(MigrationText file) => (file.EndsWith(".xml") || file.EndsWith(".yaml") || file.EndsWith(".yml") || file.EndsWith(".json")) && file.Text.Contains("databaseChangeLog", StringComparison.Ordinal);

    private ImmutableArray<ReadMigration> All()
    {
        // What is included by another is read at its place there.
        var included = _files.SelectMany(f => Includes(f).SelectMany(n => Named(f, n))).Select(f => f.Path).ToHashSet(StringComparer.Ordinal);
        foreach (var file in _files.Where(f => !included.Contains(f.Path)))
        {
            Add(file);
        }

        return [.. Ordering.Chained(_migrations).Select(m => m with { OrderProblem = m.OrderProblem ?? _problem })];
    }

    private IEnumerable<ChangeNode> Includes(MigrationText file) =>
        _logs.GetValueOrDefault(file.Path) is { } log ? log.Children.Where(c => c.Name is "include" or "includeAll") : [];

    private IEnumerable<MigrationText> Named(MigrationText from, ChangeNode include)
    {
        var path = include[include.Name == "include" ? "file" : "path"].Replace('\\', '/');
        var folder = from.Path.LastIndexOf('/') is >= 0 and var slash ? from.Path[..slash] : "";
        var wanted = Normal(include.Is("relativeToChangelogFile", "true") ? $"{folder}/{path}" : path.StartsWith("classpath:", StringComparison.Ordinal) ? path[10..] : path);
        // Where the search path of Liquibase begins is not known: the end of the path decides.
        return include.Name == "include"
            ? _files.Where(f => f.Path == wanted || f.Path.EndsWith($"/{wanted}", StringComparison.Ordinal)).Take(1)
            : _files.Where(f => $"/{f.Path}".Contains($"/{wanted.TrimEnd('/')}/", StringComparison.Ordinal) && f.Path != from.Path);
    }

    private static string Normal(string path)
    {
        var parts = new List<string>();
        foreach (var part in path.Split('/').Where(p => p is not ("" or ".")))
        {
            if (part == ".." && parts.Count > 0)
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else
            {
                parts.Add(part);
            }
        }

        return string.Join('/', parts);
    }

    private void Add(MigrationText file)
    {
        if (!_read.Add(file.Path))
        {
            return;
        }

        if (file.EndsWith(".sql"))
        {
            _migrations.AddRange(FormattedSql.Read(file));
        }
        else if (_logs.TryGetValue(file.Path, out var log))
        {
            if (log is null)
            {
                _problem ??= $"{file.Path} cannot be read";
            }

            foreach (var node in log?.Children ?? [])
            {
                Node(file, node);
            }
        }
    }

    private void Node(MigrationText file, ChangeNode node)
    {
        switch (node.Name)
        {
            case "changeSet":
                _migrations.Add(new ChangeSet(file, node, _files).Read());
                break;
            case "include" or "includeAll":
                var named = Named(file, node).ToList();
                if (named.Count == 0)
                {
                    _problem ??= $"{file.Path} includes {node["file"]}{node["path"]}, which was not found";
                }

                named.ForEach(Add);
                break;
        }
    }
}
