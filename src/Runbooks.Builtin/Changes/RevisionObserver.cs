using System.Collections.Immutable;
using System.Text;
using Runbooks.Advisor.Changes;
using Runbooks.Advisor.Migrations;
using Runbooks.Advisor.Situations;
using Runbooks.Builtin.Checks.Migration;
using Runbooks.Builtin.Projects;
using Runbooks.Engine.Hashing;
using Runbooks.Engine.Ports;
using Runbooks.Engine.Releases;
using Runbooks.Language.Editing;
using Runbooks.Language.Projects;
using Runbooks.Language.Text;

namespace Runbooks.Builtin.Changes;

/// <summary>Finds out what revisions of a project say, from git alone. What it cannot find out is among the unknown of the state.</summary>
/// <param name="folder">Absolute: the project's folder.</param>
/// <param name="scratch">Absolute: a private folder, into which files of the revisions are written for Compose.</param>
/// <param name="key">For values of variables; the same for all revisions that are compared.</param>
public sealed class RevisionObserver(EnginePorts ports, string folder, string scratch, KeyedHash key)
{
    private const int LargestFile = 4 << 20;

    private readonly RevisionGit _git = new(ports.Processes, ports.Time, folder);

    /// <returns>The commit that a revision is; or why there is none.</returns>
    public Task<(string? Commit, string Problem)> CommitAsync(string revision, CancellationToken cancel) => _git.CommitAsync(revision, cancel);

    /// <param name="other">The project file that counts when the revision has none.</param>
    /// <returns>What it says, with the project file that counted; or why nothing can be said.</returns>
    public async Task<(RevisionState? State, ProjectFile? Project, string Problem)> ObserveAsync(string name, string commit, ProjectFile? other, CancellationToken cancel)
    {
        var (top, prefix, noPlace) = await _git.PlaceAsync(cancel);
        var (entries, noTree) = noPlace is null ? await _git.ListAsync(commit, cancel) : (null, noPlace);
        if (entries is null)
        {
            return (null, null, noTree);
        }

        var (blobs, noBytes) = await _git.ReadAsync(entries.Values.Where(e => IsRead(e.Path, e.Length)).Select(e => e.Id), cancel);
        if (noBytes is not null)
        {
            return (null, null, noBytes);
        }

        var revision = new RevisionFiles(top, entries, blobs);
        var unknown = ImmutableArray.CreateBuilder<Gap>();
        var project = Project(revision, name, unknown) ?? other;
        if (project is not null)
        {
            // What it names can have any name.
            string[] named = [.. project.Compose.Files.Concat(project.Compose.EnvFiles).Select(f => Relative(Path.GetFullPath(f, folder), top))];
            var below = project.Migrations is { Folder.Length: > 0 } declared ? $"{Relative(Path.GetFullPath(declared.Folder, folder), top)}/" : null;
            var (more, noMore) = await _git.ReadAsync(entries.Values.Where(e => e.Length <= LargestFile && !blobs.ContainsKey(e.Id) && (named.Contains(e.Path) || (below is not null && e.Path.StartsWith(below, StringComparison.Ordinal)))).Select(e => e.Id), cancel);
            if (noMore is not null)
            {
                return (null, null, noMore);
            }

            foreach (var (id, bytes) in more)
            {
                blobs[id] = bytes;
            }
        }

        var place = new Place(top, prefix.TrimEnd('/'), Path.Join(scratch, commit, Path.GetFileName(top) is { Length: > 0 } root ? root : "project"));
        foreach (var entry in entries.Values.Where(e => IsForCompose(e.Path, e.Length)))
        {
            Write(entry.Path, place, entries, blobs);
        }

        var (model, envFiles, composeFiles) = await ModelAsync(name, place, project, revision, entries, blobs, unknown, cancel);
        var state = new RevisionState(name, commit)
        {
            Model = model,
            Files = entries.ToImmutableSortedDictionary(e => e.Key, e => e.Value.Id, StringComparer.Ordinal),
            ComposeFiles = composeFiles,
            EnvFiles = envFiles,
            Config = [.. (project?.Config ?? []).Select(c => Relative(Path.GetFullPath(c, folder), top))],
            Flags = [.. project?.Flags ?? []],
            Databases = [.. (model?.Services ?? ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, string>>.Empty).Where(s => project?.Services.FirstOrDefault(d => d.Name == s.Key) is { } declared ? declared.Kind == ServiceKind.Database : ProjectGuess.IsDatabase(s.Value.GetValueOrDefault("image", ""))).Select(s => s.Key)],
            Migrations = Migrations(name, place, project, revision, unknown, cancel),
        };
        foreach (var path in state.Config.Where(p => !entries.ContainsKey(p)))
        {
            unknown.Add(new Gap([ChangeKind.Configuration], path, $"{path} is configuration of the project and not in revision {name}"));
        }

        return (state with { Unknown = unknown.ToImmutable(), Untracked = Untracked(state, top) }, project, "");
    }

    private ImmutableSortedSet<string> Untracked(RevisionState state, string top) =>
        [.. state.Services.SelectMany(s => s.Value).Where(i => i.Key.StartsWith("volumes[", StringComparison.Ordinal) && i.Value.StartsWith("bind ./", StringComparison.Ordinal))
            .Select(i => i.Value[7..].Split(' ')[0].TrimEnd('/'))
            .Where(p => !state.Files.ContainsKey(p) && (ports.Files.Stat(Path.Join(top, p)).Kind == FileKind.File || (Path.HasExtension(p) && ports.Files.Stat(Path.Join(top, p)).Kind != FileKind.Folder)))];

    private ProjectFile? Project(RevisionFiles revision, string name, ImmutableArray<Gap>.Builder unknown)
    {
        foreach (var path in ProjectFile.Names.Select(n => Path.Join(folder, n)))
        {
            var file = revision.Read(path);
            if (file.Bytes is null && revision.Stat(path).Kind == FileKind.File)
            {
                unknown.Add(new Gap([.. Gap.OfCompose, ChangeKind.Database], Path.GetFileName(path), $"{Path.GetFileName(path)} of revision {name} cannot be read: {file.Problem}"));
            }

            if (file.Bytes is { } bytes)
            {
                var read = ProjectReader.Read(SourceText.FromBytes(Path.GetFileName(path), bytes));
                if (read is { HasErrors: false, Value: { } project })
                {
                    return project;
                }

                unknown.Add(new Gap([.. Gap.OfCompose, ChangeKind.Database], Path.GetFileName(path), $"{Path.GetFileName(path)} of revision {name} is no valid project file: {read.Diagnostics[0].Message}"));
            }
        }

        return null;
    }

    private async Task<(ComposeModel? Model, ImmutableArray<ReleasedEnvFile> EnvFiles, ImmutableSortedSet<string> ComposeFiles)> ModelAsync(
        string name, Place place, ProjectFile? project, RevisionFiles revision, ImmutableSortedDictionary<string, RevisionEntry> entries, Dictionary<string, byte[]> blobs, ImmutableArray<Gap>.Builder unknown, CancellationToken cancel)
    {
        var compose = project?.Compose ?? new ComposeFiles([], [], "", "");
        string Below(string path) => Relative(Path.GetFullPath(path, folder), place.Top);
        ImmutableArray<string> named = [.. compose.Files.Select(Below)];
        ImmutableArray<string> env = compose.EnvFiles.IsEmpty ? [Below(Path.Join(folder, compose.Directory, ".env"))] : [.. compose.EnvFiles.Select(Below)];
        ImmutableArray<string> found = [.. ComposeServices.FilesIn(folder, revision).Select(Below)];
        var (envFiles, values) = EnvFiles(name, place, env, !compose.EnvFiles.IsEmpty, entries, blobs, unknown);
        var other = entries.Keys.Where(p => !env.Contains(p) && IsEnvFile(p) && p.StartsWith(place.Prefix, StringComparison.Ordinal)).Select(p => EnvFile(p, blobs.GetValueOrDefault(entries[p].Id)));
        ImmutableSortedSet<string> composeFiles = [.. named.IsEmpty ? found : named, .. entries.Keys.Where(IsComposeFile)];
        if (named.IsEmpty && found.IsEmpty && !values.ContainsKey("COMPOSE_FILE"))
        {
            unknown.Add(new Gap(Gap.OfCompose, name, $"revision {name} has no Compose file in {(place.Prefix.Length > 0 ? place.Prefix : "its top folder")}"));
            return (null, envFiles, composeFiles);
        }

        if (named.FirstOrDefault(p => !entries.ContainsKey(p)) is { } missing)
        {
            unknown.Add(new Gap(Gap.OfCompose, name, $"revision {name} has no {missing}, which the project file names among its Compose files"));
            return (null, envFiles, composeFiles);
        }

        async Task<bool> Bring(string path, CancellationToken stop)
        {
            if (!entries.TryGetValue(Relative(path, place.Root), out var entry))
            {
                return false;
            }

            foreach (var (id, bytes) in (await _git.ReadAsync([entry.Id], stop)).Blobs)
            {
                blobs[id] = bytes;
            }

            return Write(entry.Path, place, entries, blobs);
        }

        string Hide(string text) => values.Values.Where(v => v.Length > 3).OrderByDescending(v => v.Length).Aggregate(text, (t, v) => t.Replace(v, "***", StringComparison.Ordinal));

        var home = Path.Join(place.Root, place.Prefix);
        var rendered = new RenderedPlace(place.Root, home, [.. named.Select(n => Path.Join(place.Root, n))], compose.EnvFiles.IsEmpty ? [] : [.. env.Select(e => Path.Join(place.Root, e))], compose.Project,
            compose.Directory.Length > 0 ? Path.GetFullPath(compose.Directory, home) : "");
        var (model, problem) = await new ComposeRendering(ports.Processes, ports.Files, ports.Machine, ports.Time, key, Bring).RenderAsync(rendered, Hide, cancel);
        if (model is null)
        {
            unknown.Add(new Gap(Gap.OfCompose, name, $"what Compose makes of the files of {name}: {problem}"));
        }

        return (model, [.. envFiles, .. other], composeFiles);
    }

    /// <summary>The files with the variables of the Compose files. One that is not in git can hold anything, so that everything is open.</summary>
    private (ImmutableArray<ReleasedEnvFile> Files, Dictionary<string, string> Values) EnvFiles(string name, Place place, ImmutableArray<string> paths, bool areNamed, ImmutableSortedDictionary<string, RevisionEntry> entries, Dictionary<string, byte[]> blobs, ImmutableArray<Gap>.Builder unknown)
    {
        var (files, values) = (ImmutableArray.CreateBuilder<ReleasedEnvFile>(), new Dictionary<string, string>(StringComparer.Ordinal));
        foreach (var path in paths)
        {
            if (entries.TryGetValue(path, out var entry))
            {
                var file = EnvFile(path, blobs.GetValueOrDefault(entry.Id), values);
                files.Add(file);
            }
            else if (areNamed || ports.Files.Stat(Path.Join(place.Top, path)).Kind == FileKind.File)
            {
                unknown.Add(new Gap(Gap.OfCompose, path, $"{path}, whose variables the Compose files take, is not in revision {name}: what it held then is not known"));
                ports.Files.Create(Path.Join(place.Root, path), [], ownerOnly: true);
            }
        }

        return (files.ToImmutable(), values);
    }

    private ReleasedEnvFile EnvFile(string path, byte[]? bytes, Dictionary<string, string>? values = null)
    {
        if (bytes is null || ScalarView.Read(bytes, EditFormat.DotEnv, out _) is not { } view)
        {
            return new ReleasedEnvFile(path, null);
        }

        foreach (var name in view.Keys())
        {
            values?.TryAdd(name, view.Find(name)?.Value ?? "");
        }

        return new ReleasedEnvFile(path, view.Keys().ToImmutableSortedDictionary(k => k, k => key.Of(view.Find(k)?.Value ?? ""), StringComparer.Ordinal));
    }

    private MigrationHistory? Migrations(string name, Place place, ProjectFile? project, RevisionFiles revision, ImmutableArray<Gap>.Builder unknown, CancellationToken cancel)
    {
        var (word, below, _) = project?.Migrations is { } declared ? (declared.Tool, declared.Folder, "") : ProjectGuess.Tool(folder, revision);
        if (word.Length == 0 || MigrationWords.Tool(word) is not { } tool)
        {
            return null;
        }

        var absolute = Path.GetFullPath(below.Length > 0 ? below : ".", folder);
        if (revision.Stat(absolute).Kind == FileKind.Missing)
        {
            // Before the first migration there is no folder.
            return new MigrationHistory(tool, []);
        }

        var (files, problem) = MigrationFolder.Read(revision, absolute, Relative(absolute, place.Top) is { Length: > 0 } shown ? shown : ".", tool, cancel);
        if (problem is null)
        {
            return MigrationReading.Read(tool, files);
        }

        if (!problem.StartsWith("no file of a migration", StringComparison.Ordinal))
        {
            unknown.Add(new Gap([ChangeKind.Database], name, $"the migrations of revision {name}: {problem}"));
            return null;
        }

        return new MigrationHistory(tool, []);
    }

    /// <summary>Writes a file where Compose will look for it; through a link, the file that it leads to.</summary>
    private bool Write(string path, Place place, ImmutableSortedDictionary<string, RevisionEntry> entries, Dictionary<string, byte[]> blobs)
    {
        var entry = entries[path];
        if (entry.IsLink && blobs.TryGetValue(entry.Id, out var target))
        {
            var to = Relative(Path.GetFullPath(Encoding.UTF8.GetString(target), Path.GetDirectoryName(Path.Join(place.Root, path)) ?? place.Root), place.Root);
            if (!entries.TryGetValue(to, out var real) || real.IsLink)
            {
                return false;
            }

            entry = real;
        }

        var absolute = Path.GetFullPath(path, place.Root);
        return absolute.StartsWith($"{place.Root}/", StringComparison.Ordinal) && blobs.TryGetValue(entry.Id, out var bytes) && ports.Files.Create(absolute, bytes, ownerOnly: true) is null;
    }

    private static bool IsRead(string path, long length) => length <= LargestFile && (IsForCompose(path, length) || Path.GetExtension(path) switch
    {
        ".yml" or ".yaml" or ".ini" or ".sql" or ".toml" or ".properties" or ".conf" or ".xml" or ".json" or ".java" or ".kt" or ".groovy" => true,
        ".rb" => path.Contains("migrate/", StringComparison.Ordinal),
        ".py" => path.Contains("migrations/", StringComparison.Ordinal) || path.Contains("versions/", StringComparison.Ordinal) || path.EndsWith("manage.py", StringComparison.Ordinal),
        _ => false,
    });

    /// <summary>Compose 1 wants the folders to be there of which images are built.</summary>
    private static bool IsForCompose(string path, long length) => length <= LargestFile && (IsComposeFile(path) || IsEnvFile(path) || Path.GetFileName(path).StartsWith("Dockerfile", StringComparison.Ordinal));

    private static bool IsComposeFile(string path) => Path.GetFileName(path) is var name && Path.GetExtension(name) is ".yml" or ".yaml" && name.Contains("compose", StringComparison.OrdinalIgnoreCase);

    private static bool IsEnvFile(string path) => Path.GetFileName(path) is var name && (name is ".env" || name.StartsWith(".env.", StringComparison.Ordinal) || name.EndsWith(".env", StringComparison.Ordinal));

    private static string Relative(string absolute, string top) => Path.GetRelativePath(top, absolute) is var relative && relative == "." ? "" : relative;

    /// <param name="Top">Absolute: the top of the repository.</param>
    /// <param name="Prefix">The project's folder below it.</param>
    /// <param name="Root">Absolute: what stands for the top.</param>
    private sealed record Place(string Top, string Prefix, string Root);
}
