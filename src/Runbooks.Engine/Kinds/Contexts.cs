using System.Collections.Immutable;
using System.Text.Json;
using Runbooks.Engine.Gates;
using Runbooks.Engine.Ports;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Text;

namespace Runbooks.Engine.Kinds;

/// <summary>What a kind may see while it plans: the project's place and its files as earlier steps of the plan will leave them.</summary>
public sealed class PlanContext(string projectDirectory, IPlanFiles files, DiagnosticBag bag)
{
    public string ProjectDirectory => projectDirectory;

    public IPlanFiles Files => files;

    /// <summary>Environment that the step adds to the programs it starts (its own <c>env</c> over the defaults), known or not.</summary>
    public ImmutableArray<EnvironmentAddition> Environment { get; init; } = [];

    /// <summary>Absolute folder in which the step's programs start; null for the project directory.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>What of the machine the plan may depend on besides its files.</summary>
    public PlanMachine Machine { get; init; } = PlanMachine.Unknown;

    /// <summary>A text without the secrets of the playbook: for what comes out of files and is shown.</summary>
    public Func<string, string> Mask { get; init; } = text => text;

    /// <summary>Absolute form of a path of the playbook.</summary>
    public string Resolve(string path) => Path.GetFullPath(path, projectDirectory);

    /// <summary>The form of a path that people read: relative when it lies in the project directory.</summary>
    public string Show(string absolute)
    {
        var relative = Path.GetRelativePath(projectDirectory, absolute);
        return relative.StartsWith("..", StringComparison.Ordinal) ? absolute : relative;
    }

    public void Report(Descriptor descriptor, TextSpan span, string message, string? hint = null) => bag.Add(descriptor, span, message, hint);
}

/// <summary>A look at the machine while planning: which programs it has can decide the words of a step. Nothing is started, nothing is opened.</summary>
/// <param name="Variable">A variable of the engine's own environment; null when it is not set.</param>
/// <param name="HasFile">There is a file at an absolute path.</param>
public sealed record PlanMachine(Func<string, string?> Variable, Func<string, bool> HasFile)
{
    /// <summary>Nothing is set and nothing is there.</summary>
    public static PlanMachine Unknown { get; } = new(_ => null, _ => false);
}

/// <summary>Read-only view of the files while planning, with the changes of earlier steps of the same plan laid over it.</summary>
public interface IPlanFiles
{
    /// <summary>The bytes of a file as the step will find it.</summary>
    PlanFile Read(string absolutePath);

    /// <summary>Records what a step will leave there, for the steps after it. Writes nothing.</summary>
    void WillWrite(string absolutePath, ImmutableArray<byte> bytes);
}

/// <param name="Bytes">Null when it cannot be read.</param>
/// <param name="Problem">Why: "there is no such file", "it is a folder", "permission denied".</param>
public readonly record struct PlanFile(ReadOnlyMemory<byte>? Bytes, string? Problem)
{
    /// <summary>The <see cref="Problem"/> of a file that is not there, so that it can be told from one that cannot be read.</summary>
    public const string Missing = "there is no such file";

    /// <summary>The <see cref="Problem"/> of a folder.</summary>
    public const string Folder = "it is a folder";

    public bool IsMissing => Bytes is null && Problem == Missing;

    public bool IsFolder => Bytes is null && Problem == Folder;
}

/// <summary>What a kind may use while it runs a step.</summary>
public sealed record StepContext
{
    public required EnginePorts Ports { get; init; }

    /// <summary>Absolute.</summary>
    public required string ProjectDirectory { get; init; }

    /// <summary>Where the step's output goes; use it for one program, or write to it by hand.</summary>
    public required ProcessOutput Output { get; init; }

    /// <summary>Ends the step early: timeout, Ctrl-C.</summary>
    public required StopTokens Stop { get; init; }

    /// <summary>Added to the environment of every program of the run, for finding its processes: RUNBOOK_RUN and RUNBOOK_STEP.</summary>
    public required ImmutableSortedDictionary<string, string> Marks { get; init; }

    /// <summary>Saves the bytes that a file has now, before it is changed: from then on it can be put back.</summary>
    public required KeepFile KeepAsync { get; init; }

    /// <summary>Where backups go, and their record, for kinds that make them or read them.</summary>
    public required IKeepBackups Backups { get; init; }

    /// <summary>
    /// Records what is there before it is changed, and is durable when it returns: from then on <see cref="IStepKind.PlanInverse"/> can be asked for the way back.
    /// Ids, digests and states; nothing that could hold a secret.
    /// </summary>
    public required Action<JsonElement> KeepState { get; init; }

    /// <summary>Records what is there after the change, in the same form, whether it succeeded or not.</summary>
    public required Action<JsonElement> LeaveState { get; init; }

    /// <summary>A text without the secrets of the run.</summary>
    public required Func<string, string> Mask { get; init; }

    /// <summary>Asks checks of this step until they hold, for kinds that wait.</summary>
    public required IAskChecks Checks { get; init; }

    /// <summary>Where a person is asked whether the run may go on, for kinds whose actions have an <see cref="StepAction.Approval"/>.</summary>
    public required IGate Gate { get; init; }
}

/// <summary>The place of a run for backups, and what is on record of them.</summary>
public interface IKeepBackups
{
    /// <summary>The folder that no backup takes in: all runs with their journals.</summary>
    string Store { get; }

    /// <summary>Absolute path for a backup that has no place of its own, in the run's folder. The same for each attempt: what an unfinished one left is replaced.</summary>
    /// <param name="extension">With its dot.</param>
    string Place(string extension);

    /// <summary>Puts a verified backup on record, durably. Only then may it get its name.</summary>
    void Record(string path, RecordedBackup backup);

    /// <summary>The backup that this run has on record under a path; null when there is none.</summary>
    RecordedBackup? Find(string path);
}

/// <param name="Sha256">Lower-case hex.</param>
/// <param name="Verified">How it was verified, and what is in it.</param>
/// <param name="IsOwn">This step made it.</param>
public sealed record RecordedBackup(long Length, string Sha256, string Verified, bool IsOwn = true);

/// <param name="path">Absolute.</param>
/// <param name="now">The bytes it has now; null when there is no file yet: then it is on record that it can be removed.</param>
/// <param name="afterSha256">Of the bytes that will be there, lower-case hex.</param>
/// <returns>The name of the copy under the run's folder; empty when there is none.</returns>
public delegate Task<string> KeepFile(string path, ReadOnlyMemory<byte>? now, string afterSha256, CancellationToken cancel);

/// <summary>Asks planned checks with their <c>within</c>, <c>every</c> and <c>for</c>.</summary>
public interface IAskChecks
{
    Task<ImmutableArray<Verdict>> AskAsync(ImmutableArray<Planning.PlannedCheck> checks, CancellationToken cancel);
}

/// <summary>What a check may use.</summary>
public sealed record CheckContext
{
    public required EnginePorts Ports { get; init; }

    /// <summary>Absolute.</summary>
    public required string ProjectDirectory { get; init; }

    /// <summary>When the run started: what <c>since: start</c> means.</summary>
    public required DateTimeOffset RunStarted { get; init; }

    public required ImmutableSortedDictionary<string, string> Marks { get; init; }

    /// <summary>A text without the secrets of the run. Whoever cuts a text that came from outside masks it before: half a secret would not be recognised as one.</summary>
    public required Func<string, string> Mask { get; init; }
}
