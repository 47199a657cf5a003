using System.Globalization;
using System.Text;
using Runbooks.Language.Text;

namespace Runbooks.Advisor.Assessing;

/// <summary>An assessment for a person under stress: the answers, then under each what was seen.</summary>
public static class AssessmentText
{
    private const int NameWidth = 15;

    public static string Write(Assessment assessment)
    {
        var text = new StringBuilder();
        var name = assessment.Facts.Vars.TryGetValue("compose_project", out var project) ? project[0] : assessment.Subject.Name;
        text.Append(CultureInfo.InvariantCulture, $"{(name.Length > 0 ? $"project {name}" : assessment.Subject.Directory)}, {Times.Shown(assessment.At)}, looked at for {assessment.Elapsed.TotalSeconds:0.0}s; nothing was changed\n\n");
        foreach (var line in assessment.Lines)
        {
            text.Append(CultureInfo.InvariantCulture, $"{line.Name,-NameWidth}{Line(line.Answer)}\n");
        }

        foreach (var line in assessment.Lines.Where(l => !l.Findings.IsEmpty))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{line.Name}\n");
            foreach (var finding in line.Findings)
            {
                text.Append(CultureInfo.InvariantCulture, $"  {(finding.IsKnown ? "-" : "?")} {Line(Said(finding))}\n      {Line(finding.Source)}, {finding.At.UtcDateTime:HH:mm:ss'Z'}\n");
            }
        }

        List(text, "contradictions", assessment.Contradictions);
        List(text, "what is not known of the project", assessment.Subject.Remarks);
        text.Append("\nnext: runbook advise\n");
        return text.ToString();
    }

    internal static string Said(Finding finding) => !finding.IsKnown ? $"unknown: {finding.Value}" : finding.Means.Length > 0 ? $"{finding.Value}: {finding.Means}" : finding.Value;

    private static void List(StringBuilder text, string title, IEnumerable<string> items)
    {
        var isFirst = true;
        foreach (var item in items)
        {
            text.Append(isFirst ? $"\n{title}\n" : "").Append(CultureInfo.InvariantCulture, $"  - {Line(item)}\n");
            isFirst = false;
        }
    }

    /// <summary>What came from outside may hold escapes, and lines of its own.</summary>
    private static string Line(string text) => DisplayText.Visible(text.ReplaceLineEndings(" "));
}
