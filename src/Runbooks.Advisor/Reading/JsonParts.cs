using System.Text.Json;

namespace Runbooks.Advisor.Reading;

/// <summary>Lists and objects of members, as the answers of the advisor have them.</summary>
internal static class JsonParts
{
    /// <param name="items">Null is written as null: not known, which is another thing than none.</param>
    public static void Array<T>(Utf8JsonWriter json, string name, IEnumerable<T>? items, Action<T> write)
    {
        if (items is null)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartArray(name);
        foreach (var item in items)
        {
            write(item);
        }

        json.WriteEndArray();
    }

    public static void Object(Utf8JsonWriter json, params ReadOnlySpan<(string Name, object? Value)> members)
    {
        json.WriteStartObject();
        foreach (var (name, value) in members)
        {
            Member(json, name, value);
        }

        json.WriteEndObject();
    }

    public static void Member(Utf8JsonWriter json, string name, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNull(name);
                break;
            case bool answer:
                json.WriteBoolean(name, answer);
                break;
            case int number:
                json.WriteNumber(name, number);
                break;
            default:
                json.WriteString(name, $"{value}");
                break;
        }
    }
}
