using System.Collections.Immutable;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Playbooks;
using Runbooks.Language.Templates;
using Runbooks.Language.Text;
using Runbooks.Language.Yaml;

namespace Runbooks.Language.Fields;

/// <summary>Reads mappings by their declared fields: the only way from syntax to the model, so that no key is ignored and every mistake is told.</summary>
/// <param name="isPartial">A syntax error cut the file short: what is missing may stand after it, so nothing is said about it.</param>
internal sealed partial class FieldReader(KindCatalogue catalogue, DiagnosticBag bag, bool isPartial)
{
    /// <summary>Reads a mapping.</summary>
    /// <param name="anchor">Where messages about missing keys point.</param>
    public BoundFields Read(YamlMapping mapping, FieldSet set, TextSpan anchor)
    {
        var values = ImmutableDictionary.CreateBuilder<string, BoundValue>(StringComparer.Ordinal);
        var given = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (key, node) in mapping.Entries.Select(e => (e.Key, e.Value)))
        {
            if (set.Find(key.Value) is not { } field)
            {
                bag.AddUnknownField(key, set.Title, [.. set.Names]);
                continue;
            }

            given.Add(field.Name);
            if (Value(field, key, node) is { } value)
            {
                values[field.Name] = value;
            }
        }

        ReportMissing(set, given, anchor);
        return new BoundFields(set, values.ToImmutable(), anchor);
    }

    /// <summary>Reads the body of a kind, where a bare value may stand for the shorthand field.</summary>
    public BoundFields ReadBody(YamlNode node, YamlScalar key, FieldSet set)
    {
        if (node is YamlMapping mapping)
        {
            return Read(mapping, set, key.Span);
        }

        if (node is not YamlBroken && set.Shorthand is { } shorthand && set.Find(shorthand) is { } field)
        {
            // Messages speak of what stands in the file.
            var value = Value(field with { WrittenAs = key.Value }, key, node);
            ReportMissing(set, [shorthand], key.Span);
            var empty = BoundFields.None(set, key.Span);
            return value is null ? empty : empty with { Values = empty.Values.Add(field.Name, value) };
        }

        if (node is YamlScalar { IsNull: true })
        {
            bag.Add(FieldDiagnostics.EmptyValue, key.Span, $"'{key.Value}' has no value", Expect(set));
        }
        else if (node is not YamlBroken)
        {
            bag.AddWrongShape(node, key.Value, "a mapping");
        }

        return BoundFields.None(set, key.Span);
    }

    private void ReportMissing(FieldSet set, HashSet<string> given, TextSpan anchor)
    {
        if (isPartial)
        {
            return;
        }

        foreach (var field in set.Fields.Where(f => f.Required && !given.Contains(f.Name)))
        {
            bag.AddMissingField(anchor, set.Title, field);
        }
    }

    private BoundValue? Value(Field field, YamlScalar key, YamlNode node)
    {
        if (node is YamlBroken)
        {
            return null;
        }

        if (node is YamlScalar { IsNull: true } && field.Shape != FieldShape.Any)
        {
            bag.Add(FieldDiagnostics.EmptyValue, key.Span, $"'{key.Value}' has no value", field.Summary);
            return null;
        }

        return field.Shape switch
        {
            FieldShape.Words => Words(field, node),
            FieldShape.TextList => TextList(field, node),
            FieldShape.TextMap => TextMap(field, node),
            FieldShape.Object => node is YamlMapping || field.Fields?.Shorthand is not null
                ? new BoundObject(field, ReadBody(node, key, Fields(field)), node.Span)
                : Wrong(field, node, "a mapping"),
            FieldShape.ObjectList => ObjectList(field, key, node),
            FieldShape.ObjectMap => ObjectMap(field, node),
            FieldShape.Checks => Checks(field, node),
            FieldShape.Steps => Steps(field, node),
            FieldShape.Action => Action(field, key, node),
            FieldShape.Any => Any(field, node),
            _ => Scalar(field, node),
        };
    }

    private BoundText? Scalar(Field field, YamlNode node)
    {
        if (node is not YamlScalar scalar)
        {
            bag.AddWrongShape(node, field.Shown, field.Shape == FieldShape.Script ? "text" : "a single value");
            return null;
        }

        if (field.Shape == FieldShape.Script)
        {
            return Script(field, scalar);
        }

        var place = PlaceIn(scalar);
        if (field.Shape == FieldShape.Condition)
        {
            var condition = TemplateParser.ParseCondition(scalar.Value, place, bag);
            return condition.Parts.Length == 0 ? null : new BoundText(field, condition, scalar.Span);
        }

        var before = bag.Count;
        var template = field.AllowsTemplates ? TemplateParser.Parse(scalar.Value, place, bag) : Template.Literal(scalar.Value, scalar.Span);
        if (bag.Count > before || (template.IsLiteral && !Literal(field, scalar)))
        {
            return null;
        }

        return new BoundText(field, template, scalar.Span);
    }

    private bool Literal(Field field, YamlScalar scalar)
    {
        // "1.10" or true given to a text field is text: the field says the type, not the scalar.
        var result = Scalars.Read(field, field.Shape == FieldShape.Boolean && scalar.AsBoolean is { } b ? (b ? "true" : "false") : scalar.Value);
        if (result.Error is null)
        {
            return true;
        }

        bag.Add(result.IsOutOfRange ? FieldDiagnostics.OutOfRange : FieldDiagnostics.WrongValue, scalar.Span, $"'{field.Shown}': {result.Error}", result.Hint);
        return false;
    }

    private BoundText? Script(Field field, YamlScalar scalar)
    {
        if (TemplateParser.FindInScript(scalar.Value) is { } found)
        {
            bag.Add(TemplateDiagnostics.TemplateInScript, PlaceIn(scalar)(found.Start, found.Length), "a template inside a script", field.InsteadOfTemplate);
            return null;
        }

        if (scalar.Value.Trim().Length == 0)
        {
            bag.Add(FieldDiagnostics.EmptyValue, scalar.Span, "the script is empty");
            return null;
        }

        return new BoundText(field, Template.Literal(scalar.Value, scalar.Span), scalar.Span);
    }

    private BoundList? Words(Field field, YamlNode node)
    {
        if (node is YamlSequence)
        {
            return TextList(field, node);
        }

        if (node is not YamlScalar scalar)
        {
            bag.AddWrongShape(node, field.Shown, "a list of words, or one line of text");
            return null;
        }

        var place = PlaceIn(scalar);
        var split = WordSplitter.Split(scalar.Value);
        if (split.UnclosedQuote is { } quote)
        {
            bag.Add(TemplateDiagnostics.Quoting, place(quote, 1), "this quote is not closed");
            return null;
        }

        if (split.UnclosedExpression is { } open)
        {
            bag.AddUnclosedExpression(place(open, 2));
            return null;
        }

        if (split.Words.IsEmpty)
        {
            bag.Add(FieldDiagnostics.EmptyValue, scalar.Span, $"'{field.Shown}' has no words");
            return null;
        }

        var before = bag.Count;
        var templates = split.Words.Select(w => TemplateParser.Parse(w.Text, (start, length) => PlaceInWord(w, place, start, length), bag)).ToImmutableArray();
        // One expression and nothing else may be a list: then its items are the words.
        return bag.Count > before ? null : new BoundList(field, templates, scalar.Span) { IsExpression = templates is [{ Parts: [ExpressionPart { IsBlock: false }] }] };
    }

    private static TextSpan PlaceInWord(SplitWord word, Func<int, int, TextSpan> place, int start, int length)
    {
        if (word.Offsets.IsEmpty)
        {
            return place(0, 0);
        }

        var first = word.Offsets[Math.Min(start, word.Offsets.Length - 1)];
        var last = word.Offsets[Math.Min(Math.Max(start, start + length - 1), word.Offsets.Length - 1)];
        return place(first, last - first + 1);
    }

    private BoundList? TextList(Field field, YamlNode node)
    {
        if (node is YamlScalar single)
        {
            var only = TextItem(field, single);
            return only is null ? null : new BoundList(field, [only], single.Span) { IsExpression = only.Parts is [ExpressionPart { IsBlock: false }] };
        }

        if (node is not YamlSequence sequence)
        {
            bag.AddWrongShape(node, field.Shown, "a list");
            return null;
        }

        if (sequence.Items.IsEmpty)
        {
            bag.Add(PlaybookDiagnostics.EmptyList, sequence.Span, $"'{field.Shown}' is an empty list");
            return null;
        }

        var items = sequence.Items.Select(i => TextItem(field, i)).ToList();
        return items.Contains(null) ? null : new BoundList(field, [.. items.OfType<Template>()], sequence.Span);
    }

    private Template? TextItem(Field field, YamlNode node)
    {
        if (node is not YamlScalar scalar)
        {
            if (node is not YamlBroken)
            {
                bag.AddWrongShape(node, field.Shown, "a list of single values");
            }

            return null;
        }

        if (scalar.IsNull)
        {
            bag.Add(FieldDiagnostics.EmptyValue, scalar.Span, $"an item of '{field.Shown}' has no value", "an empty text is written \"\"");
            return null;
        }

        return field.AllowsTemplates ? TemplateParser.Parse(scalar.Value, PlaceIn(scalar), bag) : Template.Literal(scalar.Value, scalar.Span);
    }

    private BoundMap? TextMap(Field field, YamlNode node)
    {
        if (node is not YamlMapping mapping)
        {
            bag.AddWrongShape(node, field.Shown, "a mapping of names to values");
            return null;
        }

        var pairs = ImmutableArray.CreateBuilder<BoundPair>();
        foreach (var entry in mapping.Entries)
        {
            if (entry.Value is YamlScalar { IsNull: true })
            {
                bag.Add(FieldDiagnostics.EmptyValue, entry.Key.Span, $"'{entry.Key.Value}' has no value", "an empty text is written \"\"");
            }
            else if (TextItem(field, entry.Value) is { } value)
            {
                pairs.Add(new BoundPair(TemplateParser.Parse(entry.Key.Value, PlaceIn(entry.Key), bag), value));
            }
        }

        return new BoundMap(field, pairs.ToImmutable(), mapping.Span);
    }

    private BoundObjects? ObjectList(Field field, YamlScalar key, YamlNode node)
    {
        if (node is not YamlSequence sequence)
        {
            bag.AddWrongShape(node, field.Shown, "a list");
            return null;
        }

        return new BoundObjects(field, [.. sequence.Items.Select(i => ReadBody(i, key with { Span = i.Span }, Fields(field)))], sequence.Span);
    }

    private BoundObjects? ObjectMap(Field field, YamlNode node)
    {
        if (node is not YamlMapping mapping)
        {
            bag.AddWrongShape(node, field.Shown, "a mapping");
            return null;
        }

        return new BoundObjects(field, [.. mapping.Entries.Select(e => ReadBody(e.Value, e.Key, Fields(field) with { Title = $"'{e.Key.Value}'" }))], mapping.Span)
        {
            Names = [.. mapping.Entries.Select(e => e.Key)],
        };
    }

    private BoundList? Any(Field field, YamlNode node)
    {
        switch (node)
        {
            case YamlScalar scalar:
                return new BoundList(field, [Template.Literal(scalar.IsNull ? "" : scalar.Value, scalar.Span)], scalar.Span);
            case YamlSequence sequence when sequence.Items.All(i => i is YamlScalar):
                return new BoundList(field, [.. sequence.Items.Select(i => Template.Literal(((YamlScalar)i).Value, i.Span))], sequence.Span) { IsSequence = true };
            default:
                bag.AddWrongShape(node, field.Shown, "a single value or a list of single values");
                return null;
        }
    }

    private BoundValue? Wrong(Field field, YamlNode node, string wanted)
    {
        bag.AddWrongShape(node, field.Shown, wanted);
        return null;
    }

    private Func<int, int, TextSpan> PlaceIn(YamlScalar scalar)
    {
        // Most texts hold no expression: their characters are only looked up when something is wrong with one.
        ImmutableArray<int>? known = null;
        return (start, length) =>
        {
            if (start == 0 && length == scalar.Value.Length)
            {
                return scalar.Span;
            }

            var offsets = known ??= ScalarOffsets.Of(scalar, bag.Source);
            if (offsets.IsEmpty)
            {
                return scalar.Span;
            }

            var first = offsets[Math.Clamp(start, 0, offsets.Length - 1)];
            var last = offsets[Math.Clamp(start + length, 0, offsets.Length - 1)];
            return TextSpan.FromBounds(first, last);
        };
    }

    private static FieldSet Fields(Field field) =>
        field.Fields ?? throw new InvalidOperationException($"field '{field.Shown}' declares no fields of its own");

    private static string Expect(FieldSet set) => $"it takes {string.Join(", ", set.Fields.Select(f => f.Required ? f.Name : $"[{f.Name}]"))}";
}
