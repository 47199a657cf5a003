using System.Collections.Immutable;
using System.Text;
using Runbooks.Advisor.Changes;
using Runbooks.Advisor.Migrations;
using Runbooks.Advisor.Readiness;
using Runbooks.Builtin.Checks.Migration;
using Runbooks.Engine.Ports;
using Runbooks.Engine.Releases;
using Runbooks.Language.Projects;
using ChangeKind = Runbooks.Advisor.Situations.ChangeKind;

namespace Runbooks.Builtin.Changes;

/// <summary>Recorded releases as ends of a comparison: what Compose made of the files when they were deployed, and the images that ran. What the record does not say is unknown.</summary>
/// <param name="folder">Absolute: the project's folder.</param>
/// <param name="store">Absolute: where releases are kept.</param>
/// <param name="project">What the project says now; null when it says nothing.</param>
public sealed class ReleaseRevisions(IFiles files, string folder, string store, ProjectFile? project)
{
    public RevisionState StateOf(Release release, CancellationToken cancel)
    {
        var unknown = ImmutableArray.CreateBuilder<Gap>();
        unknown.AddRange(release.Unknown.Select(u => new Gap([.. Gap.OfCompose, ChangeKind.Database], release.Id, $"of release {release.Id}: {u}")));
        unknown.AddRange(release.Files.Where(f => f.Sha256 is null).Select(f => new Gap([ChangeKind.Configuration], f.Path, $"{f.Path} of release {release.Id}: {f.Why}")));
        unknown.AddRange(release.Services.Where(s => s.IsMixed).Select(s => new Gap([ChangeKind.Application], s.Name, $"{s.Name} ran several images at release {release.Id}")));
        ImmutableSortedSet<string> config = [.. project?.Config ?? []];
        return new RevisionState(release.Id, release.Git?.Commit ?? "no commit")
        {
            Model = Model(release, unknown),
            Files = release.Files.Where(f => f.Sha256 is not null).ToImmutableSortedDictionary(f => f.Path, f => f.Sha256 ?? "", StringComparer.Ordinal),
            ComposeFiles = [.. release.Files.Select(f => f.Path).Where(p => !config.Contains(p))],
            EnvFiles = release.EnvFiles,
            Config = [.. release.Files.Select(f => f.Path).Where(config.Contains)],
            Databases = [.. release.Services.Where(s => s.Kind == "database").Select(s => s.Name)],
            Flags = [.. project?.Flags ?? []],
            Migrations = Migrations(release, unknown, cancel),
            Unknown = unknown.ToImmutable(),
        };
    }

    /// <summary>As it was kept, with the ids of the images that ran where a name alone does not say which one it was.</summary>
    private ComposeModel? Model(Release release, ImmutableArray<Gap>.Builder unknown)
    {
        var (kept, problem) = release.Model is { } rendered ? ReleaseFiles.Kept(store, rendered.Sha256, files) : (null, "");
        // Paths are from the top of a repository elsewhere; here from the folder.
        var model = kept is null ? null : ComposeModel.Read(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(kept).Replace($"{folder}/", "./", StringComparison.Ordinal)), release.Project);
        if (model is null)
        {
            unknown.Add(new Gap(Gap.OfCompose, release.Id, $"what Compose made of the files of release {release.Id} is not on record{(problem.Length > 0 ? $": {problem}" : "")}"));
            return null;
        }

        foreach (var service in release.Services.Where(s => model.Services.ContainsKey(s.Name)))
        {
            var items = model.Services[service.Name];
            if (TagJudgement.IsMoving(items.GetValueOrDefault("image", "")))
            {
                model = model with { Services = model.Services.SetItem(service.Name, items.SetItem("image", $"{items.GetValueOrDefault("image", service.Reference)}@{service.ImageId}")) };
            }
        }

        return model;
    }

    /// <summary>The migrations that the database had, by the files that are here now: a release keeps only where it was.</summary>
    private MigrationHistory? Migrations(Release release, ImmutableArray<Gap>.Builder unknown, CancellationToken cancel)
    {
        if (project?.Migrations is not { } migrations || MigrationWords.Tool(migrations.Tool) is not { } tool)
        {
            return null;
        }

        if (release.Schema is not { } schema)
        {
            unknown.Add(new Gap([ChangeKind.Database], release.Id, $"at which migration the database was at release {release.Id} is not on record"));
            return null;
        }

        var absolute = Path.GetFullPath(migrations.Folder.Length > 0 ? migrations.Folder : ".", folder);
        var (read, problem) = MigrationFolder.Read(files, absolute, migrations.Folder.Length > 0 ? migrations.Folder : ".", tool, cancel);
        var made = problem is null ? MigrationReading.Read(tool, read).Between(schema.Heads, [MigrationHistory.None], migrations.App) : null;
        if (made is { Problem: null } || schema.Heads.IsEmpty)
        {
            return new MigrationHistory(tool, made?.Migrations ?? []);
        }

        unknown.Add(new Gap([ChangeKind.Database], release.Id, $"the migrations of release {release.Id}: {problem ?? made?.Problem}"));
        return null;
    }
}
