using System.Collections.Immutable;
using Runbooks.Builtin;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Planning;
using Runbooks.Engine.Ports;
using Runbooks.Host.Docker;
using Runbooks.Host.Files;
using Runbooks.Host.Network;
using Runbooks.Host.Processes;
using Runbooks.Language.Playbooks;
using Runbooks.Language.Templates;
using Runbooks.Language.Text;

namespace Runbooks.Host.Tests.Checks;

/// <summary>A check as an author writes it, planned and asked with the real ports.</summary>
internal sealed class RealCheck(IDocker? docker = null, string projectDirectory = "/")
{
    private readonly EnginePorts _ports = new()
    {
        Processes = new SpawnedProcesses(TimeProvider.System),
        Files = new HostFiles(),
        Archives = new HostArchives(),
        Network = new HostNetwork(TimeProvider.System),
        Docker = docker ?? new HostDocker(TimeProvider.System, "unix:///nowhere/docker.sock"),
        Machine = new HostMachine(),
        Time = TimeProvider.System,
    };

    public DateTimeOffset RunStarted { get; init; } = DateTimeOffset.UtcNow;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async Task<Verdict> AskAsync(string check)
    {
        var item = string.Join('\n', check.TrimEnd('\n').Split('\n').Select((l, i) => (i == 0 ? "  - " : "    ") + l));
        var source = new SourceText("example.yml", $"runbook: v1\nname: example\nsteps:\n  - run: [\"true\"]\nvalidations:\n{item}\n");
        var read = PlaybookReader.Read(source, BuiltinKinds.Catalogue);
        Assert.Empty(read.Diagnostics);
        var request = new PlanRequest { Playbook = Assert.IsType<Playbook>(read.Value), Vars = [], Scope = TemplateScope.Empty, ProjectDirectory = projectDirectory, EngineVersion = "0" };
        var plan = new Planner(_ports.Files, BuiltinKinds.Steps, BuiltinKinds.Checks).Make(request);
        Assert.Empty(plan.Diagnostics);
        var planned = Assert.Single(Assert.IsType<Plan>(plan.Value).Validations);
        var context = new CheckContext
        {
            Ports = _ports,
            ProjectDirectory = projectDirectory,
            RunStarted = RunStarted,
            Marks = ImmutableSortedDictionary<string, string>.Empty,
            Mask = text => text,
        };
        return await planned.Kind.AskAsync(Assert.IsType<CheckQuestion>(planned.Question, exactMatch: false), context, Cancel);
    }

    public async Task HoldsAsync(string check)
    {
        var verdict = await AskAsync(check);
        Assert.True(verdict.Kind == VerdictKind.Holds, $"{verdict.Kind}: {verdict.Observed}\n{string.Join('\n', verdict.Evidence)}");
    }

    public async Task<Verdict> DoesNotHoldAsync(string check)
    {
        var verdict = await AskAsync(check);
        Assert.True(verdict.Kind == VerdictKind.DoesNotHold, $"{verdict.Kind}: {verdict.Observed}");
        return verdict;
    }

    public async Task<Verdict> IsUnknownAsync(string check)
    {
        var verdict = await AskAsync(check);
        Assert.True(verdict.Kind == VerdictKind.Unknown, $"{verdict.Kind}: {verdict.Observed}");
        return verdict;
    }
}
