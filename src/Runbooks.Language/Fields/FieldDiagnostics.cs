using System.Collections.Immutable;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Text;
using Runbooks.Language.Yaml;

namespace Runbooks.Language.Fields;

/// <summary>What can be wrong with the fields of a mapping.</summary>
public static class FieldDiagnostics
{
    public static readonly Descriptor UnknownField = new("RB1001", "unknown-field", "a key is not known here", Severity.Error,
        "A key that nobody reads would be ignored in silence, so it is an error. Check its spelling and its indentation.");

    public static readonly Descriptor MissingField = new("RB1002", "missing-field", "a required key is missing", Severity.Error,
        "Add the key that the message names.");

    public static readonly Descriptor WrongShape = new("RB1003", "wrong-shape", "a value has the wrong form", Severity.Error,
        "The field needs another form: a mapping, a list, or a single value.");

    public static readonly Descriptor WrongValue = new("RB1004", "wrong-value", "a value is not valid for its field", Severity.Error,
        "The value cannot be read as what the field holds: a number, a duration with its unit, one of the listed words.");

    public static readonly Descriptor OutOfRange = new("RB1005", "out-of-range", "a number is outside its range", Severity.Error,
        "The field has a smallest or a largest value.");

    public static readonly Descriptor EmptyValue = new("RB1006", "empty-value", "a key has no value", Severity.Error,
        "The key stands there, but nothing follows it. Write the value, or remove the key.");

    public static readonly ImmutableArray<Descriptor> All = [UnknownField, MissingField, WrongShape, WrongValue, OutOfRange, EmptyValue];

    public static void AddUnknownField(this DiagnosticBag bag, YamlScalar key, string owner, IReadOnlyCollection<string> known) =>
        bag.Add(UnknownField, key.Span, $"{owner} has no '{key.Value}'", bag.IsFull ? null : Suggestion.Hint(key.Value, known));

    public static void AddMissingField(this DiagnosticBag bag, TextSpan owner, string title, Field field) =>
        bag.Add(MissingField, owner, $"{title} needs '{field.Name}'", field.Summary);

    public static void AddWrongShape(this DiagnosticBag bag, YamlNode node, string name, string wanted, string? hint = null) =>
        bag.Add(WrongShape, node.Span, $"'{name}' must be {wanted}, this is {node.Described}", hint);
}
