using System.Collections.Immutable;
using Microsoft.Extensions.Time.Testing;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Planning;
using Runbooks.Engine.Ports;
using Runbooks.Engine.Running;
using Runbooks.Language.Templates;
using Runbooks.Language.Text;
using Runbooks.Testing;

namespace Runbooks.Builtin.Tests.Checks;

/// <summary>A check as an author writes it, planned with the kinds that ship, and asked.</summary>
internal sealed class AskedCheck
{
    private readonly PlannedPlaybook _playbook;
    private readonly SecretMask _mask;

    private AskedCheck(PlannedPlaybook playbook, SecretMask mask)
    {
        _playbook = playbook;
        _mask = mask;
    }

    /// <summary>When the run of these tests started, and what time it is.</summary>
    public static DateTimeOffset RunStarted { get; } = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public IEnumerable<string> Errors => _playbook.Errors;

    /// <summary>What was said at plan time.</summary>
    public string Messages => _playbook.Messages;

    public CheckQuestion Question => Planned.Question ?? throw new InvalidOperationException("the question is not known");

    public string Statement => Planned.Statement;

    private PlannedCheck Planned => Assert.Single(Assert.IsType<Plan>(_playbook.Plan, exactMatch: false).Validations);

    /// <param name="check">One item of a list of checks, not indented.</param>
    /// <param name="vars">Name and value of each variable; a name that ends in <c>!</c> is a secret.</param>
    public static AskedCheck Of(string check, InMemoryFiles? files = null, params ReadOnlySpan<(string Name, string Value)> vars)
    {
        var scope = TemplateScope.Empty;
        var declarations = "";
        var secrets = new List<string>();
        foreach (var (name, value) in vars)
        {
            var bare = name.TrimEnd('!');
            declarations += $"  {bare}: {{ secret: {(name == bare ? "false" : "true")} }}\n";
            scope = scope.With(bare, value, secret: name != bare);
            secrets.AddRange(name == bare ? [] : [value]);
        }

        var item = string.Join('\n', check.TrimEnd('\n').Split('\n').Select((l, i) => (i == 0 ? "  - " : "    ") + l));
        var text = $"runbook: v1\nname: example\n{(declarations.Length > 0 ? $"vars:\n{declarations}" : "")}steps:\n  - id: find\n    run: [find]\n    capture: true\nvalidations:\n{item}\n";
        return new AskedCheck(PlannedPlaybook.Of(new SourceText("example.yml", text), scope, files ?? new InMemoryFiles()), new SecretMask(secrets));
    }

    public Task<Verdict> AskAsync(EnginePorts ports) => AskAsync(Question, ports, TestContext.Current.CancellationToken);

    /// <summary>Asks another question than the one that was planned.</summary>
    public Task<Verdict> AskAsync(CheckQuestion question, EnginePorts ports, CancellationToken cancel) => Planned.Kind.AskAsync(
        question,
        new CheckContext
        {
            Ports = ports.Time == TimeProvider.System ? ports with { Time = new FakeTimeProvider(RunStarted.AddMinutes(1)) } : ports,
            ProjectDirectory = PlannedPlaybook.Project,
            RunStarted = RunStarted,
            Marks = ImmutableSortedDictionary<string, string>.Empty.Add("RUNBOOK_RUN", "r1"),
            Mask = _mask.Text,
        },
        cancel);

    public Task<Verdict> AskAsync(IDocker docker) => AskAsync(UnusedPorts.All with { Docker = docker });

    public Task<Verdict> AskAsync(INetwork network) => AskAsync(UnusedPorts.All with { Network = network });

    public Task<Verdict> AskAsync(IFiles files) => AskAsync(UnusedPorts.All with { Files = files });

    public Task<Verdict> AskAsync(IProcesses processes) => AskAsync(UnusedPorts.All with { Processes = processes });
}
