using System.Text;
using Runbooks.Engine.Audit;
using Runbooks.Engine.Journal;

namespace Runbooks.Cli.Views;

/// <summary>What an audit found, for people.</summary>
public static class AuditText
{
    public static string Of(AuditReport report, Style style)
    {
        var text = new StringBuilder();
        text.Append($"ledger    {Ledger(report, style)}\n");
        if (report.Anchor is { } anchor)
        {
            text.Append($"anchor    {anchor.Word}\n");
        }

        foreach (var run in report.Runs)
        {
            var (colour, remark) = (ColourOf(run.Standing, style), run.Remark.Length > 0 ? $", {run.Remark}" : "");
            text.Append($"run       {run.RunId}  {colour}{WordOf(run.Standing),-8}{style.Reset} {run.Events} events{remark}\n");
        }

        foreach (var problem in report.Problems)
        {
            text.Append($"{style.Bad}{WordOf(problem.Meaning),-9}{style.Reset} {Problem(problem)}\n");
        }

        return text.Append(Verdict(report, style)).Append('\n').ToString();
    }

    /// <summary>Where and what, in one line.</summary>
    public static string Problem(AuditProblem problem) => $"{problem.File}{Place(problem)}: {problem.Text}";

    public static string WordOf(Alteration meaning) => meaning.ToString().ToLowerInvariant();

    public static string WordOf(RunStanding standing) => standing.ToString().ToLowerInvariant();

    /// <summary>The whole in one word.</summary>
    public static string WordOf(AuditReport report) => report.IsAltered ? "altered" : report.IsUnknown ? "unknown" : "whole";

    private static string Place(AuditProblem problem) => problem switch
    {
        { LineNumber: { } line, Offset: { } offset } => $" line {line} (byte {offset})",
        { Offset: { } offset } => $" (byte {offset})",
        _ => "",
    };

    private static string Ledger(AuditReport report, Style style) => report.Ledger switch
    {
        { IsAltered: true, Lines.Length: var good } => $"{style.Bad}{good} lines are good, then the chain is broken{style.Reset}",
        { IsTorn: true, Lines.Length: var good } => $"{good} lines, chain complete; {style.Doubt}the last line was not written to its end{style.Reset}",
        { Lines.Length: var good, Head: var head } => $"{good} lines, chain complete, head {head.Word}",
    };

    private static string Verdict(AuditReport report, Style style)
    {
        var unsealed = report.Runs.Count(r => r.Standing == RunStanding.Unsealed);
        return (report.IsAltered, report.IsUnknown) switch
        {
            (true, _) => $"{style.Bad}altered{style.Reset}: {Problems(report)}",
            (_, true) => $"{style.Doubt}unknown{style.Reset}: {Problems(report)}, and nothing that could be read is altered",
            _ => $"{style.Good}whole{style.Reset}: every byte is as it was written{(unsealed > 0 ? $"; {unsealed} {(unsealed == 1 ? "run is" : "runs are")} not sealed" : "")}",
        };
    }

    private static string Problems(AuditReport report) => report.Problems.Length == 1 ? "1 problem" : $"{report.Problems.Length} problems";

    private static string ColourOf(RunStanding standing, Style style) => standing switch
    {
        RunStanding.Whole => style.Good,
        RunStanding.Altered => style.Bad,
        _ => style.Doubt,
    };
}
