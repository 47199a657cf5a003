using System.Collections.Immutable;
using Runbooks.Language.Playbooks;
using Runbooks.Language.Templates;
using Runbooks.Language.Text;
using Runbooks.Language.Yaml;

namespace Runbooks.Language.Fields;

/// <summary>A field as read from the file: the right shape, expressions parsed but not computed.</summary>
public abstract record BoundValue(Field Field, TextSpan Span);

/// <summary>Any scalar: text, numbers, durations, choices, conditions, scripts.</summary>
public sealed record BoundText(Field Field, Template Template, TextSpan Span) : BoundValue(Field, Span);

/// <summary>Words or a list of texts.</summary>
public sealed record BoundList(Field Field, ImmutableArray<Template> Items, TextSpan Span) : BoundValue(Field, Span)
{
    /// <summary>The list was written as one expression: it is the list.</summary>
    public bool IsExpression { get; init; }

    /// <summary>It was written as a list, where a single value is possible too.</summary>
    public bool IsSequence { get; init; }
}

public sealed record BoundMap(Field Field, ImmutableArray<BoundPair> Pairs, TextSpan Span) : BoundValue(Field, Span);

public readonly record struct BoundPair(Template Key, Template Value);

public sealed record BoundObject(Field Field, BoundFields Fields, TextSpan Span) : BoundValue(Field, Span);

public sealed record BoundObjects(Field Field, ImmutableArray<BoundFields> Items, TextSpan Span) : BoundValue(Field, Span)
{
    /// <summary>The key of each item, when they were written as a mapping; else empty.</summary>
    public ImmutableArray<YamlScalar> Names { get; init; } = [];
}

public sealed record BoundChecks(Field Field, ImmutableArray<CheckSyntax> Checks, TextSpan Span) : BoundValue(Field, Span);

public sealed record BoundSteps(Field Field, ImmutableArray<StepSyntax> Steps, TextSpan Span) : BoundValue(Field, Span);

/// <summary>A mapping as read from the file.</summary>
/// <param name="Values">Only the fields that were given and could be read.</param>
public sealed record BoundFields(FieldSet Set, ImmutableDictionary<string, BoundValue> Values, TextSpan Span)
{
    public static BoundFields None(FieldSet set, TextSpan span) => new(set, ImmutableDictionary.Create<string, BoundValue>(StringComparer.Ordinal), span);

    public T? Find<T>(string name)
        where T : BoundValue => Values.GetValueOrDefault(name) as T;

    /// <summary>The plain text of a field without expressions; null when it was not given or holds an expression.</summary>
    public string? Literal(string name) => Find<BoundText>(name) is { Template.IsLiteral: true } text ? text.Template.Source : null;
}
