using System.Collections.Immutable;
using Runbooks.Engine.Gates;
using Runbooks.Engine.Journal;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Planning;
using Runbooks.Engine.Ports;
using Runbooks.Engine.Procedures;
using Runbooks.Engine.Running;
using Runbooks.Language.Playbooks;

namespace Runbooks.Engine.Guiding;

/// <summary>A run whose steps a person performs: each item is shown, and what the person says of it is put on record. Nothing is started, nothing is connected to, and nothing outside the record is written.</summary>
/// <remarks>What somebody is not sure of is unknown: no pass for a check, and a step that stays in doubt.</remarks>
internal sealed class GuidedBody(RunScope run, IPrompt prompt, Random random)
{
    private readonly StepPage _page = new(run.Plan);
    private readonly ToldOutputs _told = new(run);

    public async Task<(Conclusion Conclusion, string Why)> GoAsync()
    {
        try
        {
            return await WalkAsync();
        }
        catch (OperationCanceledException)
        {
            return (Conclusion.Cancelled, run.IsStopping ? "it was stopped; what has no answer is in doubt" : "nobody answered: the terminal is gone");
        }
    }

    private async Task<(Conclusion Conclusion, string Why)> WalkAsync()
    {
        var guards = await ChecksAsync(run.Plan.Guards, "guard", "");
        if (guards.Any(g => g.Kind != VerdictKind.Holds))
        {
            return (Conclusion.Refused, Problem(run.Plan.Guards, guards));
        }

        foreach (var step in run.Plan.Steps)
        {
            if (await StepAsync(step) is { } setback)
            {
                return setback.Then == OnFailure.Undo && await TakeBackAsync(setback.Why) is { } undone ? (undone, setback.Why) : (setback.As, setback.Why);
            }
        }

        var validations = await ChecksAsync(run.Plan.Validations, "validation", "");
        if (validations.All(v => v.Kind == VerdictKind.Holds))
        {
            return (Conclusion.Succeeded, "");
        }

        var why = Problem(run.Plan.Validations, validations);
        return validations.All(v => v.Kind != VerdictKind.DoesNotHold) ? (Conclusion.Inconclusive, why)
            : run.Plan.Playbook.OnFailure == OnFailure.Undo && await TakeBackAsync(why) is { } taken ? (taken, why)
            : (Conclusion.Failed, why);
    }

    /// <returns>Null when the walk goes on.</returns>
    private async Task<Setback?> StepAsync(PlannedStep planned)
    {
        var step = _told.Complete(planned);
        if (step.Condition is { Decision: false } condition)
        {
            run.Journal.Append(new StepSkipped(step.Id, $"{condition.Expression} is false"));
            return null;
        }

        var began = run.Ports.Time.GetTimestamp();
        if (Gate.IsAt(step) && step.Action is { Preview.IsKnown: true })
        {
            // A gate touches nothing but the operator: it is the same as in a run.
            return await new StepRunner(run, step, random).RunAsync() is { } denied
                ? new Setback($"step '{step.Id}': {denied}", step.OnFailure, run.State().Steps.Any(s => s.MayHaveChanged) ? Conclusion.Failed : Conclusion.Refused)
                : null;
        }

        if (step.Backups.FirstOrDefault(b => !IsMade(b)) is { } missing)
        {
            var none = $"it does not begin without the backup of step '{missing}'";
            run.Journal.Append(Ended(step, began, none, none, changed: false));
            return new Setback($"step '{step.Id}': {none}", step.OnFailure, Conclusion.Failed);
        }

        run.Journal.Append(new StepIntended(step.Id, 1, StepRunner.ActionsOf(step.Action)));
        run.Journal.Flush();
        Show([.. Procedure.StepHead(step), .. _page.Doing(step), .. Procedure.Remarks(step, _page)]);
        var (word, note) = await AskAsync($"{step.Id}? done, failed, skipped or unsure, then what you saw:", ["done", "failed", "skipped", "unsure"], noted: ["failed", "skipped"]);
        var failure = await AnsweredAsync(step, word, note, began);
        return failure is null ? null : new Setback(run.Mask.Text($"step '{step.Id}': {failure}"), step.OnFailure, Conclusion.Failed);
    }

    /// <param name="id">As <see cref="PlannedStep.Backups"/> has it: of a step, or of all its items.</param>
    private bool IsMade(string id) => run.State().Steps.Where(s => s.Head.Id == id || s.Head.Id.StartsWith($"{id}[", StringComparison.Ordinal)).All(s => s.Standing == StepStanding.Succeeded);

    /// <returns>Why it failed; null when it did not.</returns>
    private async Task<string?> AnsweredAsync(PlannedStep step, string word, string note, long began)
    {
        switch (word)
        {
            case "skipped":
                run.Journal.Append(new StepSkipped(step.Id, $"{Who}: {note}"));
                return null;
            case "unsure":
                if (!step.Validate.IsEmpty && (await ChecksAsync(step.Validate, "step", step.Id)).All(v => v.Kind == VerdictKind.Holds))
                {
                    run.Journal.Append(new StepSettled(step.Id, "done", $"all that must hold after it holds, says {Who}"));
                    return null;
                }

                return $"{Who} is not sure whether it is done{(note.Length > 0 ? $": {note}" : "")}";
            case "failed":
                run.Journal.Append(Ended(step, began, note, note, step.Effect != Effect.Read));
                return note;
            default:
                var (captured, sha256) = await PrintedAsync(step);
                run.Journal.Append(Ended(step, began, null, note, step.Effect != Effect.Read) with { Captured = captured, CapturedSha256 = sha256 });
                var verdicts = await ChecksAsync(step.Validate, "step", step.Id);
                return verdicts.All(v => v.Kind == VerdictKind.Holds) ? null : Problem(step.Validate, verdicts);
        }
    }

    /// <summary>What a step printed, when later items need it: it is put into them. Nobody who cannot say it is held up: then it stays to be filled in.</summary>
    private async Task<(string? Name, string? Sha256)> PrintedAsync(PlannedStep step)
    {
        if (!_told.IsNeeded(step))
        {
            return (null, null);
        }

        run.Journal.Flush();
        var printed = await prompt.AskAsync($"{step.Id}: what did it print? what comes later needs it, as one line; nothing when you cannot say:", run.Stop.Interrupt) ?? throw new OperationCanceledException("the terminal is gone");
        return printed.Length == 0 ? (null, null) : _told.Keep(step, printed);
    }

    /// <summary>The last one first. An obstacle leaves all that come after it as they are: they count on what it should have left.</summary>
    /// <returns>Null when there is nothing to take back.</returns>
    private async Task<Conclusion?> TakeBackAsync(string why)
    {
        var begun = run.State().Steps.Where(s => s.WasBegunWithEffect).Select(s => run.Plan.Steps.First(p => p.Id == s.Head.Id)).Reverse().ToList();
        if (begun.Count == 0)
        {
            return null;
        }

        run.Journal.Append(new UndoBegun(run.Mask.Text(why)));
        var (complete, obstacle) = (true, "");
        foreach (var step in begun)
        {
            var problem = obstacle.Length > 0 ? obstacle : step.CanBeUndone ? "" : "it has no inverse";
            if (problem.Length > 0)
            {
                run.Journal.Append(new StepLeft(step.Id, problem));
                complete = false;
            }
            else if (!await TakeBackAsync(step))
            {
                (complete, obstacle) = (false, $"'{step.Id}' was not taken back before");
            }
        }

        return complete ? Conclusion.Undone : Conclusion.UndoFailed;
    }

    private async Task<bool> TakeBackAsync(PlannedStep step)
    {
        var began = run.Ports.Time.GetTimestamp();
        run.Journal.Append(new StepIntended(step.Id, 1, StepRunner.ActionsOf(step.Undo?.Action)) { Undo = true });
        run.Journal.Flush();
        Show([new Heading(3, $"Take back {step.Number}. {step.Id}"), .. _page.TakingBack(step)]);
        var (word, note) = await AskAsync($"{step.Id} taken back? done, failed or unsure, then what you saw:", ["done", "failed", "unsure"], noted: ["failed"]);
        if (word == "unsure")
        {
            return false;
        }

        run.Journal.Append(Ended(step, began, word == "failed" ? note : null, note, changed: true) with { Undo = true });
        var checks = step.Undo?.Validate ?? [];
        return word == "done" && (await ChecksAsync(checks, "undo", step.Id)).All(v => v.Kind == VerdictKind.Holds);
    }

    /// <param name="changed">Whatever a person tried may have changed something.</param>
    private StepEnded Ended(PlannedStep step, long began, string? failure, string note, bool changed) => new()
    {
        Step = step.Id,
        Attempt = 1,
        Failure = failure is null ? null : run.Mask.Text(failure),
        Changed = changed,
        Observed = run.Mask.Text($"by hand, says {Who}{(note.Length > 0 && failure is null ? $": {note}" : "")}"),
        ElapsedMs = (long)run.Ports.Time.GetElapsedTime(began).TotalMilliseconds,
    };

    private async Task<ImmutableArray<Verdict>> ChecksAsync(ImmutableArray<PlannedCheck> checks, string phase, string step)
    {
        var verdicts = ImmutableArray.CreateBuilder<Verdict>();
        foreach (var check in checks.Select(_told.Complete))
        {
            // What was said so far is on disk before anybody is waited for.
            run.Journal.Flush();
            var began = run.Ports.Time.GetTimestamp();
            Show([.. _page.Looking(check)]);
            var (word, note) = await AskAsync("does it hold? yes, no or unsure, then what you saw:", ["yes", "no", "unsure"], noted: []);
            var observed = run.Mask.Text($"by hand, says {Who}{(note.Length > 0 ? $": {note}" : "")}");
            var verdict = word switch
            {
                "yes" => Verdict.Holds(observed),
                "no" => Verdict.DoesNotHold(observed),
                _ => Verdict.Unknown(observed),
            };
            verdicts.Add(verdict);
            run.Journal.Append(new CheckAnswered
            {
                Phase = phase,
                Step = step,
                Name = run.Mask.Text(check.Name),
                Statement = run.Mask.Text(check.Statement),
                Verdict = CheckWords.Of(verdict.Kind),
                Observed = observed,
                Asked = 1,
                ElapsedMs = (long)run.Ports.Time.GetElapsedTime(began).TotalMilliseconds,
            });
        }

        return verdicts.ToImmutable();
    }

    /// <param name="noted">The answers that need a note: nobody can work with a failure of which nothing is known.</param>
    /// <exception cref="OperationCanceledException">The run is stopped, or the terminal is gone.</exception>
    private async Task<(string Word, string Note)> AskAsync(string question, ImmutableArray<string> words, ImmutableArray<string> noted)
    {
        while (true)
        {
            if (await prompt.AskAsync(question, run.Stop.Interrupt) is not { } answer)
            {
                throw new OperationCanceledException("the terminal is gone");
            }

            var (word, note) = Gate.Words(answer);
            if (!words.Contains(word))
            {
                prompt.Show($"write {string.Join(", ", words.Take(words.Length - 1))} or {words[^1]}, and what you saw after it\n");
            }
            else if (note.Length == 0 && noted.Contains(word))
            {
                prompt.Show($"write what you saw, or why, after '{word}'\n");
            }
            else
            {
                return (word, note);
            }
        }
    }

    private void Show(ImmutableArray<PageBlock> blocks) => prompt.Show(run.Mask.Text($"\n{ProcedureText.Write(blocks)}\n"));

    private string Who => run.Request.Operator.User;

    private static string Problem(ImmutableArray<PlannedCheck> checks, ImmutableArray<Verdict> verdicts) => string.Join("; ", checks.Zip(verdicts)
        .Where(a => a.Second.Kind != VerdictKind.Holds)
        .Select(a => $"'{a.First.Name}' {(a.Second.Kind == VerdictKind.Unknown ? "is unknown" : "does not hold")}: {a.Second.Observed}"));
}
