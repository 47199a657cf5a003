using System.Collections.Immutable;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using Runbooks.Cli.Commands;
using Runbooks.Language.Diagnostics;
using Runbooks.Testing;

namespace Runbooks.Architecture.Tests;

public sealed partial class DescriptorTests
{
    /// <summary>Which thousands a namespace may use: 0 text and YAML, 1 fields, 2 names, 3 planning, 4 running, 5 lint.</summary>
    private static readonly ImmutableSortedDictionary<string, string> Areas = ImmutableSortedDictionary<string, string>.Empty
        .Add("Runbooks.Language.Text", "0")
        .Add("Runbooks.Language.Yaml", "0")
        .Add("Runbooks.Language.Fields", "1")
        // A playbook is fields, and names that belong together; some of it is only worth a warning.
        .Add("Runbooks.Language.Playbooks", "125")
        // Whether an expression is well formed and its names exist; and what it is once there are values.
        .Add("Runbooks.Language.Templates", "23")
        .Add("Runbooks.Language.Projects", "4")
        .Add("Runbooks.Engine.Planning", "3")
        .Add("Runbooks.Engine.Running", "4")
        .Add("Runbooks.Advisor", "4")
        .Add("Runbooks.Builtin", "34")
        .Add("Runbooks.Builtin.Rules", "5");

    private static readonly ImmutableArray<Declared> All = [.. DeclaredIn(Product.Types)];

    [Fact]
    public void Every_code_is_of_one_descriptor_only_and_so_is_every_name()
    {
        Assert.True(All.Length > 30, $"only {All.Length} descriptors found");
        House.Holds(Twice(All));
    }

    [Fact]
    public void Every_code_lies_in_the_range_of_its_area()
    {
        House.Holds(All.SelectMany(OutOfRange));
    }

    [Fact]
    public void Every_descriptor_says_what_is_wrong_and_what_to_do()
    {
        House.Holds(All.SelectMany(Wordless));
    }

    [Fact]
    public void Every_descriptor_is_explained_and_only_once()
    {
        var explained = ExplainCommand.Descriptors;

        House.Holds(All.Where(d => !explained.Contains(d.Descriptor)).Select(d => $"{d.Place} ({d.Descriptor.Code}) is not reached by 'runbook explain'"));
        House.Holds(explained.GroupBy(d => d.Code).Where(g => g.Count() > 1).Select(g => $"'runbook explain' lists {g.Key} {g.Count()} times"));
        Assert.Equal(All.Length, explained.Length);
    }

    [Fact]
    public void Every_descriptor_is_raised_somewhere()
    {
        var text = string.Concat(SourceFile.Product.Select(f => f.Text));

        House.Holds(All.Where(d => !IsRaised(d, text)).Select(d => $"{d.Place} is never raised"));
        Assert.False(IsRaised(All[0], "nothing here"));
    }

    [Fact]
    public void The_codes_are_on_record()
    {
        var text = new StringBuilder();
        foreach (var descriptor in All.Select(d => d.Descriptor).OrderBy(d => d.Code, StringComparer.Ordinal))
        {
            text.Append($"{descriptor.Code}  {descriptor.Severity.ToString().ToLowerInvariant(),-7}  {descriptor.Name,-24}  {descriptor.Title}\n");
        }

        // Codes are for ever: a line may be added or reworded; a code that is not used any more is never given to something else.
        Golden.Verify(text.ToString(), "diagnostics.golden");
    }

    [Fact]
    public void Bad_descriptors_are_found()
    {
        var bad = DeclaredIn([typeof(Planted)]).ToList();

        Assert.Equal(3, bad.Count);
        Assert.Equal(["RB3001 is given to Planted.First and Planted.Second", "the name 'same-name' is given to Planted.First and Planted.Second"], Twice(bad));
        Assert.Equal(["Planted.Third: X1 is not a code"], bad.SelectMany(OutOfRange).Where(v => v.Contains("X1", StringComparison.Ordinal)));
        Assert.Contains("Planted.First: the title 'Ends badly.' is not a lower-case line", bad.SelectMany(Wordless));
        Assert.Contains("Planted.Third: its help is not a sentence", bad.SelectMany(Wordless));
        Assert.Equal(["Planted.First: RB3001 does not belong to Runbooks.Language.Yaml"], OutOfRange(bad[0] with { Namespace = "Runbooks.Language.Yaml" }));
    }

    private static IEnumerable<Declared> DeclaredIn(IEnumerable<Type> types) =>
        from type in types
        from field in type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
        where field.FieldType == typeof(Descriptor)
        select new Declared($"{type.Name}.{field.Name}", type.Namespace ?? "", field.GetValue(null) as Descriptor ?? throw new InvalidOperationException($"{field.Name} is null"));

    private static IEnumerable<string> Twice(IEnumerable<Declared> descriptors)
    {
        var all = descriptors.ToList();
        return all.GroupBy(d => d.Descriptor.Code).Where(g => g.Count() > 1).Select(g => $"{g.Key} is given to {string.Join(" and ", g.Select(d => d.Place))}")
            .Concat(all.GroupBy(d => d.Descriptor.Name).Where(g => g.Count() > 1).Select(g => $"the name '{g.Key}' is given to {string.Join(" and ", g.Select(d => d.Place))}"));
    }

    private static IEnumerable<string> OutOfRange(Declared declared)
    {
        var code = declared.Descriptor.Code;
        if (!Code().IsMatch(code))
        {
            yield return $"{declared.Place}: {code} is not a code";
            yield break;
        }

        // The nearest area above the namespace.
        var area = Areas.Keys.Where(a => declared.Namespace == a || declared.Namespace.StartsWith(a + ".", StringComparison.Ordinal)).MaxBy(a => a.Length);
        if (area is null)
        {
            yield return $"{declared.Place}: {declared.Namespace} has no range of codes";
        }
        else if (!Areas[area].Contains(code[2], StringComparison.Ordinal))
        {
            yield return $"{declared.Place}: {code} does not belong to {area}";
        }
    }

    private static IEnumerable<string> Wordless(Declared declared)
    {
        var descriptor = declared.Descriptor;
        if (!Kebab().IsMatch(descriptor.Name))
        {
            yield return $"{declared.Place}: the name '{descriptor.Name}' is not kebab-case";
        }

        if (descriptor.Title.Length is 0 or > 80 || descriptor.Title.EndsWith('.') || descriptor.Title.Contains('\n', StringComparison.Ordinal)
            || (char.IsUpper(descriptor.Title[0]) && !(descriptor.Title.Length > 1 && char.IsUpper(descriptor.Title[1]))))
        {
            yield return $"{declared.Place}: the title '{descriptor.Title}' is not a lower-case line";
        }

        if (descriptor.Help.Length < 20 || descriptor.Help[^1] is not ('.' or '…' or '}'))
        {
            yield return $"{declared.Place}: its help is not a sentence";
        }
    }

    private static bool IsRaised(Declared declared, string text)
    {
        // Outside of its class with the class's name, inside of it without; the declaration and the list 'All' are two of these.
        var field = declared.Place[(declared.Place.IndexOf('.', StringComparison.Ordinal) + 1)..];
        return text.Contains(declared.Place, StringComparison.Ordinal) || Regex.Count(text, $@"[(,]\s*{field}\s*,\s*\w+(\.\w+)*\s*,", RegexOptions.None, TimeSpan.FromSeconds(10)) > 0;
    }

    [GeneratedRegex("^RB[0-9]{4}$")]
    private static partial Regex Code();

    [GeneratedRegex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]
    private static partial Regex Kebab();

    /// <param name="Place">Class and field.</param>
    private sealed record Declared(string Place, string Namespace, Descriptor Descriptor);

    private static class Planted
    {
        public static readonly Descriptor First = new("RB3001", "same-name", "Ends badly.", Severity.Error, "Says what to do about it.");
        public static readonly Descriptor Second = new("RB3001", "same-name", "a title", Severity.Error, "Says what to do about it.");
        public static readonly Descriptor Third = new("X1", "other", "YAML is written like this", Severity.Warning, "no");
    }
}
