using System.Collections.Immutable;
using Runbooks.Advisor.Assessing;
using Runbooks.Advisor.Migrations;
using Runbooks.Builtin.Checks.Migration;
using Runbooks.Builtin.Containers;
using Runbooks.Builtin.Releases;
using Runbooks.Engine.Hashing;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Ports;
using Runbooks.Engine.Releases;
using Runbooks.Engine.Running;
using Runbooks.Language.Editing;
using Runbooks.Language.Projects;

namespace Runbooks.Builtin.Probes;

/// <summary>What probes may use, and what several of them ask: it is asked once, at the moment the first of them wants it.</summary>
public sealed class Sight
{
    /// <summary>More releases than these are not gone back to at night.</summary>
    private const int LookedAt = 5;

    private readonly Lazy<Task<DockerAnswer<ImmutableArray<ContainerState>>>> _containers;
    private readonly Lazy<(ReleaseHistory? History, string Problem)> _history;
    private readonly Lazy<KeyedHash> _key;
    private readonly Lock _reading = new();
    private (MigrationHistory? History, string Problem)? _migrations;

    /// <param name="store">Absolute: where releases are on record.</param>
    /// <param name="stop">When all of it is over.</param>
    public Sight(EnginePorts ports, Subject subject, ProjectPlaybook? playbook, string store, CancellationToken stop)
    {
        (Ports, Subject, Playbook, Store, Began) = (ports, subject, playbook, store, ports.Time.GetUtcNow());
        _containers = new(() => FindAsync(stop));
        _history = new(ReadHistory);
        _key = new(ReadKey);
        foreach (var secret in playbook?.Secrets ?? [])
        {
            Secrets.Add("password", secret);
        }
    }

    public EnginePorts Ports { get; }

    public Subject Subject { get; }

    /// <summary>The project's own checks; null when its files do not make any.</summary>
    public ProjectPlaybook? Playbook { get; }

    public string Store { get; }

    /// <summary>Where runs are kept; null when nobody looks at them.</summary>
    public IRunStore? Runs { get; init; }

    /// <summary>Absolute: the folder of the runs.</summary>
    internal string RunsFolder => Path.Combine(Store, "runs");

    /// <summary>A path as people write it: relative when it lies in the project.</summary>
    internal string Show(string absolute) => Path.GetRelativePath(Subject.Directory, absolute) is var relative && relative.StartsWith("..", StringComparison.Ordinal) ? absolute : relative;

    /// <summary>The migrations of the project by the files that are there now, read once; null with a reason when they cannot be, and without one when the project names none.</summary>
    internal (MigrationHistory? History, string Problem) Migrations(CancellationToken cancel)
    {
        lock (_reading)
        {
            return _migrations ??= ReadMigrations(cancel);
        }
    }

    /// <summary>When it was begun to look.</summary>
    public DateTimeOffset Began { get; }

    public DateTimeOffset Now => Ports.Time.GetUtcNow();

    /// <summary>For values of variables; the one with which releases were recorded, where there is one.</summary>
    public KeyedHash Key => _key.Value;

    /// <summary>The containers of the project, stopped ones included, without those of <c>docker compose run</c>.</summary>
    public Task<DockerAnswer<ImmutableArray<ContainerState>>> ContainersAsync(CancellationToken cancel) => _containers.Value.WaitAsync(cancel);

    /// <summary>What is on record; null with a reason when that cannot be read.</summary>
    public (ReleaseHistory? History, string Problem) History => _history.Value;

    /// <summary>The releases to which it could be gone back, newest first, and the last one on record.</summary>
    public IEnumerable<ReleaseState> Candidates => History.History is not { } history ? []
        : [.. history.Releases.Where(r => r.Standing == ReleaseStanding.Good).Reverse().Take(LookedAt).Concat(history.Current is { } current ? [current] : []).Distinct()];

    /// <summary>Takes the secrets out of a text that came from outside, before it is cut.</summary>
    public string Mask(string text) => new SecretMask(Secrets.Values).Text(text);

    /// <summary>Values that may be shown nowhere. They are complete as soon as the containers are known.</summary>
    internal SecretValues Secrets { get; } = new();

    /// <summary>The values that were hidden so far.</summary>
    public IEnumerable<string> Hidden => Secrets.Values;

    /// <summary>Remembers values of variables that may be shown nowhere.</summary>
    private void Hide(IEnumerable<KeyValuePair<string, string>> variables)
    {
        foreach (var (name, value) in variables)
        {
            Secrets.Add(name, value);
        }
    }

    /// <summary>Waits for a part of an answer no longer than is good for the rest of it.</summary>
    /// <returns>Null when it did not come in time.</returns>
    internal async Task<T?> InTimeAsync<T>(Task<T> part, CancellationToken cancel)
        where T : class
    {
        try
        {
            return await part.WaitAsync(Patience, Ports.Time, cancel);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            // What else the probe has found out is told nevertheless.
            return null;
        }
    }

    /// <summary>Of one part of what a probe looks at.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    public CheckContext Context => new()
    {
        Ports = Ports,
        ProjectDirectory = Subject.Directory,
        RunStarted = Now,
        Marks = ImmutableSortedDictionary<string, string>.Empty,
        Mask = Mask,
    };

    private async Task<DockerAnswer<ImmutableArray<ContainerState>>> FindAsync(CancellationToken stop)
    {
        HideEnvFiles();
        var answer = await Ports.Docker.ContainersAsync(new ContainerFilter { Project = Subject.Name.Length > 0 ? Subject.Name : null }, stop);
        if (answer.Problem is not null)
        {
            return answer;
        }

        // Without a name, those that Compose made in this folder.
        var own = answer.Value.Where(c => ContainerChoice.IsOfService(c) && (Subject.Name.Length > 0 || c.Labels.GetValueOrDefault(ComposeFolders.Label) == Subject.Directory)).ToImmutableArray();
        Hide(own.SelectMany(c => c.Environment));
        return DockerAnswer<ImmutableArray<ContainerState>>.Of(own);
    }

    private (MigrationHistory? History, string Problem) ReadMigrations(CancellationToken cancel)
    {
        if (Subject.Project?.Migrations is not { } declared || MigrationWords.Tool(declared.Tool) is not { } tool)
        {
            return (null, "");
        }

        var folder = MigrationsFolder(declared);
        var (files, problem) = MigrationFolder.Read(Ports.Files, Path.GetFullPath(folder, Subject.Directory), folder, tool, cancel);
        return problem is null ? (MigrationReading.Read(tool, files), "") : (null, problem);
    }

    /// <summary>As people write it.</summary>
    internal static string MigrationsFolder(ProjectMigrations declared) => declared.Folder.Length > 0 ? declared.Folder : ".";

    private void HideEnvFiles()
    {
        foreach (var path in Subject.EnvFiles)
        {
            if (Ports.Files.Read(Path.GetFullPath(path, Subject.Directory)).Bytes is { } bytes && ScalarView.Read(bytes, EditFormat.DotEnv, out _) is { } view)
            {
                Hide(view.Keys().Select(k => KeyValuePair.Create(k, view.Find(k)?.Value ?? "")));
            }
        }
    }

    private (ReleaseHistory? History, string Problem) ReadHistory()
    {
        var (content, problem) = ReleaseFiles.Read(Store, Ports.Files);
        return content is null ? (null, problem ?? "the journal of releases cannot be read")
            : content.IsAltered ? (null, $"the journal of releases was altered in line {content.Break?.LineNumber}: nothing of it is believed; 'runbook release list' says more")
            : (ReleaseHistory.Of(content), "");
    }

    /// <summary>None is made: nothing is compared then with what was recorded before.</summary>
    private KeyedHash ReadKey() => ReleaseFiles.Key(Store, Ports.Files).Key ?? new KeyedHash([.. Ports.Machine.RandomBytes(Sha256.Size)]);
}
