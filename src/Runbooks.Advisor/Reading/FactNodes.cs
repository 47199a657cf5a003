using System.Collections.Immutable;
using Runbooks.Advisor.Situations;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Text;
using Runbooks.Language.Yaml;

namespace Runbooks.Advisor.Reading;

/// <summary>Reads single values of a facts file; what is wrong goes into the bag, and the value is then unknown.</summary>
internal sealed class FactNodes(DiagnosticBag bag)
{
    public Answer Answer(string key, YamlNode node)
    {
        switch (node)
        {
            case YamlBroken or YamlScalar { IsNull: true }:
                return Situations.Answer.Unknown;
            case YamlScalar { AsBoolean: { } value }:
                return value ? Situations.Answer.Yes : Situations.Answer.No;
            case YamlScalar scalar:
                bag.Add(FactDiagnostics.WrongValue, scalar.Span, $"'{key}' must be true, false or null, this is {Shown(scalar)}", Hint(scalar.Value));
                return Situations.Answer.Unknown;
            default:
                Shape(node, key, "true, false or null");
                return Situations.Answer.Unknown;
        }
    }

    /// <param name="words">The one that nobody gives is the default of its type.</param>
    public T Word<T>(string key, YamlNode node, ImmutableArray<(string Word, T Value)> words, T otherwise)
    {
        switch (node)
        {
            case YamlBroken or YamlScalar { IsNull: true }:
                return otherwise;
            case YamlScalar scalar:
                foreach (var (word, value) in words)
                {
                    if (scalar.Value == word)
                    {
                        return value;
                    }
                }

                bag.Add(FactDiagnostics.WrongValue, scalar.Span, $"{Shown(scalar)} is no value of '{key}'", Choice(scalar.Value, [.. words.Select(w => w.Word)]));
                return otherwise;
            default:
                Shape(node, key, "one word");
                return otherwise;
        }
    }

    public string Text(string key, YamlNode node)
    {
        switch (node)
        {
            case YamlBroken or YamlScalar { IsNull: true }:
                return "";
            case YamlScalar scalar when scalar.Value.Any(char.IsControl):
                bag.Add(FactDiagnostics.WrongValue, scalar.Span, $"'{key}' holds a control character or a line break", "it would stand in a command that is to be pasted");
                return "";
            case YamlScalar scalar:
                return scalar.Value;
            default:
                Shape(node, key, "a single value");
                return "";
        }
    }

    /// <summary>What an observation showed may have several lines; it is shown in one.</summary>
    public string Free(string key, YamlNode node) => node is YamlScalar { IsNull: false } scalar ? DisplayText.Visible(scalar.Value) : Text(key, node);

    public ImmutableArray<string> Texts(string key, YamlNode node) => node is YamlSequence list
        ? [.. list.Items.Select(i => Text(key, i)).Where(t => t.Length > 0)]
        : Text(key, node) is { Length: > 0 } one ? [one] : [];

    /// <summary>Texts by names that are not known beforehand; without those that are empty.</summary>
    public ImmutableSortedDictionary<string, string> Map(string key, YamlNode node)
    {
        if (node is YamlMapping mapping)
        {
            return mapping.Entries.Select(e => KeyValuePair.Create(e.Key.Value, Text(e.Key.Value, e.Value))).Where(e => e.Value.Length > 0).ToImmutableSortedDictionary(StringComparer.Ordinal);
        }

        if (node is not (YamlBroken or YamlScalar { IsNull: true }))
        {
            Shape(node, key, "a mapping");
        }

        return ImmutableSortedDictionary<string, string>.Empty;
    }

    /// <summary>The items of a list; null when there is nothing.</summary>
    public ImmutableArray<YamlNode>? Items(string key, YamlNode node)
    {
        switch (node)
        {
            case YamlSequence list:
                return list.Items;
            case YamlBroken or YamlScalar { IsNull: true }:
                return null;
            default:
                Shape(node, key, "a list", node is YamlScalar scalar ? $"write [{scalar.Value}]" : null);
                return null;
        }
    }

    /// <summary>The keys of an item, each of which must be known.</summary>
    public ImmutableSortedDictionary<string, YamlNode>? Item(string owner, YamlNode node, ImmutableArray<string> known, ImmutableArray<string> required)
    {
        if (node is not YamlMapping mapping)
        {
            if (node is not YamlBroken)
            {
                bag.Add(FactDiagnostics.WrongShape, node is YamlScalar ? node.Span : new TextSpan(node.Span.Start, 0), $"{owner} must be a mapping, this is {node.Described}", known.Length <= 6 ? $"with {string.Join(", ", known)}" : null);
            }

            return null;
        }

        var values = ImmutableSortedDictionary.CreateBuilder<string, YamlNode>(StringComparer.Ordinal);
        foreach (var entry in mapping.Entries)
        {
            if (known.Contains(entry.Key.Value))
            {
                values[entry.Key.Value] = entry.Value;
            }
            else
            {
                bag.Add(FactDiagnostics.UnknownFact, entry.Key.Span, $"{owner} has no '{DisplayText.Visible(entry.Key.Value)}'", Suggestion.Hint(entry.Key.Value, known));
            }
        }

        foreach (var key in required.Where(r => !values.TryGetValue(r, out var value) || value is YamlScalar { IsNull: true } or YamlScalar { Value: "" }))
        {
            bag.Add(FactDiagnostics.MissingKey, new TextSpan(mapping.Span.Start, 0), $"{owner} needs '{key}'");
            return null;
        }

        return values.ToImmutable();
    }

    private void Shape(YamlNode node, string key, string wanted, string? hint = null) =>
        bag.Add(FactDiagnostics.WrongShape, node is YamlScalar ? node.Span : new TextSpan(node.Span.Start, 0), $"'{key}' must be {wanted}, this is {node.Described}", hint);

    private static string Shown(YamlScalar scalar) => DisplayText.Visible(scalar.Described);

    private static string? Hint(string word) => word.ToLowerInvariant() switch
    {
        "yes" or "y" or "on" => "write true",
        "no" or "n" or "off" => "write false",
        "unknown" or "?" => "what is not known is null",
        _ => Choice(word, ["true", "false", "null"]),
    };

    /// <summary>The order of the words is that of the handbook, and says more than the alphabet.</summary>
    private static string Choice(string word, ImmutableArray<string> words) =>
        Suggestion.For(word, words) is { } near ? $"did you mean '{near}'?" : $"it is one of {string.Join(", ", words)}";
}
