using System.Collections.Immutable;
using Runbooks.Engine.Gates;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Planning;
using Runbooks.Engine.Ports;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Playbooks;
using Runbooks.Language.Templates;
using Runbooks.Language.Text;
using Runbooks.Testing;

namespace Runbooks.Builtin.Tests;

/// <summary>Steps as an author writes them, read and planned with the kinds that ship.</summary>
internal sealed class PlannedPlaybook
{
    public const string Project = "/srv/shop";

    private PlannedPlaybook(bool wasRead, Checked<Plan> plan, InMemoryFiles files)
    {
        WasRead = wasRead;
        Diagnostics = plan.Diagnostics;
        Plan = plan.Value;
        Files = files;
    }

    /// <summary>The reader found no error, so the diagnostics are the planner's.</summary>
    public bool WasRead { get; }

    public ImmutableArray<Diagnostic> Diagnostics { get; }

    public Plan? Plan { get; }

    public InMemoryFiles Files { get; }

    /// <summary>Codes of the errors, in the order of the file.</summary>
    public IEnumerable<string> Errors => Diagnostics.Where(d => d.Severity == Severity.Error).Select(d => d.Code);

    /// <summary>The messages, for assertions about words.</summary>
    public string Messages => string.Join('\n', Diagnostics.Select(d => $"{d.Code} {d.Start}: {d.Message}{(d.Hint is null ? "" : $" ({d.Hint})")}"));

    /// <param name="steps">The items of <c>steps:</c>, not indented.</param>
    /// <param name="vars">Name and value of each variable; a name that ends in <c>!</c> is a secret.</param>
    public static PlannedPlaybook Of(string steps, InMemoryFiles? files = null, params ReadOnlySpan<(string Name, string Value)> vars) => On(PlanMachine.Unknown, steps, files, vars);

    /// <summary>The same on a machine of which something is known.</summary>
    public static PlannedPlaybook On(PlanMachine machine, string steps, InMemoryFiles? files = null, params ReadOnlySpan<(string Name, string Value)> vars)
    {
        var scope = TemplateScope.Empty;
        var declarations = "";
        foreach (var (name, value) in vars)
        {
            var bare = name.TrimEnd('!');
            declarations += $"  {bare}: {{ secret: {(name == bare ? "false" : "true")} }}\n";
            scope = scope.With(bare, value, secret: name != bare);
        }

        var text = $"runbook: v1\nname: example\n{(declarations.Length > 0 ? $"vars:\n{declarations}" : "")}steps:\n{Indented(steps)}";
        return Of(new SourceText("example.yml", text), scope, files ?? new InMemoryFiles(), machine);
    }

    public static PlannedPlaybook Of(SourceText source, TemplateScope scope, InMemoryFiles files, PlanMachine? machine = null)
    {
        var read = PlaybookReader.Read(source, BuiltinKinds.Catalogue, (file, _, _) => files.Read($"{Project}/{file}") is { Bytes: { } bytes } ? (SourceText.FromBytes(file, bytes), "") : (null, $"there is no file '{file}'"));
        if (read.HasErrors || read.Value is not { } playbook)
        {
            return new PlannedPlaybook(false, new Checked<Plan>(null, read.Diagnostics), files);
        }

        var request = new PlanRequest { Playbook = playbook, Vars = [], Scope = scope, ProjectDirectory = Project, EngineVersion = "0" };
        return new PlannedPlaybook(true, new Planner(files, BuiltinKinds.Steps, BuiltinKinds.Checks, machine).Make(request), files);
    }

    /// <summary>The action of a step, counted from 0.</summary>
    public StepAction Action(int index = 0) => Assert.IsType<Plan>(Plan, exactMatch: false).Steps[index].Action ?? throw new InvalidOperationException("the step is skipped");

    public ImmutableArray<PlannedEffect> Effects(int index = 0) => Action(index).Preview.Effects;

    /// <summary>The words of a program start, for people.</summary>
    public ImmutableArray<string> Argv(int index = 0, int effect = 0) => [.. ((ProgramStart)Effects(index)[effect]).Argv.Select(w => w.Display)];

    /// <summary>Runs one step against the ports, as the engine would.</summary>
    public Task<ActionOutcome> RunAsync(EnginePorts ports, int index = 0, Func<StepContext, StepContext>? change = null)
    {
        var step = Assert.IsType<Plan>(Plan, exactMatch: false).Steps[index];
        return step.Kind.RunAsync(Action(index), Context(ports, change));
    }

    /// <summary>What a kind may use while it runs a step, where nothing is expected to be kept.</summary>
    public static StepContext Context(EnginePorts ports, Func<StepContext, StepContext>? change = null)
    {
        var context = new StepContext
        {
            Ports = ports,
            ProjectDirectory = Project,
            Output = new ProcessOutput { Path = "/run/output/step-1.log" },
            Stop = new StopTokens(TestContext.Current.CancellationToken, TestContext.Current.CancellationToken),
            Marks = ImmutableSortedDictionary<string, string>.Empty.Add("RUNBOOK_RUN", "r1").Add("RUNBOOK_STEP", "step_1"),
            KeepAsync = (path, _, _, _) => throw new InvalidOperationException($"the test did not expect {path} to be kept"),
            Backups = new UnusedBackups(),
            KeepState = state => throw new InvalidOperationException($"the test did not expect {state} to be kept"),
            LeaveState = state => throw new InvalidOperationException($"the test did not expect {state} to be left"),
            Mask = text => text,
            Checks = new NoChecks(),
            Gate = new NoGate(),
        };
        return change?.Invoke(context) ?? context;
    }

    public static string Indented(string yaml) => string.Join('\n', yaml.TrimEnd('\n').Split('\n').Select(l => l.Length == 0 ? l : "  " + l)) + "\n";

    /// <summary>A gate to which nobody should come.</summary>
    internal sealed class NoGate : IGate
    {
        public Task<string?> PassAsync(GateTerms terms, CancellationToken cancel) => throw new InvalidOperationException($"the test did not expect to be asked '{terms.Question}'");
    }

    private sealed class NoChecks : IAskChecks
    {
        public Task<ImmutableArray<Verdict>> AskAsync(ImmutableArray<PlannedCheck> checks, CancellationToken cancel) =>
            throw new InvalidOperationException("the test did not expect checks to be asked");
    }
}
