using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Runbooks.Language.Text;

namespace Runbooks.Language.Diagnostics;

/// <summary>Diagnostics as JSON: the same values as the view, under stable names.</summary>
internal static class JsonDiagnostics
{
    // Relaxed: the text is no part of a web page, and people read it.
    public static readonly JsonWriterOptions Options = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Render(ImmutableArray<DiagnosticView> views) => Write(json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("diagnostics");
        foreach (var view in views)
        {
            WriteView(json, view);
        }

        json.WriteEndArray();
        json.WriteStartObject("summary");
        json.WriteNumber("errors", views.Count(v => v.Severity == Severity.Error));
        json.WriteNumber("warnings", views.Count(v => v.Severity == Severity.Warning));
        json.WriteNumber("infos", views.Count(v => v.Severity == Severity.Info));
        json.WriteEndObject();
        json.WriteEndObject();
    });

    /// <summary>The JSON text that <paramref name="write"/> writes, with a final newline.</summary>
    public static string Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            write(json);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }

    private static void WriteView(Utf8JsonWriter json, DiagnosticView view)
    {
        json.WriteStartObject();
        json.WriteString("code", view.Descriptor.Code);
        json.WriteString("name", view.Descriptor.Name);
        json.WriteString("severity", HumanDiagnostics.Word(view.Severity));
        json.WriteString("message", view.Message);
        if (view.Hint is { } hint)
        {
            json.WriteString("hint", hint);
        }

        WritePlace(json, view.Place);
        if (view.Related is { } related)
        {
            json.WriteStartObject("related");
            json.WriteString("message", related.Message);
            WritePlace(json, related.Place);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WritePlace(Utf8JsonWriter json, PlaceView place)
    {
        json.WriteString("path", place.Path);
        WritePosition(json, "start", place.Start);
        WritePosition(json, "end", place.End);
        if (place.Snippet is { } snippet)
        {
            json.WriteStartObject("snippet");
            json.WriteNumber("line", snippet.Line);
            json.WriteString("text", snippet.Text);
            json.WriteNumber("highlight_start", snippet.HighlightStart);
            json.WriteNumber("highlight_length", snippet.HighlightLength);
            json.WriteEndObject();
        }
    }

    private static void WritePosition(Utf8JsonWriter json, string name, LinePosition position)
    {
        json.WriteStartObject(name);
        json.WriteNumber("line", position.Line);
        json.WriteNumber("column", position.Column);
        json.WriteEndObject();
    }
}
