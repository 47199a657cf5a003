using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Runbooks.Engine.Audit;

namespace Runbooks.Cli.Views;

/// <summary>What an audit found, for programs: one object.</summary>
public static class AuditJson
{
    public static string Of(AuditReport report)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("verdict", AuditText.WordOf(report));
            json.WriteStartObject("ledger");
            json.WriteNumber("lines", report.Ledger.Lines.Length);
            json.WriteString("head", report.Ledger.Head.Word);
            json.WriteEndObject();
            if (report.Anchor is { } anchor)
            {
                json.WriteString("anchor", anchor.Word);
            }

            json.WriteStartArray("runs");
            foreach (var run in report.Runs)
            {
                json.WriteStartObject();
                json.WriteString("run", run.RunId);
                json.WriteString("standing", AuditText.WordOf(run.Standing));
                json.WriteNumber("events", run.Events);
                json.WriteString("remark", run.Remark);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartArray("problems");
            foreach (var problem in report.Problems)
            {
                Write(json, problem);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    private static void Write(Utf8JsonWriter json, AuditProblem problem)
    {
        json.WriteStartObject();
        json.WriteString("file", problem.File);
        Write(json, "offset", problem.Offset);
        Write(json, "line", problem.LineNumber);
        json.WriteString("meaning", AuditText.WordOf(problem.Meaning));
        json.WriteString("text", problem.Text);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, long? number)
    {
        if (number is { } known)
        {
            json.WriteNumber(name, known);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
