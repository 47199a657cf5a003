using System.Globalization;
using System.Text.Json;
using Runbooks.Language.Fields;

namespace Runbooks.Language.Schema;

/// <summary>The part of the schema that one field is.</summary>
internal static class FieldSchema
{
    private const string Name = "^[a-z][a-z0-9_]*$";
    private const string Duration = "^\\s*([0-9]*\\.?[0-9]+(ms|s|m|h|d))+\\s*$";
    private const string HasExpression = "\\{\\{";

    /// <summary>Writes <c>"name": { … }</c>.</summary>
    public static void WriteProperty(Utf8JsonWriter json, Field field)
    {
        json.WriteStartObject(field.Name);
        json.WriteString("description", field.Otherwise is { } otherwise ? $"{field.Summary} (otherwise: {otherwise})" : field.Summary);
        if (field.Default is { } text)
        {
            json.WritePropertyName("default");
            json.WriteRawValue(field.Shape is FieldShape.Integer or FieldShape.Number or FieldShape.Boolean ? text : $"\"{JsonEncodedText.Encode(text)}\"");
        }

        WriteShape(json, field);
        json.WriteEndObject();
    }

    /// <summary>Writes the members of a mapping's schema into the object that is open.</summary>
    public static void WriteMapping(Utf8JsonWriter json, FieldSet set)
    {
        json.WriteString("type", "object");
        json.WriteStartObject("properties");
        foreach (var field in set.Fields)
        {
            WriteProperty(json, field);
        }

        json.WriteEndObject();
        var required = set.Fields.Where(f => f.Required).ToList();
        if (required.Count > 0)
        {
            json.WriteStartArray("required");
            required.ForEach(f => json.WriteStringValue(f.Name));
            json.WriteEndArray();
        }

        json.WriteBoolean("additionalProperties", value: false);
    }

    /// <summary>Writes a mapping, or its short form where a bare value can stand for it.</summary>
    public static void WriteBody(Utf8JsonWriter json, FieldSet set)
    {
        if (set.Shorthand is { } name && set.Find(name) is { } shorthand && set.Fields.All(f => !f.Required || f == shorthand))
        {
            AnyOf(json, () => WriteShape(json, shorthand), () => WriteMapping(json, set));
        }
        else
        {
            WriteMapping(json, set);
        }
    }

    private static void WriteShape(Utf8JsonWriter json, Field field)
    {
        switch (field.Shape)
        {
            case FieldShape.Text:
                WriteScalar(json, field.NotEmpty);
                break;
            case FieldShape.Name:
                WriteString(json, Name);
                break;
            case FieldShape.Integer:
                OrExpression(json, field, () => WriteNumber(json, field, "integer"));
                break;
            case FieldShape.Number:
                OrExpression(json, field, () => WriteNumber(json, field, "number"));
                break;
            case FieldShape.Boolean:
                OrExpression(json, field, () => json.WriteString("type", "boolean"));
                break;
            case FieldShape.Duration:
                OrExpression(json, field, () => WriteString(json, Duration));
                break;
            case FieldShape.Choice:
                OrExpression(json, field, () => WriteChoices(json, field));
                break;
            case FieldShape.Path or FieldShape.Script:
                json.WriteString("type", "string");
                json.WriteNumber("minLength", 1);
                break;
            case FieldShape.Pattern:
                // Not "format: regex": that is another dialect, and an editor would mark good patterns.
                json.WriteString("type", "string");
                break;
            case FieldShape.Words or FieldShape.TextList:
                AnyOf(json, () => WriteScalar(json, notEmpty: field.Shape == FieldShape.Words), () => WriteList(json, () => WriteScalar(json, notEmpty: false)));
                break;
            case FieldShape.Any:
                AnyOf(json, () => WriteScalar(json, notEmpty: false), () => WriteList(json, () => WriteScalar(json, notEmpty: false), mayBeEmpty: true));
                break;
            case FieldShape.TextMap:
                json.WriteString("type", "object");
                json.WriteStartObject("additionalProperties");
                WriteScalar(json, notEmpty: false);
                json.WriteEndObject();
                break;
            case FieldShape.Object:
                WriteBody(json, FieldsOf(field));
                break;
            case FieldShape.ObjectList:
                WriteList(json, () => WriteBody(json, FieldsOf(field)), mayBeEmpty: true);
                break;
            case FieldShape.ObjectMap:
                json.WriteString("type", "object");
                json.WriteStartObject("additionalProperties");
                WriteBody(json, FieldsOf(field));
                json.WriteEndObject();
                break;
            case FieldShape.Checks:
                WriteList(json, () => json.WriteString("$ref", "#/$defs/check"));
                break;
            case FieldShape.Steps:
                WriteList(json, () => json.WriteString("$ref", "#/$defs/step"));
                break;
            case FieldShape.Action:
                json.WriteString("$ref", "#/$defs/step");
                break;
            case FieldShape.Condition:
                json.WriteStartArray("type");
                json.WriteStringValue("string");
                json.WriteStringValue("boolean");
                json.WriteEndArray();
                break;
            default:
                throw new InvalidOperationException($"the shape {field.Shape} has no schema");
        }
    }

    private static void OrExpression(Utf8JsonWriter json, Field field, Action plain)
    {
        if (field.AllowsTemplates)
        {
            AnyOf(json, plain, () => WriteString(json, HasExpression));
        }
        else
        {
            plain();
        }
    }

    private static void AnyOf(Utf8JsonWriter json, params ReadOnlySpan<Action> alternatives)
    {
        json.WriteStartArray("anyOf");
        foreach (var alternative in alternatives)
        {
            json.WriteStartObject();
            alternative();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Text: in YAML a number or a boolean is text where text is wanted.</summary>
    private static void WriteScalar(Utf8JsonWriter json, bool notEmpty)
    {
        json.WriteStartArray("type");
        json.WriteStringValue("string");
        json.WriteStringValue("number");
        json.WriteStringValue("boolean");
        json.WriteEndArray();
        if (notEmpty)
        {
            json.WriteNumber("minLength", 1);
        }
    }

    private static void WriteString(Utf8JsonWriter json, string pattern)
    {
        json.WriteString("type", "string");
        json.WriteString("pattern", pattern);
    }

    private static void WriteNumber(Utf8JsonWriter json, Field field, string type)
    {
        json.WriteString("type", type);
        if (field.Minimum is { } minimum)
        {
            json.WriteNumber("minimum", minimum);
        }

        if (field.Maximum is { } maximum)
        {
            json.WriteNumber("maximum", maximum);
        }
    }

    /// <summary>A choice that looks like a number or a boolean in YAML is allowed in that form too.</summary>
    private static void WriteChoices(Utf8JsonWriter json, Field field)
    {
        json.WriteStartArray("enum");
        foreach (var choice in field.Choices)
        {
            json.WriteStringValue(choice);
            if (choice is "true" or "false" || long.TryParse(choice, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
            {
                json.WriteRawValue(choice);
            }
        }

        json.WriteEndArray();
    }

    private static void WriteList(Utf8JsonWriter json, Action item, bool mayBeEmpty = false)
    {
        json.WriteString("type", "array");
        json.WriteStartObject("items");
        item();
        json.WriteEndObject();
        if (!mayBeEmpty)
        {
            json.WriteNumber("minItems", 1);
        }
    }

    private static FieldSet FieldsOf(Field field) =>
        field.Fields ?? throw new InvalidOperationException($"field '{field.Name}' declares no fields of its own");
}
