using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Runbooks.Advisor.Reading;
using Runbooks.Advisor.Situations;
using static Runbooks.Advisor.Reading.JsonParts;

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
            Array(json, "lines", assessment.Lines, line => Line(json, line));
            Array(json, "contradictions", assessment.Contradictions, json.WriteStringValue);
            Array(json, "unseen", assessment.Unseen, u => Object(json, ("probe", u.Probe), ("why", u.Why)));
            Array(json, "remarks", assessment.Subject.Remarks, json.WriteStringValue);
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
        Array(json, "findings", line.Findings, f => Object(json, ("fact", f.Fact), ("known", f.IsKnown), ("value", f.Value), ("means", f.Means), ("source", f.Source), ("observed_at", Times.Iso(f.At))));
        json.WriteEndObject();
    }
}
