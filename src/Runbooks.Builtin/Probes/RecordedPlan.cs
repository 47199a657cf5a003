using System.Collections.Immutable;
using System.Text.Json;

namespace Runbooks.Builtin.Probes;

/// <summary>Reads the plan of a run that somebody may have altered: what is not as it should be is not there.</summary>
internal static class RecordedPlan
{
    public static ImmutableArray<JsonElement> Items(JsonElement element, string name) => Member(element, name) is { ValueKind: JsonValueKind.Array } items ? [.. items.EnumerateArray()] : [];

    public static string Text(JsonElement element, string name) => Text(Member(element, name));

    public static string Text(JsonElement element) => element.ValueKind == JsonValueKind.String ? element.GetString() ?? "" : "";

    /// <returns>Undefined when there is none.</returns>
    public static JsonElement Member(JsonElement element, string name) => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var member) ? member : default;
}
