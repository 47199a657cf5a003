using System.Text.Json;

namespace Runbooks.Cli.Tests;

/// <summary>What an assessment or an advice says, as JSON.</summary>
internal static class Seen
{
    /// <summary>The facts that are named, and no others.</summary>
    internal static void Is(JsonElement seen, string facts)
    {
        using var expected = JsonDocument.Parse(facts);
        foreach (var fact in expected.RootElement.EnumerateObject())
        {
            Assert.True(JsonElement.DeepEquals(fact.Value, seen.GetProperty(fact.Name)), $"{fact.Name} is {seen.GetProperty(fact.Name)} and not {fact.Value}:\n{Findings(seen)}");
        }
    }

    private static string Findings(JsonElement seen) => string.Join('\n', seen.GetProperty("evidence").EnumerateArray().Select(e => $"{Value(e, "fact")}: {Value(e, "value")} ({Value(e, "means")}), {Value(e, "source")}"));

    internal static string Answer(JsonElement seen, string line) => seen.GetProperty("assessment").GetProperty("lines").EnumerateArray().First(l => Value(l, "name") == line).GetProperty("answer").GetString() ?? "";

    internal static string Value(JsonElement json, string name) => json.GetProperty(name).GetString() ?? "";

    internal static string Text(JsonElement json) => json.GetRawText();
}
