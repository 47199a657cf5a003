using System.Text;
using Runbooks.Engine.Journal;

namespace Runbooks.Cli.Views;

/// <summary>Where each playbook of a run stands, a line for each: what a person who took several components back wants to know first.</summary>
internal static class ComponentTable
{
    private const string Kind = "playbook";

    /// <returns>Empty for a run of a single playbook.</returns>
    public static string Of(RunState state, Style style)
    {
        // The step that stands for it is there too when the playbook itself was left out of the plan.
        var rows = state.Steps.Where(s => s.Head.Kind == Kind && !s.Head.Id.Contains('/', StringComparison.Ordinal)).Select(s => s.Head.Id).ToList();
        if (rows.Count == 0)
        {
            return "";
        }

        var width = rows.Max(r => r.Length);
        var text = new StringBuilder("components\n");
        foreach (var row in rows)
        {
            var (colour, words) = Standing(row, [.. state.Steps.Where(s => s.Head.Id == row || s.Head.Id.StartsWith($"{row}/", StringComparison.Ordinal))], style);
            text.Append($"  {row.PadRight(width)}  {colour}{words}{style.Reset}\n");
        }

        return text.ToString();
    }

    private static (string Colour, string Words) Standing(string row, List<StepState> steps, Style style)
    {
        var changed = steps.Where(s => s.WasBegunWithEffect).ToList();
        var undone = changed.Count(s => s.Undo == UndoStanding.Undone);
        var back = changed.Count == 0 || undone == 0 ? "" : undone == changed.Count ? "; taken back" : "; taken back in part";
        var validated = steps.Exists(s => s.Head.Id == row && s.Checks.Any(c => c.Phase == "step"));
        return steps switch
        {
            [{ Standing: StepStanding.Skipped } only] => (style.Faint, $"left out: {only.SkipReason}"),
            _ when steps.All(s => s.Standing == StepStanding.NotReached) => (style.Faint, "not begun"),
            _ when steps.Find(s => s.Standing == StepStanding.InDoubt) is { } doubt => (style.Doubt, $"IN DOUBT in step '{doubt.Head.Id}'{back}"),
            _ when steps.Find(s => s.Standing == StepStanding.Failed) is { } failed => (style.Bad, $"failed in step '{failed.Head.Id}'{back}"),
            _ when steps.TrueForAll(s => s.Standing is StepStanding.Succeeded or StepStanding.Skipped) => back.Length == 0 ? (style.Good, validated ? "done, and its validations hold" : "done") : (style.Doubt, $"done{back}"),
            _ => (style.Doubt, $"begun, and stopped before step '{steps.Find(s => s.Standing == StepStanding.NotReached)?.Head.Id}'{back}"),
        };
    }
}
