using System.Collections.Immutable;
using System.Text;
using Runbooks.Advisor.Migrations;
using Runbooks.Engine.Ports;

namespace Runbooks.Builtin.Checks.Migration;

/// <summary>Finds the files of migrations in a folder and below it. Bounded: a folder that holds more than migrations is a problem and no long wait.</summary>
internal static class MigrationFolder
{
    private const int MostFiles = 10_000;
    private const int Deepest = 12;
    private const long LargestFile = 4 << 20;

    /// <param name="folder">Absolute.</param>
    /// <param name="shown">As people write it: the paths of the files begin so.</param>
    public static (ImmutableArray<MigrationText> Files, string? Problem) Read(IFiles files, string folder, string shown, MigrationTool tool, CancellationToken cancel)
    {
        var stat = files.Stat(folder);
        if (stat.Problem is not null || stat.Kind != FileKind.Folder)
        {
            return ([], $"{shown} {(stat.Problem is { } why ? $"cannot be looked at: {why}" : stat.Kind == FileKind.Missing ? "does not exist" : "is no folder")}");
        }

        var found = ImmutableArray.CreateBuilder<MigrationText>();
        var (open, seen) = (new Queue<(string Path, string Shown, int Depth)>([(folder, shown is "." or "" ? "" : $"{shown}/", 0)]), 0);
        while (open.TryDequeue(out var place))
        {
            foreach (var name in files.List(place.Path))
            {
                cancel.ThrowIfCancellationRequested();
                if (++seen > MostFiles)
                {
                    return ([], $"{shown} holds more than {MostFiles} files: name the folder of the migrations");
                }

                var (path, below) = (Path.Combine(place.Path, name), $"{place.Shown}{name}");
                switch (files.Stat(path).Kind)
                {
                    case FileKind.Folder when !IsLeftAside(name):
                        if (place.Depth == Deepest)
                        {
                            return ([], $"{below} lies too deep: name the folder of the migrations");
                        }

                        open.Enqueue((path, $"{below}/", place.Depth + 1));
                        break;
                    case FileKind.File when IsOf(tool, below, place.Depth):
                        if (files.Read(path, LargestFile) is not { Bytes: { } bytes, Problem: null })
                        {
                            return ([], $"{below} cannot be read: {files.Read(path, LargestFile).Problem}");
                        }

                        found.Add(new MigrationText(below, Encoding.UTF8.GetString(bytes)));
                        break;
                }
            }
        }

        return found.Count == 0 ? ([], $"no file of a migration of {MigrationWords.Of(tool)} is in {shown}") : (found.ToImmutable(), null);
    }

    private static bool IsLeftAside(string folder) => folder.StartsWith('.') || folder is "node_modules" or "__pycache__" or "site-packages";

    private static bool IsOf(MigrationTool tool, string path, int depth) => Path.GetExtension(path) switch
    {
        // A project of Django has many files that are no migrations.
        ".py" => tool == MigrationTool.Alembic || (tool == MigrationTool.Django && (depth == 0 || path.Contains("/migrations/", StringComparison.Ordinal))),
        ".rb" => tool == MigrationTool.Rails,
        ".sql" => tool is MigrationTool.Flyway or MigrationTool.GolangMigrate or MigrationTool.Liquibase or MigrationTool.Sql,
        ".java" or ".kt" or ".groovy" or ".class" => tool == MigrationTool.Flyway,
        ".xml" or ".yaml" or ".yml" or ".json" => tool == MigrationTool.Liquibase,
        _ => false,
    };
}
