using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Runbooks.Advisor.Situations;
using Runbooks.Advisor.Strategies;

namespace Runbooks.Advisor.Advising;

/// <summary>Advice for programs.</summary>
public static class AdviceJson
{
    /// <summary>Indented, with one final newline.</summary>
    public static string Write(Advice advice)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            Write(json, advice);
        }

        buffer.Write("\n"u8);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter json, Advice advice)
    {
        var way = advice.Way;
        json.WriteStartObject();
        json.WriteNumber("format", 1);
        json.WriteString("strategy", advice.Strategy);
        json.WriteString("recommendation", way.Recommendation);
        json.WriteString("risk", AdviceWords.Of(way.Risk));
        Texts(json, "risk_reasons", way.RiskReasons);
        Range(json, "downtime", way.Downtime);
        Range(json, "estimated_time", way.Time);
        json.WriteString("command", advice.CommandLine);
        json.WriteStartArray("fill_in");
        foreach (var variable in advice.Missing)
        {
            json.WriteStartObject();
            json.WriteString("var", variable.Name);
            json.WriteString("placeholder", variable.Placeholder);
            json.WriteString("meaning", variable.Meaning);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        Texts(json, "notes", advice.Notes);
        Texts(json, "order", way.Order);
        Texts(json, "because", [.. advice.Reasons.Select(r => r.Evidence.IsEmpty ? r.Text : $"{r.Text} ({string.Join("; ", r.Evidence.Select(AdviceWords.Of))})")]);
        Texts(json, "against", way.Against);
        json.WriteStartArray("alternatives");
        foreach (var other in advice.Alternatives)
        {
            json.WriteStartObject();
            json.WriteString("strategy", other.Strategy);
            json.WriteString("why_not", other.WhyNot);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        Texts(json, "blocked_by", way.BlockedBy);
        Texts(json, "would_change", way.WouldChange);
        Probe(json, way.Probe);
        json.WriteStartArray("evidence");
        foreach (var evidence in advice.Evidence)
        {
            json.WriteStartObject();
            json.WriteString("fact", evidence.Fact);
            json.WriteString("source", evidence.Source);
            json.WriteString("observed_at", evidence.ObservedAt);
            json.WriteString("value", evidence.Value);
            json.WriteString("means", evidence.Means);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Probe(Utf8JsonWriter json, Probe? probe)
    {
        if (probe is null)
        {
            json.WriteNull("probe");
            return;
        }

        json.WriteStartObject("probe");
        json.WriteString("fact", probe.Fact);
        json.WriteString("question", probe.Question);
        json.WriteString("command", probe.Command.Length > 0 ? probe.Command : null);
        json.WriteString("decides", probe.Decides);
        json.WriteEndObject();
    }

    private static void Range(Utf8JsonWriter json, string name, TimeRange? range)
    {
        if (range is null)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartObject(name);
        json.WriteNumber("from_seconds", (long)range.Shortest.TotalSeconds);
        json.WriteNumber("to_seconds", (long)range.Longest.TotalSeconds);
        json.WriteString("text", AdviceWords.Of(range));
        Texts(json, "based_on", range.From);
        json.WriteEndObject();
    }

    private static void Texts(Utf8JsonWriter json, string name, ImmutableArray<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }
}
