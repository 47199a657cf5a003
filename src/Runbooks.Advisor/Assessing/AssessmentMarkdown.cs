using System.Globalization;
using System.Text;
using Runbooks.Advisor.Advising;
using Runbooks.Language.Text;

namespace Runbooks.Advisor.Assessing;

/// <summary>An assessment for a ticket.</summary>
public static class AssessmentMarkdown
{
    public static string Write(Assessment assessment)
    {
        var text = new StringBuilder($"# Assessment{(assessment.Subject.Name.Length > 0 ? $" of {Plain(assessment.Subject.Name)}" : "")}, {Times.Shown(assessment.At)}\n\n| | |\n|---|---|\n");
        foreach (var line in assessment.Lines)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {line.Name} | {Plain(line.Answer)} |\n");
        }

        foreach (var line in assessment.Lines.Where(l => !l.Findings.IsEmpty))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {char.ToUpperInvariant(line.Name[0])}{line.Name[1..]}\n\n| what | means | source | at |\n|---|---|---|---|\n");
            foreach (var finding in line.Findings)
            {
                text.Append(CultureInfo.InvariantCulture, $"| {Plain(finding.Value)} | {Plain(finding.Means)} | {Plain(finding.Source)} | {finding.At.UtcDateTime:HH:mm:ss'Z'} |\n");
            }
        }

        List(text, "Contradictions", assessment.Contradictions);
        List(text, "What is not known of the project", assessment.Subject.Remarks);
        return text.ToString();
    }

    private static void List(StringBuilder text, string title, IEnumerable<string> items)
    {
        var isFirst = true;
        foreach (var item in items)
        {
            text.Append(isFirst ? $"\n## {title}\n\n" : "").Append(CultureInfo.InvariantCulture, $"- {Plain(item)}\n");
            isFirst = false;
        }
    }

    private static string Plain(string text) => AdviceMarkdown.Plain(DisplayText.Visible(text.ReplaceLineEndings(" ")));
}
