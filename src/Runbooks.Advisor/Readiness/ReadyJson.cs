using System.Text;
using System.Text.Json;

namespace Runbooks.Advisor.Readiness;

/// <summary>A report for programs.</summary>
public static class ReadyJson
{
    public static string Write(ReadyReport report)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("answer", ReadyReport.WordOf(report.Verdict));
            json.WriteString("project", report.Project);
            json.WriteString("folder", report.Folder);
            json.WriteString("target", report.Target);
            json.WriteString("at", report.At);
            json.WriteStartArray("items");
            foreach (var item in report.Items)
            {
                Write(json, item);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray()) + "\n";
    }

    private static void Write(Utf8JsonWriter json, ReadyItemAnswer item)
    {
        json.WriteStartObject();
        json.WriteString("item", item.Name);
        json.WriteString("statement", item.Statement);
        json.WriteString("answer", ReadyReport.WordOf(item.Answer.Kind));
        json.WriteString("summary", item.Answer.Summary);
        json.WriteString("why", item.Why);
        json.WriteStartArray("seen");
        foreach (var seen in item.Answer.Seen)
        {
            json.WriteStartObject();
            json.WriteString("source", seen.Source);
            json.WriteString("value", seen.Value);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("fixes");
        foreach (var fix in item.Answer.Fixes)
        {
            json.WriteStartObject();
            json.WriteString("what", fix.What);
            json.WriteString("command", fix.Command);
            json.WriteString("patches", fix.Patch?.Path ?? "");
            json.WriteString("block", fix.Block);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("elapsed_ms", (long)item.Elapsed.TotalMilliseconds);
        json.WriteEndObject();
    }
}
