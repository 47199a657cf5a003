using System.Collections.Immutable;

namespace Runbooks.Language.Fields;

/// <summary>What stands in a field, and how it is read.</summary>
public enum FieldShape
{
    /// <summary>Text with expressions; may wait for the output of a step.</summary>
    Text,

    /// <summary>Text without expressions that names something of the playbook: <c>[a-z][a-z0-9_]*</c>.</summary>
    Name,

    Integer,

    Number,

    Boolean,

    /// <summary><c>30s</c>, <c>1m30s</c>, <c>500ms</c>; see <see cref="Durations"/>.</summary>
    Duration,

    /// <summary>One of <see cref="Field.Choices"/>.</summary>
    Choice,

    /// <summary>A path; relative ones belong to the project directory.</summary>
    Path,

    /// <summary>A .NET regular expression, matched without backtracking.</summary>
    Pattern,

    /// <summary>Words of a program start: a list, or one text that is split like POSIX words.</summary>
    Words,

    /// <summary>A script: no expressions, every character is kept.</summary>
    Script,

    /// <summary>A list of texts; one text stands for a list of one.</summary>
    TextList,

    /// <summary>A mapping of text to text.</summary>
    TextMap,

    /// <summary>A mapping with declared fields.</summary>
    Object,

    /// <summary>A list of mappings with declared fields.</summary>
    ObjectList,

    /// <summary>A mapping of names to mappings with declared fields.</summary>
    ObjectMap,

    /// <summary>A list of checks.</summary>
    Checks,

    /// <summary>A list of steps.</summary>
    Steps,

    /// <summary>One action: a mapping with exactly one step kind.</summary>
    Action,

    /// <summary>A boolean expression.</summary>
    Condition,

    /// <summary>A scalar or a list of scalars, read later by the type that another field gives.</summary>
    Any,
}

/// <summary>The declaration of one field: the one source of its binder, its schema, its suggestions and its page.</summary>
/// <param name="Summary">One line for a person: what it means, in which unit.</param>
public sealed record Field(string Name, FieldShape Shape, string Summary)
{
    /// <summary>The key that stands in the file, where a bare value after the key of the mapping stands for the field (<c>run: ls</c>).</summary>
    public string? WrittenAs { get; init; }

    /// <summary>The name for messages: what the author wrote.</summary>
    public string Shown => WrittenAs ?? Name;

    public bool Required { get; init; }

    /// <summary>What holds when it is not given, as it would be written; null when there is no such value.</summary>
    public string? Default { get; init; }

    /// <summary>What happens when it is not given, in words, where no value can be written down.</summary>
    public string? Otherwise { get; init; }

    /// <summary>The words allowed, for <see cref="FieldShape.Choice"/>.</summary>
    public ImmutableArray<string> Choices { get; init; } = [];

    /// <summary>The fields of the mapping, for the object shapes.</summary>
    public FieldSet? Fields { get; init; }

    /// <summary>Smallest number allowed; for durations in milliseconds.</summary>
    public long? Minimum { get; init; }

    /// <summary>Largest number allowed; for durations in milliseconds.</summary>
    public long? Maximum { get; init; }

    /// <summary>How a value gets into a <see cref="FieldShape.Script"/> without a template, as a hint.</summary>
    public string InsteadOfTemplate { get; init; } = "pass the value through 'env:' and write \"$NAME\" in the script";

    /// <summary>False for fields of the playbook's own structure, which must be plain.</summary>
    public bool AllowsTemplates { get; init; } = true;

    /// <summary>True for text that must hold something.</summary>
    public bool NotEmpty { get; init; }

    /// <summary>True for text that others can see: it becomes a word of a program, or a name.</summary>
    public bool IsShown { get; init; }

    /// <summary>Whether a secret may stand in it: not where everybody can see it, and not where it cannot be masked.</summary>
    public bool AllowsSecrets => !IsShown && Shape is not (FieldShape.Words or FieldShape.Path or FieldShape.Integer or FieldShape.Number or FieldShape.Boolean or FieldShape.Duration or FieldShape.Choice or FieldShape.Pattern);
}

/// <summary>The fields that a mapping may have.</summary>
/// <param name="Title">What the mapping is called in messages: "the step", "'http'".</param>
public sealed record FieldSet(string Title, ImmutableArray<Field> Fields)
{
    /// <summary>The field that a bare value stands for (<c>image: ref</c> for <c>image: { ref: ref }</c>); null when a mapping is needed.</summary>
    public string? Shorthand { get; init; }

    public IEnumerable<string> Names => Fields.Select(f => f.Name);

    public Field? Find(string name)
    {
        // Asked several times for each field of each step: a query would be most of the garbage of a large playbook.
        foreach (var field in Fields)
        {
            if (field.Name == name)
            {
                return field;
            }
        }

        return null;
    }
}
