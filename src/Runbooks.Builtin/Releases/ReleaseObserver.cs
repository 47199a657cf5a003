using System.Collections.Immutable;
using Runbooks.Builtin.Containers;
using Runbooks.Builtin.Databases;
using Runbooks.Builtin.Git;
using Runbooks.Builtin.Programs;
using Runbooks.Engine.Hashing;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Ports;
using Runbooks.Engine.Releases;
using Runbooks.Language.Editing;
using Runbooks.Language.Projects;
using Runbooks.Language.Templates;

namespace Runbooks.Builtin.Releases;

/// <summary>What is deployed at this moment, and the bytes that are to be kept of it.</summary>
/// <param name="Kept">Bytes by their SHA-256.</param>
/// <param name="Secrets">Values that may be shown nowhere.</param>
public sealed record ObservedRelease(Release Release, ImmutableDictionary<string, byte[]> Kept, ImmutableArray<string> Secrets);

/// <summary>Looks at what is deployed. Changes nothing; what it cannot find out is among the unknown of the release.</summary>
public sealed class ReleaseObserver(EnginePorts ports, ProjectFile project, ProjectPlaybook playbook, KeyedHash key)
{
    private static readonly TimeSpan ComposePatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan GitPatience = TimeSpan.FromSeconds(10);

    private readonly SecretValues _secrets = new();
    private readonly List<string> _unknown = [];
    private readonly Dictionary<string, byte[]> _kept = new(StringComparer.Ordinal);

    /// <returns>What is deployed; or why nothing can be said: no engine, no containers.</returns>
    public async Task<(ObservedRelease? Observed, string Problem)> ObserveAsync(string id, CancellationToken cancel)
    {
        var answer = await ports.Docker.ContainersAsync(new ContainerFilter { Project = playbook.Compose.Name }, cancel);
        if (answer.Problem is { } problem)
        {
            return (null, problem);
        }

        var containers = answer.Value.Where(ContainerChoice.IsOfService).ToImmutableArray();
        if (containers.IsEmpty)
        {
            return (null, $"project {playbook.Compose.Name} has no containers: nothing is deployed that could be recorded");
        }

        // First all values of variables, so that none of them is in what is kept afterwards.
        foreach (var (name, value) in containers.SelectMany(c => c.Environment))
        {
            _secrets.Add(name, value);
        }

        var envFiles = playbook.Compose.EnvFiles.Select(EnvFile).ToImmutableArray();
        foreach (var secret in playbook.Secrets)
        {
            _secrets.Add("password", secret);
        }

        var context = Context();
        var services = await ServicesAsync(containers, cancel);
        var schema = await SchemaAsync(context, cancel);
        var release = new Release
        {
            Id = id,
            Project = playbook.Compose.Name,
            Services = services,
            Model = await ModelAsync(context, cancel),
            Files = [.. playbook.Compose.Files.Select(Show).Concat(project.Config).Distinct(StringComparer.Ordinal).Select(ReadFile)],
            EnvFiles = envFiles,
            Schema = schema,
            Git = await GitAsync(context, cancel),
        };
        return (new ObservedRelease(release with { Unknown = [.. _unknown] }, _kept.ToImmutableDictionary(StringComparer.Ordinal), [.. _secrets.Values]), "");
    }

    private CheckContext Context() => new()
    {
        Ports = ports,
        ProjectDirectory = playbook.Plan.ProjectDirectory,
        RunStarted = ports.Time.GetUtcNow(),
        Marks = ImmutableSortedDictionary<string, string>.Empty,
        Mask = text => text,
    };

    private async Task<ImmutableArray<ServiceSnapshot>> ServicesAsync(ImmutableArray<ContainerState> containers, CancellationToken cancel)
    {
        var services = ImmutableArray.CreateBuilder<ServiceSnapshot>();
        foreach (var group in containers.GroupBy(c => c.Labels.GetValueOrDefault(ContainerChoice.ServiceLabel, c.Name), StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var first = group.First();
            var image = await ports.Docker.ImageAsync(first.ImageId, cancel);
            if (image.Value is null)
            {
                _unknown.Add($"the digests of the image of {group.Key}: {image.Problem ?? "the engine has not got the image any more"}");
            }

            var declared = project.Services.FirstOrDefault(s => s.Name == group.Key);
            services.Add(new ServiceSnapshot
            {
                Name = group.Key,
                Kind = declared?.Kind.ToString().ToLowerInvariant() ?? "",
                Containers = group.Count(),
                ImageId = first.ImageId,
                Reference = first.ImageReference,
                Digests = [.. (image.Value?.Digests ?? []).Order(StringComparer.Ordinal)],
                IsMixed = group.Any(c => c.ImageId != first.ImageId),
                Environment = Hashed(first.Environment),
                Command = key.Of(string.Join('\0', first.Command)),
                // A volume without a name is another one with each container.
                Mounts = [.. first.Mounts.Select(m => new ReleasedMount(m.Type, IsAnonymous(m) ? "" : m.Source, m.Target, m.IsReadOnly))],
                Networks = first.Networks,
                Ports = [.. group.SelectMany(c => c.PublishedPorts).Distinct().Order()],
                Version = ServerVersions.Of(first.Environment),
                HealthyAfter = group.All(c => c is { HealthySince: not null, StartedAt: not null })
                    ? (long)group.Max(c => (c.HealthySince - c.StartedAt)?.TotalMilliseconds ?? 0)
                    : null,
            });
        }

        foreach (var missing in project.Services.Where(s => services.All(r => r.Name != s.Name)))
        {
            _unknown.Add($"service {missing.Name}: it has no container");
        }

        return services.ToImmutable();
    }

    private static bool IsAnonymous(ContainerMount mount) => mount.Type == "volume" && mount.Source.Length == Sha256.HexLength && mount.Source.All(char.IsAsciiHexDigitLower);

    private ImmutableSortedDictionary<string, string> Hashed(IEnumerable<KeyValuePair<string, string>> values) =>
        values.ToImmutableSortedDictionary(v => v.Key, v => key.Of(v.Value), StringComparer.Ordinal);

    private ReleasedEnvFile EnvFile(string path)
    {
        var read = ports.Files.Read(path);
        var (view, problem) = (read.Bytes is { } bytes ? ScalarView.Read(bytes, EditFormat.DotEnv, out var wrong) : null, read.Problem ?? "");
        if (view is null)
        {
            _unknown.Add($"the variables of {Show(path)}: {(problem.Length > 0 ? problem : "it cannot be read as Compose reads it")}");
            return new ReleasedEnvFile(Show(path), null);
        }

        var values = view.Keys().Select(k => KeyValuePair.Create(k, view.Find(k)?.Value ?? "")).ToList();
        values.ForEach(v => _secrets.Add(v.Key, v.Value));
        return new ReleasedEnvFile(Show(path), Hashed(values));
    }

    private ReleasedFile ReadFile(string path)
    {
        var read = ports.Files.Read(Path.GetFullPath(path, playbook.Plan.ProjectDirectory));
        if (read.Bytes is not { } bytes)
        {
            _unknown.Add($"{path}: {read.Problem}");
            return new ReleasedFile(path, null, IsKept: false, read.Problem ?? "");
        }

        var sha256 = Sha256.Hex(bytes);
        if (_secrets.FoundIn(bytes) is { } variable)
        {
            return new ReleasedFile(path, sha256, IsKept: false, $"it holds the value of {variable}");
        }

        _kept[sha256] = bytes;
        return new ReleasedFile(path, sha256, IsKept: true, "");
    }

    private async Task<RenderedModel?> ModelAsync(CheckContext context, CancellationToken cancel)
    {
        var start = new ProgramStart([.. playbook.Compose.Words.Append("config").Append("--format").Append("json").Select(Rendered.Literal)], playbook.Plan.ProjectDirectory, []);
        var answer = await ProgramQuestions.AskAsync(start, ComposePatience, context, cancel);
        if (answer.Exit is not { ExitCode: 0, CaptureExceeded: false })
        {
            _unknown.Add($"what Compose makes of its files: {answer.Exit.StartError ?? (answer.Exit.CaptureExceeded ? "it is too long" : answer.Exit.Stopped ? "it took too long" : $"docker compose config ended with exit code {answer.Exit.ExitCode}")}");
            return null;
        }

        var (bytes, problem) = RenderedCompose.Redact(answer.Exit.Captured, key, _secrets);
        if (bytes is null)
        {
            _unknown.Add($"what Compose makes of its files: {problem}");
            return null;
        }

        var sha256 = Sha256.Hex(bytes);
        _kept[sha256] = bytes;
        return new RenderedModel(sha256);
    }

    private async Task<ReleasedSchema?> SchemaAsync(CheckContext context, CancellationToken cancel)
    {
        if (project.Migrations is not { } migrations)
        {
            return null;
        }

        if (playbook.Migration is not { } check)
        {
            _unknown.Add("at which migration the database is: the project file names no 'database' that could be asked");
            return null;
        }

        var (rows, problem) = await DatabaseChecks.RowsAsync(check, context, cancel);
        if (problem is not null || rows.Any(r => r.Fields.Length != 2))
        {
            _unknown.Add($"at which migration database '{migrations.Database}' is: {problem ?? "it answered something else"}");
            return null;
        }

        var (version, noVersion) = playbook.ServerVersion is { } asked ? await DatabaseChecks.RowsAsync(asked, context, cancel) : ([], "it was not asked");
        if (noVersion is not null)
        {
            _unknown.Add($"the version of the server of database '{migrations.Database}': {noVersion}");
        }

        return new ReleasedSchema(
            migrations.Tool,
            migrations.Database,
            [.. rows.Where(r => r.Fields[1].Length == 0).Select(r => r.Fields[0]).Order(StringComparer.Ordinal)],
            [.. rows.Where(r => r.Fields[1].Length > 0).Select(r => $"{r.Fields[0]} is {r.Fields[1]}")])
        {
            Server = version is [{ Fields: [{ Length: > 0 } number, ..] }] ? $"PostgreSQL {number}" : "",
        };
    }

    private async Task<GitState?> GitAsync(CheckContext context, CancellationToken cancel)
    {
        var folder = playbook.Plan.ProjectDirectory;
        var head = await ProgramQuestions.AskAsync(GitProgram.Resolve(folder, Rendered.Literal("HEAD")), GitPatience, context, cancel);
        if (head.Exit.ExitCode != 0 || head.Output.Trim() is not { Length: > 0 } commit)
        {
            _unknown.Add($"the commit: {head.Exit.StartError ?? "git has none for the project's folder"}");
            return null;
        }

        var status = await ProgramQuestions.AskAsync(GitProgram.Start(folder, [.. GitProgram.WithoutMonitor, "status", "--porcelain", "--untracked-files=no"]), GitPatience, context, cancel);
        return new GitState(commit, status.Exit.ExitCode == 0 ? status.Exit.Captured.Length > 0 : null);
    }

    private string Show(string absolute)
    {
        var relative = Path.GetRelativePath(playbook.Plan.ProjectDirectory, absolute);
        return relative.StartsWith("..", StringComparison.Ordinal) ? absolute : relative;
    }
}
