using System.Collections.Immutable;
using System.Text;
using Runbooks.Engine.Gates;
using Runbooks.Engine.Journal;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Planning;
using Runbooks.Engine.Ports;
using Runbooks.Engine.Undoing;
using Runbooks.Language.Playbooks;

namespace Runbooks.Engine.Running;

/// <summary>What happens in a run between the lock and the seal, whether it is the first time or after an interruption.</summary>
internal sealed class RunBody(IRunStore store, Random random)
{
    /// <summary>Steps, validations and, when they fail and the playbook says so, the way back.</summary>
    public async Task<(Conclusion Conclusion, string Why)> GoAsync(RunScope run, Func<RunState> state)
    {
        var (conclusion, why, then) = await ForwardAsync(run, state());
        if (then != OnFailure.Undo || conclusion is not (Conclusion.Failed or Conclusion.Cancelled))
        {
            return (conclusion, why);
        }

        RecordStop(run, state());
        return (await new UndoRunner(run, store, random).RunAsync(state(), why) ?? conclusion, why);
    }

    /// <summary>Steps and validations.</summary>
    /// <returns>What they come to, and what is to be done about it when that is not what was wanted.</returns>
    private async Task<(Conclusion Conclusion, string Why, OnFailure Then)> ForwardAsync(RunScope run, RunState before)
    {
        if (await StepsAsync(run, before) is { } failed)
        {
            return (failed.As, failed.Why, failed.Then);
        }

        var (conclusion, why) = run.IsStopping ? (Conclusion.Cancelled, "it was stopped before the validations") : await ValidateAsync(run);
        return (run.IsStopping && conclusion != Conclusion.Succeeded ? Conclusion.Cancelled : conclusion, why, run.Plan.Playbook.OnFailure);
    }

    public static void WriteFile(RunScope run, string name, ReadOnlySpan<byte> bytes)
    {
        if (run.Folder.Write(name, bytes) is { } problem)
        {
            throw new TrailUnwritableException($"{name}: {problem}");
        }
    }

    /// <summary>Keeps the playbooks that a playbook is made of in the run's folder, also those that a condition leaves out: without them it could not be read again.</summary>
    /// <param name="playbook">Name of the copy of the playbook that is run.</param>
    /// <returns>Null when it consists of one.</returns>
    public static ImmutableArray<PartCopy>? WritePlaybooks(RunScope run, string playbook)
    {
        WriteFile(run, playbook, Encoding.UTF8.GetBytes(run.Plan.Playbook.Source.Content));
        var copies = ImmutableArray.CreateBuilder<PartCopy>();
        foreach (var (id, part) in run.Plan.Playbook.AllParts)
        {
            // No id holds a dot.
            var copy = $"{Path.GetFileNameWithoutExtension(playbook)}.parts/{id.Replace('/', '.')}.yml";
            WriteFile(run, copy, Encoding.UTF8.GetBytes(part.Source.Content));
            copies.Add(new PartCopy(id, part.Source.Path, copy, Planner.Sha256Of(part.Source)));
        }

        return copies.Count == 0 ? null : copies.ToImmutable();
    }

    public static async Task IdentifyAsync(RunScope run)
    {
        if (await run.Request.GitIdentity is { Length: > 0 } identity)
        {
            run.Journal.Append(new OperatorIdentified(identity));
        }
    }

    /// <summary>All guards are asked and all needs are looked for, so that the operator sees everything that is wrong at once.</summary>
    public static async Task<string?> RefusalAsync(RunScope run)
    {
        var guards = GuardsOf(run);
        var verdicts = await new CheckAsker(run, "guard", "").AskAsync(guards, run.Request.Stop.Interrupt);
        var problems = (await Preflight.ProblemsAsync(run.Plan, run.Ports, run.Folder.Path, run.Request.Stop.Interrupt)).AddRange(Gate.Problems(run));
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
                reasons.Add($"guard '{guards[i].Name}' {(verdicts[i].Kind == VerdictKind.Unknown ? "is unknown" : "does not hold")}: {verdicts[i].Observed}");
            }
        }

        reasons.AddRange(problems);
        return reasons.Count == 0 ? null : run.Mask.Text(string.Join("; ", reasons));
    }

    /// <summary>Without those of parts that an earlier part of the run has brought to their end: what they guarded has happened, and may be what they speak of.</summary>
    private static ImmutableArray<PlannedCheck> GuardsOf(RunScope run)
    {
        if (run.Plan.Parts.IsEmpty)
        {
            return run.Plan.Guards;
        }

        var done = run.State().Steps.Where(s => s.Standing == StepStanding.Succeeded).Select(s => s.Head.Id).Intersect(run.Plan.Parts.Select(p => p.Id), StringComparer.Ordinal).ToList();
        return done.Count == 0 ? run.Plan.Guards : [.. run.Plan.Guards.Where(g => !done.Exists(d => g.Part == d || g.Part.StartsWith($"{d}/", StringComparison.Ordinal)))];
    }

    private async Task<Setback?> StepsAsync(RunScope run, RunState before)
    {
        var positions = before.Steps.Select((step, index) => (step, index)).ToDictionary(p => p.step.Head.Id, p => p.index, StringComparer.Ordinal);
        for (var i = 0; i < run.Plan.Steps.Length; i++)
        {
            var step = run.Plan.Steps[i];
            if (run.IsStopping)
            {
                return new Setback($"it was stopped before step '{step.Id}'", step.OnFailure, Conclusion.Cancelled);
            }

            Setback? setback;
            if (step.Group is { } group)
            {
                var members = run.Plan.Steps.Skip(i).TakeWhile(s => s.Group?.Id == group.Id).ToList();
                i += members.Count - 1;
                using var beside = new SideBySide(run, group);
                setback = await beside.RunAsync(members, member => StepAsync(run, member, PastOf(member), beside));
            }
            else
            {
                setback = await StepAsync(run, step, PastOf(step));
            }

            if (setback is not null)
            {
                return setback;
            }
        }

        return null;

        StepState? PastOf(PlannedStep step) => positions.TryGetValue(step.Id, out var position) ? before.Steps[position] : null;
    }

    /// <param name="past">Where the step stood when the run was interrupted; not reached in a run that was not.</param>
    /// <param name="beside">The steps beside which it is run; null when it is run alone.</param>
    private async Task<Setback?> StepAsync(RunScope run, PlannedStep step, StepState? past, SideBySide? beside = null)
    {
        switch (past?.Standing)
        {
            case StepStanding.Skipped:
                return null;
            case StepStanding.Succeeded when past.Approval is null || Gate.IsOpen(run, past):
                // Between the outcome of a step and the answers of its checks there is a moment, too.
                return past.IsValidated(step.Validate.Length) ? null : Failed(run, step, await new StepRunner(run, step, random, beside: beside).ValidateAsync());
            case StepStanding.Failed when past.Ended?.Failure is null:
                return Failed(run, step, "its validation did not hold before the interruption");
            case StepStanding.Failed when past.Attempts >= step.Retry.Attempts:
                return Failed(run, step, $"{past.Ended?.Failure} (before the interruption)");
            default:
                break;
        }

        var decision = step.Condition is null or { Decision: true } ? true : step.Condition.Decision ?? Planner.Decide(run.Plan, step, run.Scopes.Of(step.Part), out _);
        if (decision is null)
        {
            return Failed(run, step, $"its condition '{step.Condition?.Expression}' is neither true nor false");
        }

        if (decision == false)
        {
            run.Journal.Append(new StepSkipped(step.Id, $"{step.Condition?.Expression} is false"));
            return null;
        }

        if (run.Request is { AsksBeforeSteps: true, Prompt: { } prompt } && !Gate.IsAt(step) && await ChoiceAsync(run, step, prompt) is { Choice: not "run" } chosen)
        {
            return chosen.Choice == "skip" ? null : new Setback($"the operator stopped it before step '{step.Id}'{(chosen.Reason.Length > 0 ? $": {chosen.Reason}" : "")}", step.OnFailure, Conclusion.Cancelled);
        }

        return Failed(run, step, await new StepRunner(run, step, random, past?.Attempts ?? 0, beside).RunAsync());
    }

    private static async Task<StepChosen> ChoiceAsync(RunScope run, PlannedStep step, IPrompt prompt)
    {
        // What was done is on disk before anybody is waited for.
        run.Journal.Flush();
        StepChosen chosen;
        try
        {
            chosen = await StepChoice.AskAsync(run, step, prompt, run.Stop.Interrupt);
        }
        catch (OperationCanceledException) when (run.IsStopping)
        {
            return new StepChosen(step.Id, "stop", "");
        }

        run.Journal.Append(chosen);
        if (chosen.Choice == "skip")
        {
            run.Journal.Append(new StepSkipped(step.Id, $"the operator: {chosen.Reason}"));
        }

        return chosen;
    }

    /// <param name="failure">Null when it did not fail.</param>
    private static Setback? Failed(RunScope run, PlannedStep step, string? failure)
    {
        if (failure is null)
        {
            return null;
        }

        var conclusion = run.IsStopping ? Conclusion.Cancelled
            : Gate.IsAt(step) && !run.State().Steps.Any(s => s.MayHaveChanged) ? Conclusion.Refused
            : Conclusion.Failed;
        return new Setback($"step '{step.Id}': {failure}", step.OnFailure, conclusion);
    }

    private static async Task<(Conclusion Conclusion, string Why)> ValidateAsync(RunScope run)
    {
        var checks = run.Plan.Validations;
        if (checks.IsEmpty && !run.IsStopping)
        {
            return (Conclusion.Succeeded, "");
        }

        // What the last step did is on disk before anybody waits for it to show; without a wait the end of the run is flushed right now.
        run.Journal.Flush();

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

    public static RunResult End(RunScope run, Conclusion conclusion, string why, long began, Func<RunState> state)
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
            ElapsedMs = (long)run.Ports.Time.GetElapsedTime(began).TotalMilliseconds,
        });
        run.Journal.Seal(run.Request.RunId, conclusion, run.Request.SealKey);
        return new RunResult(conclusion, exit, run.Mask.Text(why), state(), run.Folder.Path);
    }
}

/// <summary>What kept the steps from coming to their end.</summary>
/// <param name="Then">What is to be done about it.</param>
internal sealed record Setback(string Why, OnFailure Then, Conclusion As);
