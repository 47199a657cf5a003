using System.Collections.Immutable;
using System.Text.Json;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Fields;
using Runbooks.Language.Playbooks;

namespace Runbooks.Language.Schema;

/// <summary>The JSON Schema of playbooks, made from the declared fields: what an editor completes and marks is what the reader accepts.</summary>
/// <remarks>
/// Draft 2020-12, in words that draft-07 editors know as well (only the name <c>$defs</c> is newer, and references reach it in both).
/// It is a little more lenient than the reader: names in expressions, identical ids and contradictions are beyond a schema.
/// </remarks>
public static class PlaybookSchema
{
    private const string Identity = "urn:runbooks:playbook:v1";

    /// <summary>The schema as indented JSON with a final newline; the same catalogue always gives the same text.</summary>
    public static string Generate(KindCatalogue catalogue) => JsonDiagnostics.Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("$schema", "https://json-schema.org/draft/2020-12/schema");
        json.WriteString("$id", Identity);
        json.WriteString("title", "playbook");
        json.WriteString("description", "A playbook of the runbook tool, language version v1.");
        FieldSchema.WriteMapping(json, StepFields.Playbook);
        json.WriteStartObject("$defs");
        WriteOneOfKinds(json, "check", StepFields.Check, catalogue.Checks);
        WriteKinds(json, "check", catalogue.Checks);
        WriteOneOfKinds(json, "step", StepFields.Step, catalogue.Steps);
        WriteKinds(json, "step", catalogue.Steps);
        json.WriteEndObject();
        json.WriteEndObject();
    });

    /// <summary>A mapping in which exactly one key names a kind, beside the fields that all kinds share.</summary>
    private static void WriteOneOfKinds(Utf8JsonWriter json, string word, FieldSet common, ImmutableSortedDictionary<string, KindDeclaration> kinds)
    {
        json.WriteStartObject(word);
        json.WriteString("type", "object");
        json.WriteStartObject("properties");
        foreach (var kind in kinds.Values)
        {
            json.WriteStartObject(kind.Name);
            json.WriteString("description", kind.Summary);
            json.WriteString("$ref", $"#/$defs/{word}_{kind.Name}");
            json.WriteEndObject();
        }

        foreach (var field in common.Fields)
        {
            FieldSchema.WriteProperty(json, field);
        }

        json.WriteEndObject();
        json.WriteBoolean("additionalProperties", value: false);
        json.WriteStartArray("oneOf");
        foreach (var kind in kinds.Values)
        {
            json.WriteStartObject();
            json.WriteStartArray("required");
            json.WriteStringValue(kind.Name);
            json.WriteEndArray();
            WriteForbidden(json, common, kind);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>The common fields that mean nothing beside this kind.</summary>
    private static void WriteForbidden(Utf8JsonWriter json, FieldSet common, KindDeclaration kind)
    {
        var forbidden = common.Names.Where(n => !StepFields.AppliesTo(kind, n)).ToList();
        if (forbidden.Count == 0)
        {
            return;
        }

        json.WriteStartObject("properties");
        foreach (var name in forbidden)
        {
            json.WriteBoolean(name, value: false);
        }

        json.WriteEndObject();
    }

    private static void WriteKinds(Utf8JsonWriter json, string word, ImmutableSortedDictionary<string, KindDeclaration> kinds)
    {
        foreach (var kind in kinds.Values)
        {
            json.WriteStartObject($"{word}_{kind.Name}");
            FieldSchema.WriteBody(json, kind.Fields);
            json.WriteEndObject();
        }
    }
}
