using System.Collections.Immutable;
using System.Text;
using Runbooks.Engine.Kinds;
using Runbooks.Language.Fields;
using Runbooks.Language.Playbooks;

namespace Runbooks.Engine.Planning;

/// <summary>The plan for a person at a terminal: everything that will happen, in the order in which it will.</summary>
public static class PlanText
{
    private const string Indent = "       ";

    public static string Write(Plan plan)
    {
        var text = new StringBuilder();
        Head(text, plan);
        if (Shown(plan.Vars).Any())
        {
            text.Append("\nvars\n");
            var shown = Shown(plan.Vars).ToList();
            var width = shown.Max(v => v.Name.Length);
            foreach (var variable in shown)
            {
                text.Append($"  {variable.Name.PadRight(width)}  {OneLine(variable.Display)}  ({variable.Origin})\n");
            }
        }

        Checks(text, "guards: all must hold before the first step", plan.Guards);
        text.Append("\nsteps\n");
        var begun = new HashSet<string>(StringComparer.Ordinal) { "" };
        foreach (var step in plan.Steps)
        {
            foreach (var part in BegunWith(step, plan, begun))
            {
                text.Append($"     {part}\n");
            }

            Step(text, step, plan);
        }

        Checks(text, "validations: all must hold at the end", plan.Validations);
        Foot(text, plan);
        return text.ToString();
    }

    /// <summary>Without those of parts that say once more what stands above.</summary>
    internal static IEnumerable<PlannedVar> Shown(IEnumerable<PlannedVar> vars) => vars.Where(v => v.Origin != PlannedVar.Given);

    /// <summary>The lines of one effect, without indentation: the first is the headline.</summary>
    public static IEnumerable<string> Lines(PlannedEffect effect, string projectDirectory)
    {
        switch (effect)
        {
            case ProgramStart start:
                foreach (var line in CommandLine.Lines(start.Argv))
                {
                    yield return line;
                }

                foreach (var addition in start.Environment)
                {
                    yield return $"  env {addition.Name}={CommandLine.Show(addition.Value)}";
                }

                if (start.WorkingDirectory != projectDirectory)
                {
                    yield return $"  in  {start.WorkingDirectory}";
                }

                if (!start.StandardInput.Parts.IsEmpty)
                {
                    foreach (var line in CommandLine.Block("  stdin", start.StandardInput))
                    {
                        yield return line;
                    }
                }

                if (start.ReadsFrom is { } source)
                {
                    yield return $"  < {source.Display}";
                }

                if (start.WritesTo is { } target)
                {
                    yield return $"  > {target}";
                }

                break;
            case FileChange change:
                yield return change.BeforeSha256 == change.AfterSha256 ? $"{change.Path}: nothing to change" : change.Path;
                foreach (var note in change.Notes)
                {
                    yield return $"  {OneLine(note)}";
                }

                foreach (var line in change.Diff.Split('\n', StringSplitOptions.RemoveEmptyEntries))
                {
                    yield return $"  {line}";
                }

                break;
            case RequestSent request:
                yield return $"{request.Method} {request.Url.Display}";
                foreach (var header in request.Headers)
                {
                    yield return $"  {header.Name}: {header.Value.Display}";
                }

                if (!request.Body.Parts.IsEmpty)
                {
                    yield return $"  {OneLine(request.Body.Display)}";
                }

                break;
            case ArchiveMade archive:
                yield return $"saves {string.Join(", ", archive.Sources)}";
                yield return $"  to  {archive.To ?? "the run's own folder"}";
                break;
            case ArchiveUnpacked unpacked:
                yield return $"puts back what is in {unpacked.From.Display}";
                yield return $"  to  {unpacked.Into ?? "where it came from"}";
                break;
            case FileRestored restored:
                yield return $"{restored.To}: as {restored.Path} was in {restored.Revision.Display}";
                break;
            case Waiting waiting:
                yield return waiting.Text;
                break;
            default:
                break;
        }
    }

    private static void Head(StringBuilder text, Plan plan)
    {
        var playbook = plan.Playbook;
        text.Append($"plan   {playbook.Name}{(playbook.Version.Length > 0 ? " " + playbook.Version : "")}  ({playbook.Source.Path})\n");
        if (playbook.Description.Length > 0)
        {
            text.Append($"       {OneLine(playbook.Description)}\n");
        }

        var facts = Facts(playbook);
        if (facts.Length > 0)
        {
            text.Append($"       {string.Join(" · ", facts)}\n");
        }

        text.Append($"in     {plan.ProjectDirectory}\nlock   {plan.Lock}\ndigest sha256:{plan.Digest}\n");
    }

    private static void Foot(StringBuilder text, Plan plan)
    {
        var runs = plan.Steps.Count(s => PlanJson.WillOf(s) == "run");
        var skips = plan.Steps.Count(s => PlanJson.WillOf(s) == "skip");
        var unknown = plan.Steps.Length - runs - skips;
        var parts = new List<string> { $"{runs} to run" };
        if (skips > 0)
        {
            parts.Add($"{skips} skipped");
        }

        if (unknown > 0)
        {
            parts.Add($"{unknown} decided during the run");
        }

        text.Append($"\n{string.Join(", ", parts)}; nothing was changed by this preview.\n");
        if (plan.Steps.Any(s => s.Action?.Preview.Effects.Any(e => e is ProgramStart) == true))
        {
            text.Append("Every program also gets RUNBOOK_RUN=«run.id» and RUNBOOK_STEP=<id of its step>.\n");
        }
    }

    /// <summary>A line for each playbook whose steps begin with this one, the outermost first, and for the steps beside which it is run when it is the first of them.</summary>
    /// <param name="begun">Ids of the parts and groups that have begun before.</param>
    internal static IEnumerable<string> BegunWith(PlannedStep step, Plan plan, HashSet<string> begun)
    {
        foreach (var part in PartsBegunWith(step, plan, begun))
        {
            yield return part;
        }

        if (step.Group is not { } group || !begun.Add(group.Id))
        {
            yield break;
        }

        var count = plan.Steps.Count(s => s.Group?.Id == group.Id);
        var most = group.Limit < count ? $", at most {group.Limit} at a time" : "";
        yield return $"{group.Id}: {(group.Name.Length > 0 ? $"{OneLine(group.Name)} · " : "")}{count} steps side by side{most} · {(group.EndsOthers ? "the first failure ends the others" : "a failure ends no other")}";
        if (group.Why.Length > 0)
        {
            yield return $"  why {OneLine(group.Why)}";
        }
    }

    private static IEnumerable<string> PartsBegunWith(PlannedStep step, Plan plan, HashSet<string> begun) => plan.Parts
        .Where(p => (step.Part == p.Id || step.Part.StartsWith($"{p.Id}/", StringComparison.Ordinal)) && begun.Add(p.Id))
        .Select(p => $"{p.Id}: {string.Join(" · ", [$"{p.Playbook.Name}{(p.Playbook.Version.Length > 0 ? " " + p.Playbook.Version : "")} ({p.Playbook.Source.Path})", .. Facts(p.Playbook).Where(f => !f.StartsWith("failure", StringComparison.Ordinal))])}");

    internal static string[] Facts(Playbook playbook) =>
    [
        .. playbook.Strategy.Length > 0 ? [$"strategy {playbook.Strategy}"] : Array.Empty<string>(),
        .. playbook.Risk.Length > 0 ? [$"risk {playbook.Risk}"] : Array.Empty<string>(),
        .. playbook.Downtime is { } downtime ? [$"downtime about {Durations.Format(downtime)}"] : Array.Empty<string>(),
        .. playbook.OnFailure == OnFailure.Undo ? ["failure undoes what was changed"] : Array.Empty<string>(),
    ];

    internal static void Step(StringBuilder text, PlannedStep step, Plan plan)
    {
        text.Append($"{step.Number,3}. {step.Id}{(step.Name.Length > 0 ? "  " + OneLine(step.Name) : "")}\n");
        if (step.Why.Length > 0)
        {
            text.Append($"{Indent}why      {OneLine(step.Why)}\n");
        }

        if (step.Condition is { } condition)
        {
            text.Append($"{Indent}when     {condition.Expression}: {Decision(condition)}\n");
        }

        if (step.Action is null)
        {
            return;
        }

        Effects(text, step.Kind.Declaration.Name, step.Action.Preview, plan);
        text.Append($"{Indent}effect   {string.Join(" · ", Properties(step, plan.Playbook))}\n");
        if (Protection(step) is { } protection)
        {
            text.Append($"{Indent}data     {protection}\n");
        }

        if (step.Undo is { } undo)
        {
            Effects(text, "undo", undo.Action?.Preview ?? ActionPreview.Of(), plan);
            if (Protection(undo) is { } covered)
            {
                text.Append($"{Indent}         data: {covered}\n");
            }

            foreach (var check in undo.Validate)
            {
                text.Append($"{Indent}         then must hold: {CheckLine(check)}\n");
            }
        }

        foreach (var check in step.Validate)
        {
            text.Append($"{Indent}check    {CheckLine(check)}\n");
        }

        foreach (var check in step.Retry.Until)
        {
            text.Append($"{Indent}until    {CheckLine(check)}\n");
        }
    }

    internal static string Decision(PlannedCondition condition) => condition.Decision switch
    {
        true => "true",
        false => "false, so it is skipped",
        null => "decided when the run gets there",
    };

    internal static IEnumerable<string> Properties(PlannedStep step, Playbook playbook)
    {
        yield return step.Effect.ToString().ToLowerInvariant();
        if (step.Effect != Effect.Read)
        {
            yield return step.Undo is not null ? "undo declared" : step.Action?.Inverse is { } inverse ? $"reversible: {inverse}" : step.IsPointOfNoReturn ? "POINT OF NO RETURN: it destroys, and has no undo" : "no undo";
            if (step.OnFailure != playbook.OnFailure)
            {
                yield return step.OnFailure == OnFailure.Undo ? "its failure undoes what was changed" : "its failure undoes nothing";
            }
        }

        yield return $"timeout {Durations.Format(step.Timeout)}";
        if (step.Retry.Attempts > 1)
        {
            yield return $"{step.Retry.Attempts} attempts, {step.Retry.Backoff} {Durations.Format(step.Retry.Delay)}{(step.Retry.Jitter ? " with jitter" : "")}";
        }

        if (step.Captures)
        {
            yield return "output captured";
        }
    }

    /// <summary>How what a step destroys is kept; null when it destroys nothing.</summary>
    internal static string? Protection(PlannedStep step) => (step.Backups, step.Acknowledged) switch
    {
        ({ IsEmpty: false } backups, _) => $"backed up by {(backups.Length == 1 ? "step" : "steps")} {string.Join(", ", backups.Select(b => $"'{b}'"))}, without which it does not begin",
        (_, { } reason) => $"NO BACKUP, acknowledged: {OneLine(reason)}",
        _ => null,
    };

    internal static string CheckLine(PlannedCheck check)
    {
        var line = new StringBuilder(OneLine(check.Name));
        if (check.Name != check.Statement)
        {
            line.Append($": {OneLine(check.Statement)}");
        }

        if (check.Within > TimeSpan.Zero)
        {
            line.Append($" · within {Durations.Format(check.Within)}");
        }

        if (check.For > TimeSpan.Zero)
        {
            line.Append($" · for {Durations.Format(check.For)}");
        }

        return line.ToString();
    }

    private static void Effects(StringBuilder text, string label, ActionPreview preview, Plan plan)
    {
        foreach (var effect in preview.Effects)
        {
            var first = true;
            foreach (var line in Lines(effect, plan.ProjectDirectory))
            {
                text.Append($"{Indent}{(first ? label.PadRight(8) : "        ")} {line}\n");
                first = false;
            }
        }
    }

    private static void Checks(StringBuilder text, string title, ImmutableArray<PlannedCheck> checks)
    {
        if (checks.IsEmpty)
        {
            return;
        }

        text.Append($"\n{title}\n");
        foreach (var check in checks)
        {
            text.Append($"  ? {CheckLine(check)}\n");
            foreach (var effect in check.Question?.Effects ?? [])
            {
                var lines = Lines(effect, "").ToLookup(l => l.StartsWith(CommandLine.BlockMark, StringComparison.Ordinal));
                text.Append($"      asks by {string.Join(' ', lines[false])}\n{string.Concat(lines[true].Select(l => $"      {l}\n"))}");
            }
        }
    }

    internal static string OneLine(string text)
    {
        var line = text.ReplaceLineEndings("⏎").Trim('⏎', ' ');
        return line.Length <= 400 ? line : $"{line.AsSpan(0, 300)}… ({text.Length} characters)";
    }
}
