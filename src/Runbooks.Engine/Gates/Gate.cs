using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Runbooks.Engine.Hashing;
using Runbooks.Engine.Journal;
using Runbooks.Engine.Planning;
using Runbooks.Engine.Running;

namespace Runbooks.Engine.Gates;

/// <summary>The gate of one step: asks for an approval, or finds it on the command line, and puts it on record with what was shown.</summary>
internal sealed class Gate(RunScope run, PlannedStep step) : IGate
{
    public static bool IsAt(PlannedStep step) => step.Action?.Approval is not null;

    /// <summary>Gates that nobody could open: neither is there a terminal, nor a name on the command line.</summary>
    public static IEnumerable<string> Problems(RunScope run)
    {
        var passed = run.State().Steps.Where(s => s.Standing == StepStanding.Skipped || IsOpen(run, s)).Select(s => s.Head.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var step in run.Plan.Steps.Where(s => !passed.Contains(s.Id)))
        {
            if (step.Action?.Approval is { } needed)
            {
                var name = NameFor(run, step);
                if (name is not null && !needed.By.IsEmpty && !needed.By.Contains(name))
                {
                    yield return $"step '{step.Id}' may be approved by {string.Join(", ", needed.By)}, and '--approve' says {name}";
                }
                else if (name is null && run.Request.Prompt is null)
                {
                    yield return $"step '{step.Id}' needs an approval, and there is no terminal to ask at: give '--approve {step.Id}=NAME', with the name of who approves{(needed.By.IsEmpty ? "" : $" ({string.Join(" or ", needed.By)})")}";
                }
            }
        }
    }

    /// <summary>Somebody let the run pass it before it was interrupted, and need not be asked again: what was approved is still what comes, and in time; or nothing comes.</summary>
    public static bool IsOpen(RunScope run, StepState past)
    {
        if (past is not { Standing: StepStanding.Succeeded, Approval: { } approval })
        {
            return false;
        }

        var isGood = approval.PlanDigest == run.Basis && run.Ports.Time.GetUtcNow() < approval.Until;
        return isGood || run.State().Steps.SkipWhile(s => s.Head.Id != past.Head.Id).Skip(1).All(s => s.Standing is StepStanding.Succeeded or StepStanding.Skipped);
    }

    public async Task<string?> PassAsync(GateTerms terms, CancellationToken cancel)
    {
        var state = run.State();
        var text = run.Mask.Text(GateText.OfGate(terms, step, run.Plan, run.Basis, state, Next()));
        var (name, sha256) = Keep(text);
        if (NameFor(run, step) is { } given)
        {
            // Given before the run began, for the plan that it began with.
            var until = run.Began + terms.Expires;
            if (run.Ports.Time.GetUtcNow() < until)
            {
                run.Journal.Append(new ApprovalGiven(step.Id, run.Mask.Text(given), run.Mask.Text(run.Request.Reason), run.Basis, until, "command-line") { Shown = name, ShownSha256 = sha256 });
                return null;
            }

            if (run.Request.Prompt is null)
            {
                return $"the approval of {given} was given when the run was begun, was good for {Language.Fields.Durations.Format(terms.Expires)} and has expired";
            }
        }

        return run.Request.Prompt is { } prompt
            ? await AskAsync(prompt, terms, text, (name, sha256), cancel)
            : "nobody can be asked: there is no terminal, and no '--approve' for it";
    }

    private async Task<string?> AskAsync(Ports.IPrompt prompt, GateTerms terms, string text, (string Name, string Sha256) shown, CancellationToken cancel)
    {
        prompt.Show($"\n{text}\n");
        while (true)
        {
            if (await prompt.AskAsync("approve? yes or no, then your reason:", cancel) is not { } answer)
            {
                return "nobody answered: the terminal is gone";
            }

            var (word, reason) = Words(answer);
            if (word is not ("yes" or "no"))
            {
                prompt.Show("write 'yes' or 'no', and a reason after it if you like\n");
                continue;
            }

            var name = await NameAsync(prompt, terms, isYes: word == "yes", cancel);
            if (name is null)
            {
                return "nobody answered: the terminal is gone";
            }

            if (word == "no")
            {
                run.Journal.Append(new ApprovalDenied(step.Id, run.Mask.Text(name), run.Mask.Text(reason), run.Basis) { Shown = shown.Name, ShownSha256 = shown.Sha256 });
                return $"{name} did not approve{(reason.Length > 0 ? $": {reason}" : "")}";
            }

            run.Journal.Append(new ApprovalGiven(step.Id, run.Mask.Text(name), run.Mask.Text(reason), run.Basis, run.Ports.Time.GetUtcNow() + terms.Expires, "terminal") { Shown = shown.Name, ShownSha256 = shown.Sha256 });
            return null;
        }
    }

    /// <summary>Everybody may say no; who says yes must be one of those who may.</summary>
    private async Task<string?> NameAsync(Ports.IPrompt prompt, GateTerms terms, bool isYes, CancellationToken cancel)
    {
        var own = run.Request.Operator.User;
        var mayOwn = !isYes || terms.By.IsEmpty || terms.By.Contains(own);
        while (true)
        {
            if (await prompt.AskAsync(mayOwn ? $"your name [{own}]:" : $"your name ({string.Join(" or ", terms.By)}):", cancel) is not { } answer)
            {
                return null;
            }

            var name = answer.Length == 0 && mayOwn ? own : answer;
            if (!isYes || terms.By.IsEmpty || terms.By.Contains(name))
            {
                return name;
            }

            prompt.Show($"{(name.Length > 0 ? $"{name} may not approve this" : "an approval needs a name")}: {string.Join(", ", terms.By)} may\n");
        }
    }

    /// <summary>The steps up to the next gate, with what is known by now.</summary>
    private ImmutableArray<PlannedStep> Next() =>
        [.. run.Plan.Steps.SkipWhile(s => s.Id != step.Id).Skip(1).TakeWhile(s => !IsAt(s)).Where(s => s.Condition?.Decision != false).Select(s => StepNow.Of(run, s))];

    private (string Name, string Sha256) Keep(string text)
    {
        // The number of the event makes the name unique: a gate can be come to again.
        var name = string.Create(CultureInfo.InvariantCulture, $"gates/{run.Journal.Count + 1:D4}-{step.Syntax.Id}.txt");
        var bytes = Encoding.UTF8.GetBytes(text);
        RunBody.WriteFile(run, name, bytes);
        return (name, Sha256.Hex(bytes));
    }

    private static string? NameFor(RunScope run, PlannedStep step) =>
        run.Request.Approvals.TryGetValue(step.Id, out var name) || run.Request.Approvals.TryGetValue(step.Syntax.Id, out name) ? name : null;

    internal static (string Word, string Reason) Words(string answer)
    {
        var text = answer.Trim();
        var end = text.AsSpan().IndexOfAny(" ,:;\t");
        return end < 0 ? (text.ToLowerInvariant(), "") : (text[..end].ToLowerInvariant(), text[end..].Trim(' ', ',', ':', ';', '\t'));
    }
}
