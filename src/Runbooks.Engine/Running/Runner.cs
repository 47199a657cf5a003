using System.Text;
using Runbooks.Engine.Journal;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Planning;
using Runbooks.Engine.Ports;
using Runbooks.Engine.Undoing;
using Runbooks.Language.Playbooks;

namespace Runbooks.Engine.Running;

/// <summary>Runs a plan: lock, guards, preflight, steps, validations, conclusion.</summary>
public sealed class Runner(EnginePorts ports, IRunStore store, ILocks locks, Planner planner, IRunObserver observer, Random random)
{
    public async Task<RunResult> RunAsync(RunRequest request)
    {
        var state = new RunState();
        var (folder, problem) = store.Create(request.RunId);
        if (folder is null)
        {
            return Unwritable(problem ?? "the run's folder could not be made", state, "");
        }

        using (folder)
        {
            var mask = new SecretMask(request.Secrets);
            var journal = new JournalWriter(folder, ports.Time, (line, bytes) =>
            {
                state = state.Apply(line);
                observer.Written(line, bytes);
            });
            var run = new RunScope
            {
                Request = request,
                Ports = ports,
                Planner = planner,
                Journal = journal,
                Folder = folder,
                Observer = observer,
                Mask = mask,
                Started = ports.Time.GetUtcNow(),
                Scope = request.Plan.Scope.WithRun(request.RunId),
            };
            var began = ports.Time.GetTimestamp();
            try
            {
                Begin(run);
                var (conclusion, why) = await BodyAsync(run, () => state);
                return End(run, conclusion, why, began, () => state);
            }
            catch (TrailUnwritableException e)
            {
                return Unwritable(e.Message, state, folder.Path);
            }
        }
    }

    private static RunResult Unwritable(string problem, RunState state, string folder) =>
        new(Conclusion.TrailUnwritable, ExitCodes.TrailUnwritable, $"the journal cannot be written: {problem}", state, folder);

    /// <summary>What is run, by whom and why. Durable with the first flush, which comes before the first effect.</summary>
    private static void Begin(RunScope run)
    {
        var (plan, request) = (run.Plan, run.Request);
        WriteFile(run, "playbook.yml", Encoding.UTF8.GetBytes(plan.Playbook.Source.Content));
        WriteFile(run, "plan.json", PlanJson.Utf8(plan).Span);
        run.Journal.Append(new RunStarted
        {
            RunId = request.RunId,
            Playbook = plan.Playbook.Name,
            PlaybookVersion = plan.Playbook.Version,
            PlaybookPath = plan.Playbook.Source.Path,
            PlaybookSha256 = plan.PlaybookSha256,
            PlanDigest = plan.Digest,
            Project = plan.ProjectDirectory,
            Engine = plan.EngineVersion,
            Operator = request.Operator,
            Reason = run.Mask.Text(request.Reason),
            Steps = [.. plan.Steps.Select(s => new StepHead(s.Id, s.Name, s.Kind.Declaration.Name, s.Effect.ToString().ToLowerInvariant(), plan.Playbook.Source.PositionOf(s.Syntax.Span.Start).Line))],
        });
    }

    private static void WriteFile(RunScope run, string name, ReadOnlySpan<byte> bytes)
    {
        if (run.Folder.Write(name, bytes) is { } problem)
        {
            throw new TrailUnwritableException($"{name}: {problem}");
        }
    }

    private async Task<(Conclusion Conclusion, string Why)> BodyAsync(RunScope run, Func<RunState> state)
    {
        var answer = locks.Take(run.Plan.Lock, $"run {run.Request.RunId} by {run.Request.Operator.User} on {run.Request.Operator.Host} (process {run.Request.Operator.ProcessId})");
        if (answer.Held is null)
        {
            await IdentifyAsync(run);
            return (Conclusion.Refused, answer.Holder is { } holder
                ? $"the lock '{run.Plan.Lock}' is held by {holder}"
                : $"the lock '{run.Plan.Lock}' could not be taken: {answer.Problem}");
        }

        using (answer.Held)
        {
            run.Journal.Append(new LockTaken(run.Plan.Lock));
            if (await RefusalAsync(run) is { } refusal)
            {
                return (run.IsStopping ? Conclusion.Cancelled : Conclusion.Refused, refusal);
            }

            var (conclusion, why, then) = await ForwardAsync(run);
            if (then != OnFailure.Undo || conclusion is not (Conclusion.Failed or Conclusion.Cancelled))
            {
                return (conclusion, why);
            }

            RecordStop(run, state());
            return (await new UndoRunner(run, store, random).RunAsync(state(), why) ?? conclusion, why);
        }
    }

    /// <summary>Steps and validations.</summary>
    /// <returns>What they come to, and what is to be done about it when that is not what was wanted.</returns>
    private async Task<(Conclusion Conclusion, string Why, OnFailure Then)> ForwardAsync(RunScope run)
    {
        if (await StepsAsync(run) is { } failed)
        {
            return (run.IsStopping ? Conclusion.Cancelled : Conclusion.Failed, failed.Why, failed.Then);
        }

        var (conclusion, why) = run.IsStopping ? (Conclusion.Cancelled, "it was stopped before the validations") : await ValidateAsync(run);
        return (run.IsStopping && conclusion != Conclusion.Succeeded ? Conclusion.Cancelled : conclusion, why, run.Plan.Playbook.OnFailure);
    }

    private static async Task IdentifyAsync(RunScope run)
    {
        if (await run.Request.GitIdentity is { Length: > 0 } identity)
        {
            run.Journal.Append(new OperatorIdentified(identity));
        }
    }

    /// <summary>All guards are asked and all needs are looked for, so that the operator sees everything that is wrong at once.</summary>
    private static async Task<string?> RefusalAsync(RunScope run)
    {
        var verdicts = await new CheckAsker(run, "guard", "").AskAsync(run.Plan.Guards, run.Request.Stop.Interrupt);
        var problems = await Preflight.ProblemsAsync(run.Plan, run.Ports, run.Request.Stop.Interrupt);
        run.Journal.Append(new PreflightDone([.. problems.Select(run.Mask.Text)]));
        await IdentifyAsync(run);
        if (run.IsStopping)
        {
            return "it was stopped before the first step: nothing was changed";
        }

        var reasons = new List<string>();
        for (var i = 0; i < verdicts.Length; i++)
        {
            if (verdicts[i].Kind != VerdictKind.Holds)
            {
                reasons.Add($"guard '{run.Plan.Guards[i].Name}' {(verdicts[i].Kind == VerdictKind.Unknown ? "is unknown" : "does not hold")}: {verdicts[i].Observed}");
            }
        }

        reasons.AddRange(problems);
        return reasons.Count == 0 ? null : run.Mask.Text(string.Join("; ", reasons));
    }

    private async Task<(string Why, OnFailure Then)?> StepsAsync(RunScope run)
    {
        foreach (var step in run.Plan.Steps)
        {
            if (run.IsStopping)
            {
                return ($"it was stopped before step '{step.Id}'", run.Plan.Playbook.OnFailure);
            }

            var decision = step.Condition is null or { Decision: true } ? true : step.Condition.Decision ?? Planner.Decide(run.Plan, step, run.Scope, out _);
            if (decision is null)
            {
                return ($"step '{step.Id}': its condition '{step.Condition?.Expression}' is neither true nor false", step.OnFailure);
            }

            if (decision == false)
            {
                run.Journal.Append(new StepSkipped(step.Id, $"{step.Condition?.Expression} is false"));
                continue;
            }

            if (await new StepRunner(run, step, random).RunAsync() is { } failure)
            {
                return ($"step '{step.Id}': {failure}", step.OnFailure);
            }
        }

        return null;
    }

    private static async Task<(Conclusion Conclusion, string Why)> ValidateAsync(RunScope run)
    {
        var checks = run.Plan.Validations;
        if (!checks.IsEmpty)
        {
            // What the last step did is on disk before anybody waits for it to show; without a wait the end of the run is flushed right now.
            run.Journal.Flush();
        }

        var verdicts = await new CheckAsker(run, "validation", "").AskAsync(checks, run.Request.Stop.Interrupt);
        if (run.IsStopping)
        {
            return (Conclusion.Cancelled, "it was stopped during the validations");
        }

        var failed = Enumerable.Range(0, checks.Length).Where(i => verdicts[i].Kind == VerdictKind.DoesNotHold).Select(i => $"'{checks[i].Name}' does not hold: {verdicts[i].Observed}").ToList();
        var unknown = Enumerable.Range(0, checks.Length).Where(i => verdicts[i].Kind == VerdictKind.Unknown).Select(i => $"'{checks[i].Name}' is unknown: {verdicts[i].Observed}").ToList();
        return (failed.Count, unknown.Count) switch
        {
            (0, 0) => (Conclusion.Succeeded, ""),
            (0, _) => (Conclusion.Inconclusive, string.Join("; ", unknown)),
            _ => (Conclusion.Failed, string.Join("; ", failed.Concat(unknown))),
        };
    }

    private static void RecordStop(RunScope run, RunState state)
    {
        if (run.Request.StopSignal() is { } signal && state.StopSignal.Length == 0)
        {
            run.Journal.Append(new StopRequested(signal));
        }
    }

    private RunResult End(RunScope run, Conclusion conclusion, string why, long began, Func<RunState> state)
    {
        if (conclusion == Conclusion.Cancelled)
        {
            RecordStop(run, state());
        }

        var exit = ExitCodes.Of(conclusion, run.Request.StopSignal());
        run.Journal.Append(new RunEnded
        {
            Conclusion = conclusion,
            ExitCode = exit,
            Why = run.Mask.Text(why),
            ElapsedMs = (long)ports.Time.GetElapsedTime(began).TotalMilliseconds,
        });
        run.Journal.Append(new RunSealed(run.Journal.Count + 1));
        run.Journal.Flush();
        return new RunResult(conclusion, exit, run.Mask.Text(why), state(), run.Folder.Path);
    }
}
