using System.Text;
using Runbooks.Engine.Journal;

namespace Runbooks.Cli.Views;

/// <summary>What a run came to, from its journal alone: used at the end of <c>exec</c> and by <c>runs show</c>.</summary>
public static class RunSummary
{
    /// <summary>The conclusion, why, and what is changed and what is not.</summary>
    public static string Conclusion(RunState state, string why, Conclusion conclusion, Style style)
    {
        var text = new StringBuilder();
        var colour = conclusion switch
        {
            Engine.Journal.Conclusion.Succeeded => style.Good,
            Engine.Journal.Conclusion.Inconclusive or Engine.Journal.Conclusion.Undone => style.Doubt,
            _ => style.Bad,
        };
        var reason = Unrepeated(state, why, conclusion);
        text.Append($"{colour}{Word(conclusion)}{style.Reset}{(reason.Length > 0 ? $": {reason}" : "")}\n");
        text.Append(ComponentTable.Of(state, style));
        if (conclusion != Engine.Journal.Conclusion.Succeeded && state.Started is not null)
        {
            text.Append(Changes(state));
        }

        return text.ToString();
    }

    /// <summary>The whole run for a person.</summary>
    /// <param name="standing">What is known of a run without a conclusion: still running, or interrupted.</param>
    public static string Whole(RunState state, string standing, JournalContent journal, Style style)
    {
        if (state.Started is not { } started)
        {
            return $"the journal holds no readable event{(journal.Break is { } broken ? $": line {broken.LineNumber}: {broken.Problem}" : "")}\n";
        }

        var text = new StringBuilder();
        text.Append($"run         {style.Strong}{started.RunId}{style.Reset}\n");
        text.Append($"playbook    {started.Playbook} {started.PlaybookVersion} ({started.PlaybookPath})\n");
        text.Append($"plan        sha256:{started.PlanDigest}\n");
        if (state.SavedPlan is { } saved)
        {
            text.Append($"saved as    {saved.PlanId}{(saved.SignedBy.Length > 0 ? $", signed by key {saved.SignedBy}" : "")}\n");
        }

        text.Append($"project     {started.Project}\n");
        text.Append($"operator    {Who(started.Operator, state.GitIdentity)}\n");
        if (started.ByHand == true)
        {
            text.Append("performed   by hand: a person did the steps and said what came of them; the tool started nothing\n");
        }

        if (started.Reason.Length > 0)
        {
            text.Append($"reason      {started.Reason}\n");
        }

        text.Append($"started     {state.StartedAt:yyyy-MM-dd HH:mm:ss}Z\n");
        text.Append($"conclusion  {ConclusionLine(state, standing, style)}\n");
        if (ComponentTable.Of(state, style) is { Length: > 0 } components)
        {
            text.Append('\n').Append(components);
        }

        Checks(text, "guards", state.Guards, style);
        if (!state.PreflightProblems.IsEmpty)
        {
            text.Append($"\nmissing\n{string.Concat(state.PreflightProblems.Select(p => $"  {p}\n"))}");
        }

        text.Append("\nsteps\n");
        foreach (var step in state.Steps)
        {
            Step(text, step, style);
        }

        Checks(text, "validations", state.Validations, style);
        if (state.Ended?.Conclusion != Engine.Journal.Conclusion.Succeeded)
        {
            text.Append('\n').Append(Changes(state));
        }

        text.Append('\n').Append(Trail(journal, style));
        return text.ToString();
    }

    public static string Word(Conclusion conclusion) => conclusion switch
    {
        Engine.Journal.Conclusion.TrailUnwritable => "trail-unwritable",
        Engine.Journal.Conclusion.UndoFailed => "undo-failed",
        _ => conclusion.ToString().ToLowerInvariant(),
    };

    /// <summary>Each guard and each need stands on a line of its own with its reason: those are counted, and not told once more.</summary>
    private static string Unrepeated(RunState state, string why, Conclusion conclusion)
    {
        // A refusal to resume also says what can be done about it.
        if (conclusion != Engine.Journal.Conclusion.Refused || state.Resumed > 0)
        {
            return why;
        }

        var unknown = state.Guards.Count(g => g.Verdict == "unknown");
        (int Count, string One, string Many)[] parts =
        [
            (state.Guards.Count(g => g.Verdict != "holds") - unknown, "a guard does not hold", "guards do not hold"),
            (unknown, "a guard is unknown", "guards are unknown"),
            (state.PreflightProblems.Length, "something is missing", "things are missing"),
        ];
        var counted = string.Join(", ", parts.Where(p => p.Count > 0).Select(p => p.Count == 1 ? p.One : $"{p.Count} {p.Many}"));
        return counted.Length > 0 ? counted : why;
    }

    private static string ConclusionLine(RunState state, string standing, Style style) => state.Ended is { } ended
        ? $"{(ended.Conclusion == Engine.Journal.Conclusion.Succeeded ? style.Good : style.Bad)}{Word(ended.Conclusion)}{style.Reset} after {RunView.Seconds(ended.ElapsedMs)}, exit {ended.ExitCode}{(ended.Why.Length > 0 ? $"\n            {Unrepeated(state, ended.Why, ended.Conclusion)}" : "")}"
        : $"{style.Doubt}none: {standing}{style.Reset}";

    private static string Who(Operator who, string git) =>
        $"{who.User}@{who.Host}, process {who.ProcessId}{(git.Length > 0 ? $", git {git}" : "")}{(who.CiUrl.Length > 0 ? $", {who.CiUrl}" : "")}";

    private static void Step(StringBuilder text, StepState step, Style style)
    {
        var (word, colour) = step.Standing switch
        {
            StepStanding.Succeeded => ("done", style.Good),
            StepStanding.Failed => ("failed", style.Bad),
            StepStanding.InDoubt => ("IN DOUBT", style.Doubt),
            StepStanding.Skipped => ("skipped", style.Faint),
            _ => ("not reached", style.Faint),
        };
        var name = step.Head.Name.Length > 0 ? $"  {step.Head.Name}" : "";
        var took = step.Ended is { } ended ? $"  {style.Faint}{RunView.Seconds(ended.ElapsedMs)}{(ended.Observed.Length > 0 ? $", {ended.Observed}" : "")}{style.Reset}" : "";
        text.Append($"  {colour}{word,-11}{style.Reset} {step.Head.Id}{name}{took}\n");
        if (step.Standing == StepStanding.InDoubt)
        {
            text.Append("              begun, and no outcome was recorded: it may have happened, in part, or not at all\n");
        }

        if (step.Ended?.Failure is { } failure)
        {
            text.Append($"              {failure}\n");
        }

        if (step.Approval is { } approval)
        {
            text.Append($"              approved by {approval.By} at {step.ApprovedAt:HH:mm:ss}Z{(approval.Reason.Length > 0 ? $": {approval.Reason}" : "")}; what was shown is in {approval.Shown}\n");
        }

        if (step.Undo != UndoStanding.None)
        {
            text.Append($"              {UndoWord(step)}{(step.UndoProblem.Length > 0 ? $": {step.UndoProblem}" : "")}\n");
        }

        if (step.SkipReason.Length > 0)
        {
            text.Append($"              {step.SkipReason}\n");
        }

        foreach (var kept in step.Kept)
        {
            text.Append(kept.Copy.Length > 0 ? $"              before: {kept.Path} saved as {kept.Copy}\n" : $"              before: {kept.Path} was not there\n");
        }

        if (step.Backup is { } backup)
        {
            text.Append($"              backup: {backup.Path}, {backup.Length} bytes, sha256:{backup.Sha256}\n");
        }

        foreach (var check in step.Checks.Where(c => c.Phase == "step"))
        {
            text.Append($"              {check.Verdict}: {check.Name} ({check.Observed})\n");
        }
    }

    private static void Checks(StringBuilder text, string title, IReadOnlyCollection<CheckAnswered> checks, Style style)
    {
        if (checks.Count == 0)
        {
            return;
        }

        text.Append($"\n{title}\n");
        foreach (var check in checks)
        {
            var colour = check.Verdict switch
            {
                "holds" => style.Good,
                "unknown" => style.Doubt,
                _ => style.Bad,
            };
            text.Append($"  {colour}{check.Verdict,-14}{style.Reset} {check.Name} ({check.Observed})\n");
        }
    }

    private static string Changes(RunState state)
    {
        if (state.UndoWhy.Length > 0)
        {
            return $"what was changed{(state.Steps.Any(s => s.MayHaveChanged) ? "" : " is as it was before")}\n{string.Concat(state.Steps.Where(s => s.WasBegunWithEffect).Select(UndoLine))}";
        }

        var changed = state.Steps.Where(s => s.MayHaveChanged).ToList();
        if (changed.Count == 0)
        {
            return "nothing was changed\n";
        }

        var untouched = state.Steps.Where(s => s.Standing is StepStanding.NotReached).Select(s => s.Head.Id).ToList();
        var lines = changed.Select(s => $"  {s.Head.Id}: {StandingWord(s)}\n");
        return $"changed\n{string.Concat(lines)}{(untouched.Count > 0 ? $"not begun\n  {string.Join(", ", untouched)}\n" : "")}";
    }

    /// <summary>Where a step stands that changed something or may have, with its undo when there was one.</summary>
    public static string Standing(StepState step) => $"{StandingWord(step)}{(step.Undo == UndoStanding.None ? "" : $"; {UndoWord(step)}")}";

    private static string UndoLine(StepState step) => $"  {step.Head.Id}: {StandingWord(step)}; {UndoWord(step)}{(step.UndoProblem.Length > 0 ? $": {step.UndoProblem}" : "")}\n";

    private static string StandingWord(StepState step) => step.Standing switch
    {
        StepStanding.InDoubt => "in doubt",
        StepStanding.Failed => "failed, may be changed in part",
        _ => "done",
    };

    private static string UndoWord(StepState step) => step.Undo switch
    {
        UndoStanding.Undone => "undone",
        UndoStanding.Failed => "its undo FAILED",
        UndoStanding.InDoubt => "its undo is IN DOUBT: begun, and no outcome was recorded",
        UndoStanding.Left => "NOT undone",
        _ => "NOT undone: the run ended before",
    };

    private static string Trail(JournalContent journal, Style style) => (journal.Break, journal.IsTorn, journal.IsSealed) switch
    {
        ({ } broken, true, _) => $"journal     {style.Doubt}{journal.Lines.Length} events; the last line ({broken.LineNumber}) was cut off while it was written{style.Reset}\n",
        ({ } broken, _, _) => $"journal     {style.Bad}line {broken.LineNumber} (byte {broken.Offset}): {broken.Problem}{style.Reset}\n",
        (_, _, true) => $"journal     {style.Good}{journal.Lines.Length} events, chain complete, sealed{style.Reset}\n",
        _ => $"journal     {style.Doubt}{journal.Lines.Length} events, chain complete, not sealed{style.Reset}\n",
    };
}
