using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Runbooks.Engine.Gates;
using Runbooks.Engine.Hashing;
using Runbooks.Engine.Journal;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Planning;
using Runbooks.Engine.Ports;
using Runbooks.Language.Fields;
using Runbooks.Language.Playbooks;
using Runbooks.Language.Templates;

namespace Runbooks.Engine.Running;

/// <summary>Runs one step, or the undo of one: its attempts, its output, its validations, with intent and outcome on disk around every effect.</summary>
/// <param name="made">Attempts that are on record already.</param>
/// <param name="beside">The steps beside which it is run; null when it is run alone.</param>
internal sealed class StepRunner(RunScope run, PlannedStep step, Random random, int made = 0, SideBySide? beside = null)
{
    private const int CaptureLimit = 1 << 20;

    private readonly bool? _undo = run.IsUndoing ? true : null;
    private readonly RunBackups _backups = new(run, step);

    private StopTokens Stop => beside is null ? run.Stop : new StopTokens(beside.Ending, run.Stop.Kill);

    private bool IsEndedByOther => beside is { IsEndedByOne: true };

    private string Phase => run.IsUndoing ? "undo" : "step";

    /// <summary>Why the step failed; null when it is done and its validations hold.</summary>
    public async Task<string?> RunAsync()
    {
        var (action, problem) = Complete();
        if (action is null)
        {
            run.Journal.Append(NothingDone(problem));
            return problem;
        }

        if (await AttemptAsync(action) is { } failure)
        {
            return failure;
        }

        return await ValidateAsync();
    }

    /// <summary>Asks the step's validations; null when all hold.</summary>
    public async Task<string?> ValidateAsync()
    {
        if (step.Validate.IsEmpty)
        {
            return null;
        }

        // What the step did is on disk before anybody waits for it to show.
        run.Journal.Flush();
        var verdicts = await new CheckAsker(run, Phase, step.Id).AskAsync(step.Validate, Stop.Interrupt);
        return FirstProblem(step.Validate, verdicts);
    }

    private (StepAction? Action, string Problem) Complete()
    {
        if (step.Action is { Preview.IsKnown: true } known)
        {
            return (known, "");
        }

        var secrets = new HashSet<string>(StringComparer.Ordinal);
        var completed = run.Planner.Complete(run.Plan, step, run.Scopes.Of(step.Part), secrets);
        run.Hide(secrets);
        if (completed.Value is { Preview.IsKnown: true } action)
        {
            return (action, "");
        }

        return (null, $"it could not be computed: {string.Join("; ", completed.Diagnostics.Select(d => run.Mask.Text(d.Message)).DefaultIfEmpty("a value it depends on is not known"))}");
    }

    private async Task<string?> AttemptAsync(StepAction action)
    {
        for (var attempt = made + 1; ; attempt++)
        {
            if (_backups.Missing() is { } missing)
            {
                run.Journal.Append(NothingDone(missing));
                return run.Mask.Text(missing);
            }

            run.Journal.Append(new StepIntended(step.Id, attempt, ActionsOf(action))
            {
                Undo = _undo,
                Backups = step.Backups.IsEmpty ? null : step.Backups,
                Acknowledged = step.Acknowledged is { } reason ? run.Mask.Text(reason) : null,
            });
            await (beside?.FlushAsync() ?? FlushAsync());
            var failure = await OnceAsync(action, attempt);
            if (failure is null || run.IsStopping || IsEndedByOther || (Gate.IsAt(step) && run.State().IsDenied))
            {
                return failure;
            }

            if (attempt >= step.Retry.Attempts)
            {
                return step.Retry.Attempts > 1 ? $"{failure} (after {attempt} attempts)" : failure;
            }

            var delay = step.Retry.DelayAfter(attempt, random.NextDouble());
            run.Journal.Append(new RetryScheduled(step.Id, attempt + 1, (long)delay.TotalMilliseconds));
            run.Journal.Flush();
            try
            {
                await Task.Delay(delay, run.Ports.Time, Stop.Interrupt);
            }
            catch (OperationCanceledException)
            {
                return failure;
            }
        }
    }

    private Task FlushAsync()
    {
        run.Journal.Flush();
        return Task.CompletedTask;
    }

    private async Task<string?> OnceAsync(StepAction action, int attempt)
    {
        var began = run.Ports.Time.GetTimestamp();
        using var timeout = new CancellationTokenSource(step.Timeout, run.Ports.Time);
        using var interrupt = CancellationTokenSource.CreateLinkedTokenSource(Stop.Interrupt, timeout.Token);
        // What a step derives its undo from is the step itself: its own output stays what it is.
        var undo = run.IsUndoing && step.Syntax.Id != StepFields.Undo ? ".undo" : "";
        var output = $"output/{step.Number:D4}-{step.Syntax.Id}{undo}{(attempt > 1 ? string.Create(CultureInfo.InvariantCulture, $".{attempt}") : "")}.log";
        var outcome = await PerformAsync(action, output, new StopTokens(interrupt.Token, Stop.Kill));
        if (outcome.Succeeded && !step.Retry.Until.IsEmpty)
        {
            var verdicts = await new CheckAsker(run, "until", step.Id).AskAsync(step.Retry.Until, interrupt.Token);
            outcome = FirstProblem(step.Retry.Until, verdicts) is { } notYet ? outcome with { Failure = notYet } : outcome;
        }

        var timedOut = timeout.IsCancellationRequested && !run.IsStopping && !IsEndedByOther && !outcome.Succeeded;
        var failure = IsEndedByOther && !outcome.Succeeded ? "it was ended, because a step beside it failed"
            : timedOut ? $"it took longer than its timeout of {Durations.Format(step.Timeout)} and was ended" : outcome.Failure;
        if (!outcome.Survivors.IsEmpty)
        {
            failure = $"{failure ?? "it was ended"}; still alive: {string.Join(", ", outcome.Survivors.Select(Name))}";
        }

        var captured = failure is null && step.Captures ? Capture(outcome, attempt) : default;
        run.Journal.Append(new StepEnded
        {
            Step = step.Id,
            Attempt = attempt,
            Undo = _undo,
            Failure = failure is null ? null : run.Mask.Text(failure),
            Changed = outcome is { Changed: true, Untouched: false },
            ExitCode = outcome.ExitCode,
            Observed = run.Mask.Text(outcome.Observed),
            Output = outcome.OutputSha256.Length > 0 ? output : "",
            OutputLength = outcome.OutputLength,
            OutputSha256 = outcome.OutputSha256,
            Captured = captured.Name,
            CapturedSha256 = captured.Sha256,
            ElapsedMs = (long)run.Ports.Time.GetElapsedTime(began).TotalMilliseconds,
            TimedOut = timedOut,
            Survivors = [.. outcome.Survivors.Select(s => run.Mask.Text(Name(s)))],
            Notes = [.. outcome.Notes.Select(run.Mask.Text)],
        });
        return failure is null ? null : run.Mask.Text(failure);
    }

    /// <summary>Later steps read it, also when the run is resumed by another process.</summary>
    private (string? Name, string? Sha256) Capture(ActionOutcome outcome, int attempt)
    {
        var (name, text) = (string.Create(CultureInfo.InvariantCulture, $"captured/{step.Number:D4}-{step.Syntax.Id}.{attempt}"), outcome.Captured ?? "");
        var bytes = Encoding.UTF8.GetBytes(text);
        if (run.Folder.Write(name, bytes) is { } problem)
        {
            throw new TrailUnwritableException($"{name}: {problem}");
        }

        run.Scopes.Learn(step.Part, step.Syntax.Id, StepOutputs.Of(text, outcome.ExitCode ?? 0));
        return (name, Sha256.Hex(bytes));
    }

    private async Task<ActionOutcome> PerformAsync(StepAction action, string output, StopTokens stop)
    {
        var context = new StepContext
        {
            Ports = run.Ports,
            ProjectDirectory = run.Plan.ProjectDirectory,
            Output = new ProcessOutput
            {
                Path = step.Kind.Declaration.StartsProgram || action.Preview.Effects.Any(e => e is ProgramStart) ? run.Folder.Reserve(output) : null,
                Filter = run.Mask.IsEmpty ? null : run.Mask.Fresh(),
                Seen = bytes => run.Observer.Output(step.Id, bytes),
                CaptureLimit = step.Captures ? CaptureLimit : 0,
            },
            Stop = stop,
            Marks = run.Marks(step.Id),
            KeepAsync = KeepAsync,
            Backups = _backups,
            KeepState = state =>
            {
                run.Journal.Append(new StateKept(step.Id, state) { Undo = _undo });
                run.Journal.Flush();
            },
            LeaveState = state => run.Journal.Append(new StateLeft(step.Id, state) { Undo = _undo }),
            Mask = run.Mask.Text,
            Checks = new CheckAsker(run, Phase, step.Id),
            Gate = new Gate(run, step),
        };
        try
        {
            return await step.Kind.RunAsync(action, context);
        }
        catch (OperationCanceledException) when (stop.Interrupt.IsCancellationRequested || stop.Kill.IsCancellationRequested)
        {
            return ActionOutcome.Failed("it was ended");
        }
        catch (Exception e) when (e is not OutOfMemoryException and not TrailUnwritableException)
        {
            // A bug in a kind is a failed step with a name, not a run without an end in its journal.
            return ActionOutcome.Failed($"'{step.Kind.Declaration.Name}' itself broke: {e.GetType().Name}: {e.Message}");
        }
    }

    private Task<string> KeepAsync(string path, ReadOnlyMemory<byte>? now, string afterSha256, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        // The number of the event makes the name unique: a step can be tried again, and undone.
        var copy = now is null ? "" : string.Create(CultureInfo.InvariantCulture, $"files/{run.Journal.Count + 1:D4}-{System.IO.Path.GetFileName(path)}");
        if (now is { } bytes && run.Folder.Write(copy, bytes.Span) is { } problem)
        {
            throw new TrailUnwritableException($"the copy of {path} could not be saved: {problem}");
        }

        run.Journal.Append(new FileKept(step.Id, path, copy, now is { } kept ? Sha256.Hex(kept.Span) : "") { AfterSha256 = afterSha256, Undo = _undo });
        run.Journal.Flush();
        return Task.FromResult(copy);
    }

    private StepEnded NothingDone(string problem) => new()
    {
        Step = step.Id,
        Attempt = 0,
        Undo = _undo,
        Failure = run.Mask.Text(problem),
        Changed = false,
        ElapsedMs = 0,
    };

    /// <param name="action">Null for one that does nothing.</param>
    internal static JsonElement ActionsOf(StepAction? action)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            foreach (var effect in action?.Preview.Effects ?? [])
            {
                EffectJson.Write(json, effect);
            }

            json.WriteEndArray();
        }

        using var document = JsonDocument.Parse(buffer.WrittenMemory);
        return document.RootElement.Clone();
    }

    internal static string? FirstProblem(ImmutableArray<PlannedCheck> checks, ImmutableArray<Verdict> verdicts)
    {
        for (var i = 0; i < checks.Length; i++)
        {
            if (verdicts[i].Kind != VerdictKind.Holds)
            {
                var answer = verdicts[i].Kind == VerdictKind.Unknown ? "is unknown" : "does not hold";
                return $"'{checks[i].Name}' {answer}: {verdicts[i].Observed}";
            }
        }

        return null;
    }

    private static string Name(Survivor survivor) => $"{survivor.Pid} {survivor.CommandLine}";
}
