using System.Collections.Immutable;
using System.Text.Json;
using Runbooks.Builtin.Readiness;
using Runbooks.Builtin.WaysBack;
using Runbooks.Engine.Ports;

namespace Runbooks.Builtin.Probes;

/// <summary>Reads the plan of a run that somebody may have altered: what is not as it should be is not there.</summary>
internal static class RecordedPlan
{
    /// <summary>The plan of a run; null when it cannot be read.</summary>
    public static byte[]? BytesOf(ReadyRun run, IRunStore store) => store.ReadFile(run.Id, run.State.Basis?.Plan ?? "plan.json").Bytes;

    /// <summary>The variables of a run that are no secrets, by its plan, as they are written on the command line. What is empty or cannot be read is left out.</summary>
    public static ImmutableSortedDictionary<string, string> VarsOf(ReadyRun run, IRunStore store)
    {
        var vars = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        try
        {
            using var plan = JsonDocument.Parse(BytesOf(run, store) ?? []);
            foreach (var item in Items(plan.RootElement, "vars").Where(v => Member(v, "secret").ValueKind == JsonValueKind.False))
            {
                var value = Member(item, "value");
                var text = value.ValueKind == JsonValueKind.Array ? CommandDraft.Joined([.. Items(item, "value").Select(Text)]) : Text(value);
                if (text.Length > 0 && !text.Any(char.IsControl))
                {
                    vars[Text(item, "name")] = text;
                }
            }
        }
        catch (JsonException)
        {
            // A plan that is none says nothing.
        }

        return vars.ToImmutable();
    }

    public static ImmutableArray<JsonElement> Items(JsonElement element, string name) => Member(element, name) is { ValueKind: JsonValueKind.Array } items ? [.. items.EnumerateArray()] : [];

    public static string Text(JsonElement element, string name) => Text(Member(element, name));

    public static string Text(JsonElement element) => element.ValueKind == JsonValueKind.String ? element.GetString() ?? "" : "";

    /// <returns>Undefined when there is none.</returns>
    public static JsonElement Member(JsonElement element, string name) => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var member) ? member : default;
}
