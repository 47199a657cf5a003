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
        text.Append($"## Plan: {MarkdownText.Escape(playbook.Name)} {MarkdownText.Escape(playbook.Version)}\n\n");
        if (playbook.Description.Length > 0)
        {
            text.Append($"{MarkdownText.Escape(playbook.Description.Trim())}\n\n");
        }

        text.Append($"| | |\n|---|---|\n| playbook | {MarkdownText.Code(playbook.Source.Path)} |\n| lock | {MarkdownText.Code(plan.Lock)} |\n");
        foreach (var fact in PlanText.Facts(playbook))
        {
            var space = fact.IndexOf(' ', StringComparison.Ordinal);
            text.Append($"| {fact[..space]} | {MarkdownText.Escape(fact[(space + 1)..])} |\n");
        }

        text.Append($"| digest | `sha256:{plan.Digest}` |\n");
        if (PlanText.Shown(plan.Vars).Any())
        {
            text.Append("\n### Vars\n\n| name | value | from |\n|---|---|---|\n");
            foreach (var variable in PlanText.Shown(plan.Vars))
            {
                text.Append($"| {variable.Name} | {MarkdownText.Code(variable.Display)} | {MarkdownText.Escape(variable.Origin)} |\n");
            }
        }

        Checks(text, "Guards (all must hold before the first step)", plan.Guards);
        text.Append("\n### Steps\n");
        var begun = new HashSet<string>(StringComparer.Ordinal) { "" };
        foreach (var step in plan.Steps)
        {
            foreach (var part in PlanText.BegunWith(step, plan, begun))
            {
                text.Append($"\n**{MarkdownText.Escape(part)}**\n");
            }

            Step(text, step, plan);
        }

        Checks(text, "Validations (all must hold at the end)", plan.Validations);
        return text.ToString();
    }

    private static void Step(StringBuilder text, PlannedStep step, Plan plan)
    {
        text.Append($"\n{step.Number}. **{MarkdownText.Escape(step.Id)}**{(step.Name.Length > 0 ? " " + MarkdownText.Escape(step.Name) : "")}\n");
        if (step.Why.Length > 0)
        {
            text.Append($"\n   {MarkdownText.Escape(step.Why)}\n");
        }

        if (step.Condition is { } condition)
        {
            text.Append($"\n   when {MarkdownText.Code(condition.Expression)}: {PlanText.Decision(condition)}\n");
        }

        if (step.Action is null)
        {
            return;
        }

        var lines = step.Action.Preview.Effects.SelectMany(e => PlanText.Lines(e, plan.ProjectDirectory)).ToList();
        var isDiff = step.Action.Preview.Effects.Any(e => e is Kinds.FileChange);
        text.Append('\n');
        MarkdownText.Fence(text, isDiff ? "diff" : "", isDiff ? lines.Select(l => l.StartsWith("  ", StringComparison.Ordinal) ? l[2..] : $"# {l}") : lines, "   ");
        text.Append($"\n   {MarkdownText.Escape(string.Join(" · ", PlanText.Properties(step, plan.Playbook)))}\n");
        Protection(text, step);
        if (step.Undo is { } undo)
        {
            text.Append("\n   undo, declared:\n\n");
            MarkdownText.Fence(text, "", (undo.Action?.Preview.Effects ?? []).SelectMany(e => PlanText.Lines(e, plan.ProjectDirectory)), "   ");
            Protection(text, undo);
        }

        foreach (var check in step.Validate)
        {
            text.Append($"   - must hold: {MarkdownText.Escape(PlanText.CheckLine(check))}\n");
        }
    }

    private static void Protection(StringBuilder text, PlannedStep step)
    {
        if (PlanText.Protection(step) is { } protection)
        {
            text.Append($"\n   **data**: {MarkdownText.Escape(protection)}\n");
        }
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
            text.Append($"- [ ] {MarkdownText.Escape(PlanText.CheckLine(check))}\n");
        }
    }
}
