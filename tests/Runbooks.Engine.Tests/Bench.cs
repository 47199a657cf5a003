using System.Collections.Immutable;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Runbooks.Engine.Journal;
using Runbooks.Engine.Planning;
using Runbooks.Engine.Ports;
using Runbooks.Engine.Resuming;
using Runbooks.Engine.Running;
using Runbooks.Language.Playbooks;
using Runbooks.Language.Text;
using Runbooks.Testing;

namespace Runbooks.Engine.Tests;

/// <summary>A playbook on the bench: planned and run with fakes for all doors, and one transcript of journal and effects in the order in which they happened.</summary>
internal sealed class Bench : IRunObserver, IDisposable
{
    private readonly CancellationTokenSource _interrupt = new();
    private readonly StringBuilder _transcript = new();

    public Bench(Func<ProcessSpec, ScriptedEnd>? programs = null)
    {
        Store = new MemoryRunStore { Wrote = text => _transcript.AppendLine(text) };
        Processes = new ScriptedProcesses(spec =>
        {
            _transcript.AppendLine($"        effect: {string.Join(' ', spec.Argv)}");
            return programs?.Invoke(spec) ?? new ScriptedEnd(0);
        });
    }

    public MemoryRunStore Store { get; init; }

    public ScriptedProcesses Processes { get; init; }

    /// <summary>Instead of <see cref="Processes"/>, when it is set.</summary>
    public IProcesses? OtherProcesses { get; init; }

    public SaysKind Says { get; init; } = new();

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    public MemoryLocks Locks { get; } = new();

    public IReadOnlyList<string> Secrets { get; init; } = [];

    /// <summary>The saved plan that runs come from.</summary>
    public SavedPlanUse? SavedPlan { get; init; }

    /// <summary>The operator at the terminal; null when nobody is there.</summary>
    public IPrompt? Prompt { get; set; }

    public Dictionary<string, string> Approvals { get; } = new(StringComparer.Ordinal);

    public bool AsksBeforeSteps { get; init; }

    public bool StealsLock { get; init; }

    public FixedMachine Machine { get; init; } = new();

    public string? Signal { get; private set; }

    public string Transcript => _transcript.ToString();

    public InMemoryFiles Files { get; } = new();

    /// <summary>Other playbooks, without their heads, by the names of their files.</summary>
    public Dictionary<string, string> Others { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, string> Environment { get; } = new(StringComparer.Ordinal);

    public Planner Planner => new(Files, [new StartKind(), new AskKind(), new SaveKind(), new PartKind(), new BesideKind()], [Says]);

    public void Interrupt()
    {
        Signal ??= "SIGINT";
        _interrupt.Cancel();
    }

    public Plan Plan(string steps, params (string Name, object Value, bool Secret)[] vars)
    {
        var planned = TryPlan(steps, vars);
        Assert.True(planned.Value is not null, string.Join('\n', planned.Diagnostics.Select(d => d.Message)));
        return planned.Value;
    }

    public Language.Diagnostics.Checked<Plan> TryPlan(string steps, params (string Name, object Value, bool Secret)[] vars) => TryPlan(steps, [], vars);

    private Language.Diagnostics.Checked<Plan> TryPlan(string steps, ImmutableHashSet<string> settled, (string Name, object Value, bool Secret)[] vars)
    {
        var declarations = vars.Length == 0 ? "" : $"vars:\n{string.Concat(vars.Select(v => $"  {v.Name}: {{ secret: {(v.Secret ? "true" : "false")} }}\n"))}";
        var source = new SourceText("bench.yml", $"runbook: v1\nname: bench\n{declarations}{steps}");
        var catalogue = KindCatalogue.Of([new StartKind().Declaration, new AskKind().Declaration, new SaveKind().Declaration, new PartKind().Declaration, new BesideKind().Declaration], [Says.Declaration]);
        var read = PlaybookReader.Read(source, catalogue, (file, _, _) => Others.TryGetValue(file, out var other) ? (new SourceText(file, $"runbook: v1\nname: {Path.GetFileNameWithoutExtension(file)}\n{other}"), "") : (null, $"there is no {file}"));
        if (read.Value is null || read.HasErrors)
        {
            return new Language.Diagnostics.Checked<Plan>(null, read.Diagnostics);
        }

        return Planner.Make(new PlanRequest
        {
            Playbook = read.Value,
            Vars = [.. vars.Select(v => new PlannedVar(v.Name, v.Secret ? "***" : $"{v.Value}", "--var", v.Secret) { Texts = [$"{v.Value}"] })],
            Scope = vars.Aggregate(Language.Templates.TemplateScope.Empty, (scope, v) => scope.With(v.Name, v.Value, v.Secret)),
            ProjectDirectory = "/project",
            EngineVersion = "0.0.0",
            Settled = settled,
            Parts = new PartInputs { Environment = Environment.GetValueOrDefault },
        });
    }

    /// <summary>Runs it; the clock moves on whenever nothing else does.</summary>
    public Task<RunResult> RunAsync(Plan plan, string runId = "run-1") =>
        OnOneThreadAsync(() => new Runner(Ports(), Store, Locks, Planner, this, new Random(1)).RunAsync(Request(plan, runId)));

    /// <summary>Goes on with it after a power cut.</summary>
    /// <param name="steps">The playbook as it is now.</param>
    public Task<RunResult> ResumeAsync(string steps, bool acceptsChanges = false)
    {
        var (past, problem) = PastRun.Load(Store, "run-1");
        Assert.True(past is not null, problem);
        var planned = TryPlan(steps, past.Settled, []);
        Assert.True(planned.Value is not null, string.Join('\n', planned.Diagnostics.Select(d => d.Message)));
        return OnOneThreadAsync(() => new Resumer(Ports(), Store, Locks, Planner, this, new Random(1))
            .ResumeAsync(Request(planned.Value, "run-1") with { AcceptsChanges = acceptsChanges }, past, ImmutableDictionary<string, string>.Empty));
    }

    private RunRequest Request(Plan plan, string runId) => new()
    {
        Plan = plan,
        RunId = runId,
        Operator = new Operator("operator", "build-1", 4711, "boot:1", ""),
        SavedPlan = SavedPlan,
        Secrets = [.. Secrets],
        Prompt = Prompt,
        Approvals = Approvals.ToImmutableDictionary(),
        AsksBeforeSteps = AsksBeforeSteps,
        StealsLock = StealsLock,
        Stop = new StopTokens(_interrupt.Token, CancellationToken.None),
        StopSignal = () => Signal,
    };

    private async Task<RunResult> OnOneThreadAsync(Func<Task<RunResult>> run)
    {
        var thread = new OneThread();
        var running = Task.Factory.StartNew(run, CancellationToken.None, TaskCreationOptions.None, thread).Unwrap();
        thread.RunAll();
        while (!running.IsCompleted)
        {
            Time.Advance(TimeSpan.FromMilliseconds(50));
            thread.RunAll();
        }

        return await running;
    }

    public Task<RunResult> RunAsync(string steps, params (string Name, object Value, bool Secret)[] vars) => RunAsync(Plan(steps, vars));

    public void Written(JournalLine line, ReadOnlyMemory<byte> bytes)
    {
        // The store's own words are the transcript.
    }

    public void Output(string step, ReadOnlySpan<byte> bytes) => _transcript.AppendLine($"        output of {step}: {Encoding.UTF8.GetString(bytes).TrimEnd()}");

    public void Dispose() => _interrupt.Dispose();

    private EnginePorts Ports() => new()
    {
        Processes = OtherProcesses ?? Processes,
        Files = Files,
        Archives = UnusedPorts.All.Archives,
        Network = new NetworkAnswers(),
        Docker = new DockerAnswers(),
        Machine = Machine,
        Time = Time,
    };
}
