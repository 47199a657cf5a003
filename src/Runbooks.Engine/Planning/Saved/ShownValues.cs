using System.Text.Json;
using Runbooks.Language.Text;

namespace Runbooks.Engine.Planning.Saved;

/// <summary>Two values that differ, on one line of bounded length.</summary>
internal static class ShownValues
{
    private const int Longest = 100;

    /// <summary>How much of what is the same is left standing before a difference in long texts.</summary>
    private const int Before = 24;

    internal const string Gone = "was in the plan, and is not any more";
    internal const string Added = "was not in the plan";

    public static string Change(JsonElement? was, JsonElement? now) => (was, now) switch
    {
        ({ ValueKind: JsonValueKind.Object }, null) => Gone,
        (null, { ValueKind: JsonValueKind.Object }) => Added,
        ({ } one, null) => $"was {Quoted(one, 0)}, and is not there any more",
        (null, { } one) => $"is new: {Quoted(one, 0)}",
        ({ } one, { } other) => Change(one, other),
        _ => "differs",
    };

    public static string Cut(string text)
    {
        var line = DisplayText.Visible(text);
        return line.Length > Longest ? line[..Longest] + "…" : line;
    }

    private static string Change(JsonElement was, JsonElement now)
    {
        var (before, after) = (TextOf(was), TextOf(now));
        var same = before.AsSpan().CommonPrefixLength(after);
        var from = before.Length > Longest || after.Length > Longest ? Math.Max(0, same - Before) : 0;
        return $"was {Quoted(was, from)}, is {Quoted(now, from)}";
    }

    private static string Quoted(JsonElement value, int from)
    {
        var shown = $"{(from > 0 ? "…" : "")}{Cut(TextOf(value)[from..])}";
        return value.ValueKind == JsonValueKind.String ? $"'{shown}'" : shown;
    }

    /// <summary>Words as a shell would read them; everything else as it stands.</summary>
    internal static string TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString() ?? "",
        JsonValueKind.Null => "nothing",
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Array when value.EnumerateArray().All(i => i.ValueKind == JsonValueKind.String) => string.Join(' ', value.EnumerateArray().Select(i => CommandLine.Quote(i.GetString() ?? ""))),
        _ => value.GetRawText(),
    };
}
