using System.Text.Json;
using Runbooks.Engine.Journal;
using Runbooks.Engine.Planning;

namespace Runbooks.Engine.Resuming;

/// <summary>What the rest of a run would do now, against what its plan said.</summary>
public static class PlanDifference
{
    /// <param name="isSamePlaybook">A step in doubt may have changed the files that it is planned on: with the same playbook it is not compared.</param>
    /// <returns>A line for each member of a step that differs; none when the rest is as it was planned.</returns>
    public static IEnumerable<string> Between(PastRun past, Plan now, bool isSamePlaybook)
    {
        using var json = JsonDocument.Parse(PlanJson.Utf8(now));
        var steps = json.RootElement.GetProperty("steps").EnumerateArray().ToDictionary(s => s.GetProperty("id").GetString() ?? "", StringComparer.Ordinal);
        var lines = new List<string>();
        foreach (var step in past.State.Steps.Where(s => !past.Settled.Contains(s.Head.Id) && !(isSamePlaybook && s.Standing == StepStanding.InDoubt)))
        {
            if (!past.Steps.TryGetValue(step.Head.Id, out var was) || !steps.TryGetValue(step.Head.Id, out var found))
            {
                lines.Add($"step '{step.Head.Id}' is not in it any more");
                continue;
            }

            foreach (var member in was.EnumerateObject().Where(m => m.Name != "line"))
            {
                if (!found.TryGetProperty(member.Name, out var value) || !JsonElement.DeepEquals(member.Value, value))
                {
                    lines.Add($"step '{step.Head.Id}', {member.Name}: was {Shown(member.Value)}, is {(value.ValueKind == JsonValueKind.Undefined ? "nothing" : Shown(value))}");
                }
            }
        }

        lines.AddRange(steps.Keys.Except(past.State.Steps.Select(s => s.Head.Id), StringComparer.Ordinal).Select(id => $"step '{id}' is new"));
        return lines;
    }

    private static string Shown(JsonElement value)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            value.WriteTo(json);
        }

        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }
}
