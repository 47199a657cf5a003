using System.Collections.Immutable;
using Runbooks.Advisor.Changes;
using Runbooks.Advisor.Readiness;
using Runbooks.Builtin.Changes;
using Runbooks.Builtin.Containers;
using Runbooks.Builtin.Programs;
using Runbooks.Builtin.Releases;
using Runbooks.Engine.Hashing;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Ports;
using Runbooks.Engine.Releases;
using Runbooks.Language.Templates;

namespace Runbooks.Builtin.Readiness;

/// <summary>The project that is asked about. What several items need is found out once, when the first of them asks for it.</summary>
public sealed class ReadyProject
{
    private readonly ReadyInputs _inputs;
    private readonly KeyedHash _key;
    private readonly Lazy<Task<TargetJudgement>> _target;
    private readonly Lazy<Task<(ComposeModel? Model, string Problem)>> _model;
    private readonly Lazy<Task<DockerAnswer<ImmutableArray<ContainerState>>>> _containers;

    private readonly Lazy<Task<ReadyRuns>> _runs;
    private readonly Lazy<Task<ImmutableArray<ProjectPlaybookFile>>> _playbooks;

    /// <param name="inputs">What the items ask with.</param>
    /// <param name="cancel">Ends what is found out for several items.</param>
    public ReadyProject(ReadyInputs inputs, CancellationToken cancel)
    {
        _inputs = inputs;
        _key = new KeyedHash([.. inputs.Ports.Machine.RandomBytes(Sha256.Size)]);
        _target = new(() => FindTargetAsync(cancel));
        _model = new(() => ReadModelAsync(cancel));
        _containers = new(() => FindContainersAsync(cancel));
        _runs = new(() => Task.Run(() => ReadyRuns.Of(inputs.Runs, cancel), cancel));
        _playbooks = new(() => Task.Run(() => ProjectPlaybookFile.In(inputs.Directory, inputs.Ports.Files), cancel));
    }

    public ReadyInputs Inputs => _inputs;

    public EnginePorts Ports => _inputs.Ports;

    internal CheckContext Context => new()
    {
        Ports = _inputs.Ports,
        ProjectDirectory = _inputs.Directory,
        RunStarted = _inputs.Ports.Time.GetUtcNow(),
        Marks = ImmutableSortedDictionary<string, string>.Empty,
        Mask = text => text,
    };

    /// <summary>The release that would be gone back to.</summary>
    public Task<TargetJudgement> TargetAsync() => _target.Value;

    /// <summary>The Compose files as Compose resolves them here and now; or why it does not.</summary>
    public Task<(ComposeModel? Model, string Problem)> ModelAsync() => _model.Value;

    /// <summary>The containers of the project's services.</summary>
    public Task<DockerAnswer<ImmutableArray<ContainerState>>> ContainersAsync() => _containers.Value;

    /// <summary>The runs that are on record and can be believed.</summary>
    internal Task<ReadyRuns> RunsAsync() => _runs.Value;

    /// <summary>The playbooks of the project.</summary>
    internal Task<ImmutableArray<ProjectPlaybookFile>> PlaybooksAsync() => _playbooks.Value;

    /// <summary>How a text that is the value of something that can be secret stands in the model.</summary>
    internal string InModel(string text) => $"hmac:{_key.Of(text)}";

    /// <summary>A path as people see it: relative when it lies in the project.</summary>
    internal string Show(string absolute)
    {
        var relative = Path.GetRelativePath(_inputs.Directory, absolute);
        return relative.StartsWith("..", StringComparison.Ordinal) ? absolute : relative;
    }

    private async Task<TargetJudgement> FindTargetAsync(CancellationToken cancel)
    {
        var journal = Show(Path.Combine(_inputs.Store, ReleaseFiles.Journal));
        var (content, problem) = ReleaseFiles.Read(_inputs.Store, Ports.Files);
        if (content is null)
        {
            return new TargetJudgement(null, ReadyAnswer.Unknown($"the record of releases cannot be read: {problem}", new ReadyFix("see whether it may be read", $"ls -l {journal}")));
        }

        if (content.IsAltered)
        {
            return new TargetJudgement(null, ReadyAnswer.NotReady("the record of releases was altered: nothing from there on is believed", new ReadyFix("see where", "runbook release list")) with
            {
                Seen = [new Sighting(journal, content.Break is { } at ? $"line {at.LineNumber} (byte {at.Offset}): {at.Problem}" : "it was altered")],
            });
        }

        var history = ReleaseHistory.Of(content);
        var (isDeployed, why) = history.Current is { } current ? await DeployedRelease.LookAsync(current.Release, Ports.Docker, cancel) : (null, "");
        return TargetJudgement.Of(journal, history with { IsCurrentDeployed = isDeployed }, why, _inputs.Target);
    }

    private async Task<(ComposeModel? Model, string Problem)> ReadModelAsync(CancellationToken cancel)
    {
        if (_inputs.Playbook is not { Compose: { } compose })
        {
            return (null, _inputs.PlaybookProblem);
        }

        var words = compose.Words.Concat(compose.Program.Model);
        var answer = await ProgramQuestions.AskAsync(new ProgramStart([.. words.Select(Rendered.Literal)], _inputs.Directory, []), TimeSpan.FromMinutes(1), Context, cancel);
        return answer.Exit switch
        {
            { StartError: { } error } => (null, $"{compose.Program.Name} could not be started: {error}"),
            { Stopped: true } => (null, $"{compose.Program.Name} config took too long"),
            { ExitCode: not 0 } => (null, $"{compose.Program.Name} config ended with exit code {answer.Exit.ExitCode}"),
            { CaptureExceeded: true } => (null, $"what {compose.Program.Name} config says is too long"),
            _ => ModelReading.Read(answer.Exit.Captured.ToArray(), compose.Directory, _key) is { } model ? (model, "") : (null, $"what {compose.Program.Name} config says is no model of Compose"),
        };
    }

    private async Task<DockerAnswer<ImmutableArray<ContainerState>>> FindContainersAsync(CancellationToken cancel)
    {
        if (_inputs.Playbook is not { Compose: { } compose })
        {
            return DockerAnswer<ImmutableArray<ContainerState>>.Unavailable(_inputs.PlaybookProblem);
        }

        var answer = await Ports.Docker.ContainersAsync(new ContainerFilter { Project = compose.Name }, cancel);
        return answer.Problem is null ? DockerAnswer<ImmutableArray<ContainerState>>.Of([.. answer.Value.Where(ContainerChoice.IsOfService)]) : answer;
    }
}
