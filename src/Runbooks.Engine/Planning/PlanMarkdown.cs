using System.Collections.Immutable;
using System.Text;

namespace Runbooks.Engine.Planning;

/// <summary>The plan for a pull request: what a reviewer reads.</summary>
public static class PlanMarkdown
{
    public static string Write(Plan plan)
    {
        var text = new StringBuilder();
        var playbook = plan.Playbook;
        text.Append($"## Plan: {Escape(playbook.Name)} {Escape(playbook.Version)}\n\n");
        if (playbook.Description.Length > 0)
        {
            text.Append($"{Escape(playbook.Description.Trim())}\n\n");
        }

        text.Append($"| | |\n|---|---|\n| playbook | {Code(playbook.Source.Path)} |\n| lock | {Code(plan.Lock)} |\n");
        foreach (var fact in PlanText.Facts(playbook))
        {
            var space = fact.IndexOf(' ', StringComparison.Ordinal);
            text.Append($"| {fact[..space]} | {Escape(fact[(space + 1)..])} |\n");
        }

        text.Append($"| digest | `sha256:{plan.Digest}` |\n");
        if (PlanText.Shown(plan.Vars).Any())
        {
            text.Append("\n### Vars\n\n| name | value | from |\n|---|---|---|\n");
            foreach (var variable in PlanText.Shown(plan.Vars))
            {
                text.Append($"| {variable.Name} | {Code(variable.Display)} | {Escape(variable.Origin)} |\n");
            }
        }

        Checks(text, "Guards (all must hold before the first step)", plan.Guards);
        text.Append("\n### Steps\n");
        var begun = new HashSet<string>(StringComparer.Ordinal) { "" };
        foreach (var step in plan.Steps)
        {
            foreach (var part in PlanText.BegunWith(step, plan, begun))
            {
                text.Append($"\n**{Escape(part)}**\n");
            }

            Step(text, step, plan);
        }

        Checks(text, "Validations (all must hold at the end)", plan.Validations);
        return text.ToString();
    }

    private static void Step(StringBuilder text, PlannedStep step, Plan plan)
    {
        text.Append($"\n{step.Number}. **{Escape(step.Id)}**{(step.Name.Length > 0 ? " " + Escape(step.Name) : "")}\n");
        if (step.Why.Length > 0)
        {
            text.Append($"\n   {Escape(step.Why)}\n");
        }

        if (step.Condition is { } condition)
        {
            text.Append($"\n   when {Code(condition.Expression)}: {PlanText.Decision(condition)}\n");
        }

        if (step.Action is null)
        {
            return;
        }

        var lines = step.Action.Preview.Effects.SelectMany(e => PlanText.Lines(e, plan.ProjectDirectory)).ToList();
        var isDiff = step.Action.Preview.Effects.Any(e => e is Kinds.FileChange);
        Fence(text, isDiff ? "diff" : "", isDiff ? lines.Select(l => l.StartsWith("  ", StringComparison.Ordinal) ? l[2..] : $"# {l}") : lines);
        text.Append($"\n   {Escape(string.Join(" · ", PlanText.Properties(step, plan.Playbook)))}\n");
        Protection(text, step);
        if (step.Undo is { } undo)
        {
            text.Append("\n   undo, declared:\n");
            Fence(text, "", (undo.Action?.Preview.Effects ?? []).SelectMany(e => PlanText.Lines(e, plan.ProjectDirectory)));
            Protection(text, undo);
        }

        foreach (var check in step.Validate)
        {
            text.Append($"   - must hold: {Escape(PlanText.CheckLine(check))}\n");
        }
    }

    private static void Protection(StringBuilder text, PlannedStep step)
    {
        if (PlanText.Protection(step) is { } protection)
        {
            text.Append($"\n   **data**: {Escape(protection)}\n");
        }
    }

    private static void Fence(StringBuilder text, string language, IEnumerable<string> lines)
    {
        var all = lines.ToList();
        var fence = new string('`', Math.Max(3, all.Select(LongestTicks).DefaultIfEmpty(0).Max() + 1));
        text.Append($"\n   {fence}{language}\n");
        foreach (var line in all)
        {
            text.Append($"   {line}\n");
        }

        text.Append($"   {fence}\n");
    }

    private static void Checks(StringBuilder text, string title, ImmutableArray<PlannedCheck> checks)
    {
        if (checks.IsEmpty)
        {
            return;
        }

        text.Append($"\n### {title}\n\n");
        foreach (var check in checks)
        {
            text.Append($"- [ ] {Escape(PlanText.CheckLine(check))}\n");
        }
    }

    /// <summary>A code span that no back-tick in the text can end.</summary>
    private static string Code(string text)
    {
        var line = PlanText.OneLine(text).Replace("|", "\\|", StringComparison.Ordinal);
        var ticks = new string('`', LongestTicks(line) + 1);
        return line.Length == 0 ? "" : ticks.Length == 1 ? $"`{line}`" : $"{ticks} {line} {ticks}";
    }

    private static int LongestTicks(string text)
    {
        var (longest, current) = (0, 0);
        foreach (var c in text)
        {
            current = c == '`' ? current + 1 : 0;
            longest = Math.Max(longest, current);
        }

        return longest;
    }

    private static string Escape(string text)
    {
        var escaped = new StringBuilder();
        foreach (var c in PlanText.OneLine(text))
        {
            if ("\\`*_{}[]<>#|@".Contains(c, StringComparison.Ordinal))
            {
                escaped.Append('\\');
            }

            escaped.Append(c);
        }

        return escaped.ToString();
    }
}
