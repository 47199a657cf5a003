using System.Collections.Immutable;
using System.Text.Json;

namespace Runbooks.Language.Diagnostics;

/// <summary>Diagnostics as a SARIF 2.1.0 log (https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html).</summary>
internal static class SarifDiagnostics
{
    public static string Render(ImmutableArray<DiagnosticView> views, string toolVersion)
    {
        var rules = views.Select(v => v.Descriptor).Distinct().OrderBy(d => d.Code, StringComparer.Ordinal).ToImmutableArray();
        return JsonDiagnostics.Write(json =>
        {
            json.WriteStartObject();
            json.WriteString("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
            json.WriteString("version", "2.1.0");
            json.WriteStartArray("runs");
            json.WriteStartObject();
            WriteTool(json, rules, toolVersion);
            json.WriteString("columnKind", "utf16CodeUnits");
            json.WriteStartArray("results");
            foreach (var view in views)
            {
                WriteResult(json, view, rules.IndexOf(view.Descriptor));
            }

            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private static void WriteTool(Utf8JsonWriter json, ImmutableArray<Descriptor> rules, string toolVersion)
    {
        json.WriteStartObject("tool");
        json.WriteStartObject("driver");
        json.WriteString("name", "runbook");
        json.WriteString("semanticVersion", toolVersion);
        json.WriteStartArray("rules");
        foreach (var rule in rules)
        {
            json.WriteStartObject();
            json.WriteString("id", rule.Code);
            json.WriteString("name", rule.Name);
            WriteText(json, "shortDescription", rule.Title);
            WriteText(json, "help", rule.Help);
            json.WriteStartObject("defaultConfiguration");
            json.WriteString("level", Level(rule.Severity));
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteResult(Utf8JsonWriter json, DiagnosticView view, int ruleIndex)
    {
        json.WriteStartObject();
        json.WriteString("ruleId", view.Descriptor.Code);
        json.WriteNumber("ruleIndex", ruleIndex);
        json.WriteString("level", Level(view.Severity));
        WriteText(json, "message", view.Hint is { } hint ? $"{view.Message} ({hint})" : view.Message);
        json.WriteStartArray("locations");
        WriteLocation(json, view.Place, message: null);
        json.WriteEndArray();
        if (view.Related is { } related)
        {
            json.WriteStartArray("relatedLocations");
            WriteLocation(json, related.Place, related.Message);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void WriteLocation(Utf8JsonWriter json, PlaceView place, string? message)
    {
        json.WriteStartObject();
        if (message is not null)
        {
            json.WriteNumber("id", 1);
            WriteText(json, "message", message);
        }

        json.WriteStartObject("physicalLocation");
        json.WriteStartObject("artifactLocation");
        json.WriteString("uri", UriOf(place.Path));
        json.WriteEndObject();
        json.WriteStartObject("region");
        json.WriteNumber("startLine", place.Start.Line);
        json.WriteNumber("startColumn", place.Start.Column);
        json.WriteNumber("endLine", place.End.Line);
        json.WriteNumber("endColumn", place.End.Column);
        if (place.Snippet is { } snippet)
        {
            WriteText(json, "snippet", snippet.Text);
        }

        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter json, string name, string text)
    {
        json.WriteStartObject(name);
        json.WriteString("text", text);
        json.WriteEndObject();
    }

    private static string UriOf(string path)
    {
        var escaped = string.Join('/', path.Replace('\\', '/').Split('/').Select(Uri.EscapeDataString));
        return path.StartsWith('/') ? $"file://{escaped}" : escaped;
    }

    private static string Level(Severity severity) => severity switch
    {
        Severity.Error => "error",
        Severity.Warning => "warning",
        _ => "note",
    };
}
