using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Runbooks.Advisor.Reading;
using Runbooks.Advisor.Situations;

namespace Runbooks.Advisor.Assessing;

/// <summary>An assessment for programs, in the form of facts: <c>runbook advise --facts</c> takes it. What is said to people stands below <c>assessment</c>.</summary>
public static class AssessmentJson
{
    /// <summary>Indented, with one final newline.</summary>
    public static string Write(Assessment assessment)
    {
        var buffer = new ArrayBufferWriter<byte>(8192);
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            FactsJson.Write(json, assessment.Facts);
            json.WriteStartObject(FactKeys.Assessment);
            json.WriteString("project", assessment.Subject.Name);
            json.WriteString("at", Times.Iso(assessment.At));
            json.WriteNumber("elapsed_ms", (long)assessment.Elapsed.TotalMilliseconds);
            json.WriteStartArray("lines");
            foreach (var line in assessment.Lines)
            {
                Line(json, line);
            }

            json.WriteEndArray();
            json.WriteStartArray("contradictions");
            foreach (var text in assessment.Contradictions)
            {
                json.WriteStringValue(text);
            }

            json.WriteEndArray();
            json.WriteStartArray("unseen");
            foreach (var (probe, why) in assessment.Unseen)
            {
                json.WriteStartObject();
                json.WriteString("probe", probe);
                json.WriteString("why", why);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartArray("remarks");
            foreach (var text in assessment.Subject.Remarks)
            {
                json.WriteStringValue(text);
            }

            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Line(Utf8JsonWriter json, AssessedLine line)
    {
        json.WriteStartObject();
        json.WriteString("name", line.Name);
        json.WriteString("answer", line.Answer);
        json.WriteStartArray("findings");
        foreach (var finding in line.Findings)
        {
            json.WriteStartObject();
            json.WriteString("fact", finding.Fact);
            json.WriteBoolean("known", finding.IsKnown);
            json.WriteString("value", finding.Value);
            json.WriteString("means", finding.Means);
            json.WriteString("source", finding.Source);
            json.WriteString("observed_at", Times.Iso(finding.At));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
