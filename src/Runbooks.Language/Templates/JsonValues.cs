using System.Text.Json;
using Scriban.Runtime;

namespace Runbooks.Language.Templates;

/// <summary>JSON text as values of expressions.</summary>
internal static class JsonValues
{
    public static bool TryParse(string text, out object? value)
    {
        value = null;
        var trimmed = text.AsSpan().TrimStart();
        if (trimmed.IsEmpty || trimmed[0] is not ('{' or '[' or '"' or '-' or 't' or 'f' or (>= '0' and <= '9')))
        {
            return false;
        }

        try
        {
            using var document = JsonDocument.Parse(text);
            value = Convert(document.RootElement);
            return true;
        }
        catch (JsonException)
        {
            // Not JSON: then there is no 'json' output, and an expression that asks for it says so.
            return false;
        }
    }

    private static object? Convert(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var map = new ScriptObject();
                foreach (var property in element.EnumerateObject())
                {
                    map.SetValue(property.Name, Convert(property.Value)!, readOnly: true); // null is a value of the template language
                }

                return map;
            case JsonValueKind.Array:
                return new ScriptArray(element.EnumerateArray().Select(Convert));
            case JsonValueKind.String:
                return element.GetString();
            case JsonValueKind.Number:
                return element.TryGetInt64(out var whole) ? whole : element.GetDouble();
            case JsonValueKind.True:
                return true;
            case JsonValueKind.False:
                return false;
            default:
                return null;
        }
    }
}
