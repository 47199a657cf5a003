using System.Collections.Immutable;
using System.Text.Json;

namespace Runbooks.Engine.Planning.Saved;

/// <summary>What differs between two plans, member by member of their JSON forms, in words of people: one line for each difference.</summary>
public static class PlanDifferences
{
    /// <summary>Lists whose items have a name, with the member that names them and the word for one of them.</summary>
    private static readonly ImmutableDictionary<string, (string Key, string Word)> Named = new Dictionary<string, (string, string)>(StringComparer.Ordinal)
    {
        ["vars"] = ("name", "var"),
        ["steps"] = ("id", "step"),
        ["parts"] = ("id", "part"),
        ["guards"] = ("name", "guard"),
        ["validations"] = ("name", "validation"),
        ["validate"] = ("name", "validation"),
        ["until"] = ("name", "until"),
    }.ToImmutableDictionary(StringComparer.Ordinal);

    /// <summary>What says which copy it is, or follows from another difference.</summary>
    private static readonly ImmutableArray<string> Silent = ["digest", PlanCopy.Member, "line"];

    /// <returns>Empty when they are the same plan.</returns>
    public static ImmutableArray<string> Of(JsonElement was, JsonElement now) => Of(was, now, Members(was, now));

    /// <summary>For a plan that cannot be made: what differs in that from which it would be.</summary>
    /// <param name="now">The form of a <see cref="PlanRequest"/>.</param>
    public static ImmutableArray<string> OfOrigins(JsonElement was, JsonElement now) => Of(was, now, now.EnumerateObject().Select(m => m.Name));

    /// <summary>For a part of the steps.</summary>
    public static ImmutableArray<string> OfSteps(IEnumerable<JsonElement> was, IEnumerable<JsonElement> now)
    {
        var lines = ImmutableArray.CreateBuilder<string>();
        CompareNamed("", Named["steps"], was, now, lines);
        return lines.ToImmutable();
    }

    private static ImmutableArray<string> Of(JsonElement was, JsonElement now, IEnumerable<string> members)
    {
        var lines = ImmutableArray.CreateBuilder<string>();
        foreach (var name in members)
        {
            var (before, after) = (Member(was, name), Member(now, name));
            if (name == "engine" && before is { } made && after is { } here && !JsonElement.DeepEquals(made, here))
            {
                lines.Add($"engine: the plan was made by version {made.GetString()}, this is version {here.GetString()}");
            }
            else if (name == "playbook" && before is { } one && after is { } other && Text(one, "sha256") != Text(other, "sha256"))
            {
                lines.Add($"playbook {Text(one, "path")}: its content has changed");
            }
            else
            {
                Compare("", name, before, after, lines);
            }
        }

        return lines.ToImmutable();
    }

    private static void Compare(string above, string name, JsonElement? was, JsonElement? now, ImmutableArray<string>.Builder lines)
    {
        if (was is { } a && now is { } b)
        {
            if (JsonElement.DeepEquals(a, b))
            {
                return;
            }

            if (Named.TryGetValue(name, out var named) && a.ValueKind == JsonValueKind.Array && b.ValueKind == JsonValueKind.Array)
            {
                CompareNamed(above, named, a.EnumerateArray(), b.EnumerateArray(), lines);
                return;
            }

            if (name == "actions" && a.ValueKind == JsonValueKind.Array && b.ValueKind == JsonValueKind.Array)
            {
                CompareActions(above, [.. a.EnumerateArray()], [.. b.EnumerateArray()], lines);
                return;
            }

            if (a.ValueKind == JsonValueKind.Object && b.ValueKind == JsonValueKind.Object)
            {
                CompareMembers(Below(above, Words(above, name)), a, b, lines);
                return;
            }
        }

        lines.Add($"{Below(above, Words(above, name))}: {ShownValues.Change(was, now)}");
    }

    private static void CompareMembers(string place, JsonElement was, JsonElement now, ImmutableArray<string>.Builder lines)
    {
        foreach (var name in Members(was, now))
        {
            Compare(place, name, Member(was, name), Member(now, name), lines);
        }
    }

    private static void CompareNamed(string above, (string Key, string Word) named, IEnumerable<JsonElement> was, IEnumerable<JsonElement> now, ImmutableArray<string>.Builder lines)
    {
        var after = ByName(now, named.Key).ToDictionary(i => i.Name, i => i.Item);
        var before = ByName(was, named.Key).ToList();
        foreach (var (name, item) in before)
        {
            var place = Below(above, $"{named.Word} '{ShownValues.Cut(name.Text)}'");
            if (!after.TryGetValue(name, out var other))
            {
                lines.Add($"{place}: {ShownValues.Gone}");
            }
            else if (named.Word == "var")
            {
                CompareVars(place, item, other, lines);
            }
            else if (!JsonElement.DeepEquals(item, other))
            {
                CompareMembers(place, item, other, lines);
            }
        }

        var known = before.Select(i => i.Name).ToHashSet();
        lines.AddRange(after.Keys.Where(n => !known.Contains(n)).Select(n => $"{Below(above, $"{named.Word} '{ShownValues.Cut(n.Text)}'")}: {ShownValues.Added}"));
    }

    /// <summary>Two checks may have one name: then they are told apart by their order.</summary>
    private static IEnumerable<((string Text, int Number) Name, JsonElement Item)> ByName(IEnumerable<JsonElement> list, string key)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var item in list)
        {
            var text = Text(item, key) ?? "";
            var number = seen.GetValueOrDefault(text);
            seen[text] = number + 1;
            yield return ((text, number), item);
        }
    }

    private static void CompareVars(string place, JsonElement was, JsonElement now, ImmutableArray<string>.Builder lines)
    {
        var (before, after) = (Text(was, "origin"), Text(now, "origin"));
        if (before == PlannedVar.NotGiven && after != PlannedVar.NotGiven)
        {
            lines.Add($"{place}: had no value, and has one now ({after})");
        }
        else if (after == PlannedVar.NotGiven && before != PlannedVar.NotGiven)
        {
            lines.Add($"{place}: had a value ({before}), and has none now");
        }
        else if (Member(was, "value") is { } one && Member(now, "value") is { } other && !JsonElement.DeepEquals(one, other))
        {
            lines.Add($"{place}: {ShownValues.Change(one, other)}");
        }
        else if (before != after)
        {
            lines.Add($"{place}: its value came from elsewhere ({before}), and comes now from: {after}");
        }
        else if (!JsonElement.DeepEquals(was, now))
        {
            CompareMembers(place, was, now, lines);
        }
    }

    private static void CompareActions(string above, ImmutableArray<JsonElement> was, ImmutableArray<JsonElement> now, ImmutableArray<string>.Builder lines)
    {
        for (var i = 0; i < Math.Max(was.Length, now.Length); i++)
        {
            var place = was.Length > 1 || now.Length > 1 ? Below(above, $"action {i + 1}") : above;
            if (i >= was.Length || i >= now.Length)
            {
                lines.Add($"{place}: {(i < was.Length ? ShownValues.Gone : ShownValues.Added)}");
            }
            else if (Text(was[i], "effect") == "file" && Text(now[i], "effect") == "file" && Text(was[i], "path") == Text(now[i], "path"))
            {
                CompareFiles($"{place}, file {Text(was[i], "path")}", was[i], now[i], lines);
            }
            else if (!JsonElement.DeepEquals(was[i], now[i]))
            {
                CompareMembers(place, was[i], now[i], lines);
            }
        }
    }

    private static void CompareFiles(string place, JsonElement was, JsonElement now, ImmutableArray<string>.Builder lines)
    {
        if (Text(was, "before_sha256") != Text(now, "before_sha256"))
        {
            lines.Add($"{place}: its content has changed");
        }
        else if (Text(was, "after_sha256") != Text(now, "after_sha256"))
        {
            lines.Add($"{place}: the step would leave other content in it");
        }
        else if (!JsonElement.DeepEquals(was, now))
        {
            CompareMembers(place, was, now, lines);
        }
    }

    /// <summary>Names that the plan's form has, not those that a playbook gives to environment variables and headers.</summary>
    private static string Words(string above, string name) =>
        above.EndsWith(", env", StringComparison.Ordinal) || above.EndsWith(", headers", StringComparison.Ordinal) ? name : name.Replace('_', ' ');

    private static string Below(string above, string name) => above.Length == 0 ? name : $"{above}, {name}";

    private static IEnumerable<string> Members(JsonElement was, JsonElement now) =>
        was.EnumerateObject().Concat(now.EnumerateObject()).Select(m => m.Name).Distinct(StringComparer.Ordinal).Where(n => !Silent.Contains(n));

    private static JsonElement? Member(JsonElement json, string name) => json.TryGetProperty(name, out var member) ? member : null;

    private static string? Text(JsonElement json, string name) => Member(json, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
}
