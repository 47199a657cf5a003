using System.Collections.Immutable;
using Runbooks.Builtin.Programs;
using Runbooks.Engine.Hashing;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Ports;
using Runbooks.Engine.Releases;
using Runbooks.Language.Editing;
using Runbooks.Language.Templates;

namespace Runbooks.Builtin.Releases;

/// <summary>What the files of a project say: Compose files, files with variables, configuration files; and what Compose makes of them.</summary>
/// <param name="config">Configuration files, as the project names them.</param>
/// <param name="secrets">Values that may be in nothing that is kept; those of files with variables are added.</param>
internal sealed class FileObserver(EnginePorts ports, ImmutableArray<string> config, ProjectPlaybook playbook, KeyedHash key, SecretValues secrets)
{
    private static readonly TimeSpan ComposePatience = TimeSpan.FromSeconds(30);

    private readonly List<string> _unknown = [];
    private readonly Dictionary<string, byte[]> _kept = new(StringComparer.Ordinal);

    /// <summary>What could not be found out, a sentence each.</summary>
    public IEnumerable<string> Unknown => _unknown;

    /// <summary>Bytes that are to be kept, by their SHA-256.</summary>
    public IReadOnlyDictionary<string, byte[]> Kept => _kept;

    /// <summary>First of all: their values must be in nothing that is kept afterwards.</summary>
    public ImmutableArray<ReleasedEnvFile> EnvFiles() => [.. playbook.Compose.EnvFiles.Select(EnvFile)];

    /// <summary>Compose files, then configuration files.</summary>
    public ImmutableArray<ReleasedFile> Files() => [.. playbook.Compose.Files.Select(Show).Concat(config).Distinct(StringComparer.Ordinal).Select(ReadFile)];

    /// <summary>Null when Compose did not render it.</summary>
    public async Task<RenderedModel?> ModelAsync(CheckContext context, CancellationToken cancel)
    {
        var program = playbook.Compose.Program;
        var start = new ProgramStart([.. playbook.Compose.Words.Concat(program.Model).Select(Rendered.Literal)], playbook.Plan.ProjectDirectory, []);
        var answer = await ProgramQuestions.AskAsync(start, ComposePatience, context, cancel);
        if (answer.Exit is not { ExitCode: 0, CaptureExceeded: false })
        {
            _unknown.Add($"what Compose makes of its files: {answer.Exit.StartError ?? (answer.Exit.CaptureExceeded ? "it is too long" : answer.Exit.Stopped ? "it took too long" : $"{program.Name} config ended with exit code {answer.Exit.ExitCode}")}");
            return null;
        }

        var (bytes, problem) = RenderedCompose.Redact(answer.Exit.Captured, key, secrets);
        if (bytes is null)
        {
            _unknown.Add($"what Compose makes of its files: {problem}");
            return null;
        }

        var sha256 = Sha256.Hex(bytes);
        _kept[sha256] = bytes;
        return new RenderedModel(sha256);
    }

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
        values.ForEach(v => secrets.Add(v.Key, v.Value));
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
        if (secrets.FoundIn(bytes) is { } variable)
        {
            return new ReleasedFile(path, sha256, IsKept: false, $"it holds the value of {variable}");
        }

        _kept[sha256] = bytes;
        return new ReleasedFile(path, sha256, IsKept: true, "");
    }

    private ImmutableSortedDictionary<string, string> Hashed(IEnumerable<KeyValuePair<string, string>> values) =>
        values.ToImmutableSortedDictionary(v => v.Key, v => key.Of(v.Value), StringComparer.Ordinal);

    private string Show(string absolute)
    {
        var relative = Path.GetRelativePath(playbook.Plan.ProjectDirectory, absolute);
        return relative.StartsWith("..", StringComparison.Ordinal) ? absolute : relative;
    }
}
