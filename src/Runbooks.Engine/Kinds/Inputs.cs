using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Runbooks.Engine.Planning;
using Runbooks.Language.Fields;
using Runbooks.Language.Templates;
using Runbooks.Language.Text;

namespace Runbooks.Engine.Kinds;

/// <summary>The computed fields of a mapping, defaults filled in. Asking for a field that was not declared, or as another shape, is a bug and throws.</summary>
public sealed class Inputs
{
    private readonly FieldSet _set;
    private readonly ImmutableDictionary<string, object> _values;
    private readonly ImmutableDictionary<string, TextSpan> _spans;
    private readonly ImmutableDictionary<string, ImmutableArray<TextSpan>> _itemSpans;

    internal Inputs(FieldSet set, ImmutableDictionary<string, object> values, ImmutableDictionary<string, TextSpan> spans, ImmutableDictionary<string, ImmutableArray<TextSpan>> itemSpans, TextSpan span)
    {
        _set = set;
        _values = values;
        _spans = spans;
        _itemSpans = itemSpans;
        Span = span;
    }

    /// <summary>Where messages about the whole mapping point.</summary>
    public TextSpan Span { get; }

    /// <summary>True when the field was given or has a default.</summary>
    public bool Has(string name) => _values.ContainsKey(Declared(name));

    /// <summary>True when the author wrote the field.</summary>
    public bool IsGiven(string name) => _spans.ContainsKey(Declared(name));

    /// <summary>Where the field stands; the whole mapping when it was not given.</summary>
    public TextSpan SpanOf(string name) => _spans.GetValueOrDefault(Declared(name), Span);

    /// <summary>Where an item of a list, or the key of a pair, stands; the whole field when its items were computed by one expression.</summary>
    public TextSpan SpanOf(string name, int index) =>
        _itemSpans.TryGetValue(Declared(name), out var items) && index < items.Length ? items[index] : SpanOf(name);

    public Rendered Text(string name) => Get<Rendered>(name);

    public Rendered? OptionalText(string name) => Find<Rendered>(name);

    /// <summary>A path as written, which is always known.</summary>
    public string Path(string name) => Get<string>(name);

    public string? OptionalPath(string name) => Find<string>(name);

    public string Choice(string name) => Get<string>(name);

    public string? OptionalChoice(string name) => Find<string>(name);

    public long Integer(string name) => Get<long>(name);

    public long? OptionalInteger(string name) => _values.GetValueOrDefault(Declared(name)) is long value ? value : null;

    public double Number(string name) => Get<double>(name);

    public double? OptionalNumber(string name) => _values.GetValueOrDefault(Declared(name)) is double value ? value : null;

    public bool Flag(string name) => _values.GetValueOrDefault(Declared(name)) is true;

    public bool? OptionalFlag(string name) => _values.GetValueOrDefault(Declared(name)) as bool?;

    public TimeSpan Duration(string name) => Get<TimeSpan>(name);

    public TimeSpan? OptionalDuration(string name) => _values.GetValueOrDefault(Declared(name)) as TimeSpan?;

    public Regex? OptionalPattern(string name) => Find<Regex>(name);

    /// <summary>Words or a list of texts; empty when not given.</summary>
    public ImmutableArray<Rendered> Texts(string name) => _values.GetValueOrDefault(Declared(name)) is ImmutableArray<Rendered> list ? list : [];

    /// <summary>Pairs in the order in which they were written; empty when not given.</summary>
    public ImmutableArray<KeyValuePair<Rendered, Rendered>> Map(string name) =>
        _values.GetValueOrDefault(Declared(name)) is ImmutableArray<KeyValuePair<Rendered, Rendered>> map ? map : [];

    public Inputs? Object(string name) => Find<Inputs>(name);

    public ImmutableArray<Inputs> Objects(string name) => _values.GetValueOrDefault(Declared(name)) is ImmutableArray<Inputs> list ? list : [];

    public ImmutableArray<PlannedCheck> Checks(string name) => _values.GetValueOrDefault(Declared(name)) is ImmutableArray<PlannedCheck> list ? list : [];

    private T Get<T>(string name) => _values.GetValueOrDefault(Declared(name)) is T value
        ? value
        : throw new InvalidOperationException($"field '{name}' of {_set.Title} has no {typeof(T).Name}: ask whether it is there, or declare a default");

    private T? Find<T>(string name)
        where T : class => _values.GetValueOrDefault(Declared(name)) as T;

    private string Declared(string name) => _set.Find(name) is not null ? name : throw new InvalidOperationException($"{_set.Title} declares no field '{name}'");
}
