using System.Collections.Immutable;

namespace Runbooks.Advisor.Migrations.Python;

/// <summary>An expression, as far as it is understood.</summary>
internal abstract record PyExpression(int Start, int End);

/// <param name="Value">Null when it is computed.</param>
internal sealed record PyText(string? Value, int Start, int End) : PyExpression(Start, End);

/// <param name="Path">With its dots: sa.Integer.</param>
internal sealed record PyName(string Path, int Start, int End) : PyExpression(Start, End)
{
    public string Last => Path[(Path.LastIndexOf('.') + 1)..];
}

/// <summary>A list or a tuple.</summary>
internal sealed record PyList(ImmutableArray<PyExpression> Items, int Start, int End) : PyExpression(Start, End);

/// <param name="On">What the method belongs to when that is a call itself; null for a call by a plain name.</param>
/// <param name="Name">Of what is called, with dots from the begin or from <paramref name="On"/>.</param>
internal sealed record PyCall(PyExpression? On, string Name, ImmutableArray<PyExpression> Words, ImmutableArray<(string Name, PyExpression Value)> Named, int Start, int End) : PyExpression(Start, End)
{
    /// <summary>The last part of the name.</summary>
    public string Last => Name[(Name.LastIndexOf('.') + 1)..];

    /// <summary>What stands before the last part; empty when nothing does, or a call.</summary>
    public string Owner => Name.LastIndexOf('.') is >= 0 and var dot ? Name[..dot] : "";

    public PyExpression? Get(string name) => Named.Where(n => n.Name == name).Select(n => n.Value).FirstOrDefault();

    /// <summary>An argument by its place or by its name.</summary>
    public PyExpression? Get(int place, string name) => Get(name) ?? (place < Words.Length ? Words[place] : null);

    public bool Is(string name, string value) => Get(name) is PyName { Path: var path } && path == value;
}

internal sealed record PyNumber(string Value, int Start, int End) : PyExpression(Start, End);

/// <summary>Anything else.</summary>
internal sealed record PyOther(bool HasCall, int Start, int End) : PyExpression(Start, End);
