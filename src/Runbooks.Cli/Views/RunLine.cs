using System.Text.Json;
using Runbooks.Engine.Journal;

namespace Runbooks.Cli.Views;

/// <summary>A run in one line.</summary>
public static class RunLine
{
    public static string Of(string id, JournalContent journal, string standing, bool json, Style style)
    {
        var state = RunState.Of(journal);
        var conclusion = state.Ended is { } ended ? RunSummary.Word(ended.Conclusion) : standing.Split(':', ' ')[0];
        var inDoubt = state.Steps.Where(s => s.Standing == StepStanding.InDoubt).Select(s => s.Head.Id).ToList();
        if (json)
        {
            return Json(id, state, conclusion, inDoubt);
        }

        var colour = state.Ended?.Conclusion == Conclusion.Succeeded ? style.Good : style.Bad;
        var doubt = inDoubt.Count > 0 ? $"  {style.Doubt}in doubt: {string.Join(", ", inDoubt)}{style.Reset}" : "";
        return $"{id}  {colour}{conclusion,-12}{style.Reset} {state.Started?.Playbook} {state.Started?.PlaybookVersion}{(state.Started?.ByHand == true ? "  by hand" : "")}{doubt}";
    }

    private static string Json(string id, RunState state, string conclusion, List<string> inDoubt)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("run", id);
            json.WriteString("playbook", state.Started?.Playbook);
            json.WriteString("version", state.Started?.PlaybookVersion);
            json.WriteString("started", state.StartedAt?.ToString("O"));
            json.WriteString("conclusion", conclusion);
            json.WriteBoolean("by_hand", state.Started?.ByHand == true);
            json.WriteStartArray("in_doubt");
            inDoubt.ForEach(json.WriteStringValue);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }
}
