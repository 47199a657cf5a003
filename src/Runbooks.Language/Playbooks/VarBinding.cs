using System.Collections.Immutable;
using Runbooks.Language.Templates;

namespace Runbooks.Language.Playbooks;

/// <summary>Where the value of a variable came from.</summary>
public enum VarOrigin
{
    /// <summary>There is no value: none was given, and there is no default.</summary>
    Nowhere,

    /// <summary><c>--var name=value</c>.</summary>
    CommandLine,

    /// <summary><c>--vars-file</c>.</summary>
    File,

    /// <summary>The record of an earlier run, or a saved plan.</summary>
    Record,

    /// <summary>The <c>vars</c> of the step that stands for the playbook.</summary>
    Step,

    /// <summary>The variable that <c>from_env</c> names.</summary>
    Environment,

    /// <summary>The playbook's <c>default</c>.</summary>
    Default,

    /// <summary>There is no value, and its name stands in its place: see <see cref="VarInputs.Placeholders"/>.</summary>
    Placeholder,
}

/// <summary>A variable with its value.</summary>
/// <param name="Value">As <see cref="VarValues.Read"/> gives it; null when there is none.</param>
/// <param name="Shown">For people: the text of the value, masked when it is a secret, empty when there is none.</param>
public sealed record VarBinding(VarDeclaration Declaration, object? Value, string Shown, VarOrigin Origin)
{
    public string Name => Declaration.Name;

    /// <summary>What the value was read from: one text, or the items of a list; reading them again gives the same value. Null when there is none.</summary>
    public ImmutableArray<string>? Texts { get; init; }
}

/// <summary>The variables of a playbook with their values, in the order of their declarations.</summary>
public sealed record VarBindings(ImmutableArray<VarBinding> Items)
{
    public VarBinding? Find(string name) => Items.FirstOrDefault(b => b.Name == name);

    /// <summary>Every text that must be masked in whatever is written or shown.</summary>
    public ImmutableArray<string> Secrets =>
    [
        .. Items.Where(b => b.Declaration.Secret && b.Value is not null).SelectMany(b => TextsOf(b.Value)).Distinct(StringComparer.Ordinal),
    ];

    /// <summary>The variables as names that expressions can use.</summary>
    public TemplateScope ToScope() => Items.Aggregate(
        TemplateScope.Empty,
        (scope, b) => scope.With(b.Name, b.Value is null ? null : VarValues.ForExpressions(b.Value), b.Declaration.Secret));

    /// <summary>The texts in which expressions see a value.</summary>
    internal static ImmutableArray<string> TextsOf(object? value) => value is ImmutableArray<string> list ? list : [TextOf(value)];

    internal static string TextOf(object? value) => value switch
    {
        null => "",
        ImmutableArray<string> list => string.Join(", ", list),
        bool b => b ? "true" : "false",
        IFormattable f and not TimeSpan => f.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
        _ => VarValues.ForExpressions(value).ToString() ?? "",
    };
}

/// <summary>What the operator gave, before it is looked at.</summary>
public sealed record VarInputs
{
    public static VarInputs None { get; } = new();

    /// <summary>What stood after each <c>--var</c>, in order: <c>name=value</c>.</summary>
    public ImmutableArray<string> Assignments { get; init; } = [];

    /// <summary>The text of <c>--vars-file</c>: one YAML or JSON mapping of names to values.</summary>
    public Text.SourceText? File { get; init; }

    /// <summary>What the step that stands for the playbook gives it, by name; it wins over everything else.</summary>
    public ImmutableDictionary<string, PassedValue> Passed { get; init; } = ImmutableDictionary<string, PassedValue>.Empty;

    /// <summary>
    /// Values from a saved plan or from the record of an earlier run, by name, as <see cref="VarBinding.Texts"/>: the environment and the default do not count for these.
    /// A name with null had no value, and has none.
    /// </summary>
    public ImmutableDictionary<string, ImmutableArray<string>?> Recorded { get; init; } = ImmutableDictionary<string, ImmutableArray<string>?>.Empty;

    /// <summary>The value of an environment variable; null when it is not set.</summary>
    public Func<string, string?> Environment { get; init; } = _ => null;

    /// <summary>
    /// A text that must be given and is not has a <see cref="Placeholder"/> as its value: for a page to read, never for a run. What is chosen from a list, and what is
    /// no text, decides what there is to do, and must be given all the same.
    /// </summary>
    public bool Placeholders { get; init; }
}

/// <summary>A value that one playbook gives to another.</summary>
/// <param name="Texts">One text, to be read as after <c>--var</c>; or the items of a list.</param>
/// <param name="Source">The playbook that gives it, to point into.</param>
/// <param name="HidesText">It was made from a secret.</param>
public sealed record PassedValue(ImmutableArray<string> Texts, Text.SourceText Source, Text.TextSpan Span, bool HidesText)
{
    /// <summary>It is a list already.</summary>
    public bool IsList { get; init; }
}
