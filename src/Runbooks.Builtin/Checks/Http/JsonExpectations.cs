using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Runbooks.Builtin.Phrasing;
using Runbooks.Language.Templates;

namespace Runbooks.Builtin.Checks.Http;

/// <summary>Compares values inside a JSON text with what they should be.</summary>
internal static class JsonExpectations
{
    /// <summary>What is not as it should be, beginning with "but"; null when all is.</summary>
    /// <param name="mask">Takes the secrets out of what was found, before it is cut.</param>
    public static string? FirstMismatch(ReadOnlyMemory<byte> json, ImmutableArray<KeyValuePair<Rendered, Rendered>> expected, Func<string, string> mask)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            foreach (var (path, value) in expected)
            {
                if (Find(document.RootElement, path.Reveal()) is not { } found)
                {
                    return $"but its JSON has no {path.Display}";
                }

                if (!Equals(found, value.Reveal()))
                {
                    return $"but {path.Display} is {Phrases.Line(mask(found.GetRawText()), 80)}, not {Phrases.Quote(value)}";
                }
            }

            return null;
        }
        catch (JsonException)
        {
            return "but the body is not JSON";
        }
    }

    /// <summary>Follows names and positions between dots; a name that holds dots itself is found when it is the whole rest.</summary>
    private static JsonElement? Find(JsonElement element, string path)
    {
        if (path.Length == 0)
        {
            return element;
        }

        if (element.ValueKind == JsonValueKind.Object && element.TryGetProperty(path, out var whole))
        {
            return whole;
        }

        var dot = path.IndexOf('.', StringComparison.Ordinal);
        var (first, rest) = dot < 0 ? (path, "") : (path[..dot], path[(dot + 1)..]);
        return element.ValueKind switch
        {
            JsonValueKind.Object when element.TryGetProperty(first, out var member) => Find(member, rest),
            JsonValueKind.Array when int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < element.GetArrayLength() => Find(element[index], rest),
            _ => null,
        };
    }

    private static bool Equals(JsonElement element, string expected) => element.ValueKind switch
    {
        JsonValueKind.String => element.GetString() == expected,
        JsonValueKind.Number => element.GetRawText() == expected
            || (decimal.TryParse(expected, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && element.TryGetDecimal(out var found) && found == number),
        JsonValueKind.True => expected == "true",
        JsonValueKind.False => expected == "false",
        JsonValueKind.Null => expected == "null",
        _ => false,
    };
}
