using System.Collections.Immutable;
using Runbooks.Language.Text;

namespace Runbooks.Language.Diagnostics;

/// <summary>Collects the mistakes of one file; bounded, so that a hostile file cannot fill the memory.</summary>
public sealed class DiagnosticBag(SourceText source)
{
    /// <summary>More than this many are dropped; nobody reads on after them.</summary>
    public const int Capacity = 500;

    private readonly HashSet<(string Code, TextSpan Span, string Message)> _seen = [];
    private readonly List<Diagnostic> _items = [];

    public SourceText Source => source;

    public bool HasErrors => _items.Exists(d => d.Severity == Severity.Error);

    public int Count => _items.Count;

    /// <summary>What is added from now on is dropped: nothing has to be found out for it.</summary>
    public bool IsFull => _items.Count >= Capacity;

    public void Add(Diagnostic diagnostic)
    {
        if (!IsFull && _seen.Add((diagnostic.Code, diagnostic.Span, diagnostic.Message)))
        {
            _items.Add(diagnostic);
        }
    }

    public void Add(Descriptor descriptor, TextSpan span, string message, string? hint = null, Related? related = null) =>
        Add(new Diagnostic(descriptor, source, span, message) { Hint = hint, Related = related });

    /// <summary>In the order of the file, then by code.</summary>
    public ImmutableArray<Diagnostic> ToSorted() => _items.Count == 0
        ? [] // A generic virtual call is looked up when it is first made: on the way of every run that is time for nothing.
        : [.. _items.OrderBy(d => d.Source.Path, StringComparer.Ordinal).ThenBy(d => d.Span.Start).ThenBy(d => d.Code, StringComparer.Ordinal)];
}
