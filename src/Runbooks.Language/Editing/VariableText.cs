using System.Collections.Immutable;

namespace Runbooks.Language.Editing;

/// <summary>A text with variables in it, by the rules of Compose: <c>registry/app:${TAG:-v1}</c>.</summary>
/// <param name="Parts">In order; neighbours are never both literal.</param>
public sealed record VariableText(ImmutableArray<VariablePart> Parts)
{
    /// <summary>Takes a text apart.</summary>
    /// <returns>Null when it has a form whose value is not known here: a variable inside the default of another one, <c>${X:+y}</c>, or one that is not Compose's.</returns>
    public static VariableText? Parse(string text)
    {
        var (parts, literal) = (ImmutableArray.CreateBuilder<VariablePart>(), "");
        for (var i = 0; i < text.Length;)
        {
            if (text[i] != '$' || i + 1 == text.Length)
            {
                literal += text[i++];
            }
            else if (text[i + 1] == '$')
            {
                literal += '$';
                i += 2;
            }
            else if (Reference(text, i) is var (part, end))
            {
                if (part is null)
                {
                    return null;
                }

                if (literal.Length > 0)
                {
                    parts.Add(new VariablePart(literal, null, null));
                }

                (literal, i) = ("", end);
                parts.Add(part);
            }
        }

        if (literal.Length > 0)
        {
            parts.Add(new VariablePart(literal, null, null));
        }

        return new VariableText(parts.ToImmutable());
    }

    /// <summary>What one variable must be for the whole text to become another one, while all others stay.</summary>
    /// <param name="values">The value of each variable that is set, by name.</param>
    /// <returns>Null when no value does that, or the variable stands there more than once.</returns>
    public string? Solve(string variable, string wanted, IReadOnlyDictionary<string, string> values)
    {
        var at = Parts.Select((p, i) => (p, i)).Where(p => p.p.Variable == variable).Select(p => p.i).ToList();
        if (at.Count != 1 || Text(Parts[..at[0]], values) is not { } before || Text(Parts[(at[0] + 1)..], values) is not { } after)
        {
            return null;
        }

        return wanted.Length > before.Length + after.Length && wanted.StartsWith(before, StringComparison.Ordinal) && wanted.EndsWith(after, StringComparison.Ordinal)
            ? wanted[before.Length..^after.Length]
            : null;
    }

    /// <summary>The text with its variables replaced; null when one is not set and has no default.</summary>
    public string? Text(IReadOnlyDictionary<string, string> values) => Text(Parts, values);

    private static string? Text(ImmutableArray<VariablePart> parts, IReadOnlyDictionary<string, string> values)
    {
        var texts = parts.Select(p => p.Value(values)).ToList();
        return texts.Contains(null) ? null : string.Concat(texts);
    }

    private static (VariablePart? Part, int End) Reference(string text, int at)
    {
        if (text[at + 1] != '{')
        {
            var end = at + 1;
            while (end < text.Length && Interpolation.IsName(text.AsSpan(at + 1, end + 1 - at - 1)))
            {
                end++;
            }

            // Compose calls a dollar before anything else an error.
            return end == at + 1 ? (null, at) : (new VariablePart("", text[(at + 1)..end], null), end);
        }

        var close = text.IndexOf('}', at);
        if (close < 0)
        {
            return (null, at);
        }

        var inside = text.AsSpan(at + 2, close - at - 2);
        var operation = inside.IndexOfAny(":-?+");
        var name = operation < 0 ? inside : inside[..operation];
        if (!Interpolation.IsName(name) || inside.Contains('$') || inside.Contains('{'))
        {
            return (null, at);
        }

        var rest = operation < 0 ? "" : inside[operation..];
        var alsoEmpty = rest is [':', ..];
        rest = alsoEmpty ? rest[1..] : rest;
        return rest switch
        {
            [] when !alsoEmpty => (new VariablePart("", name.ToString(), null), close + 1),
            ['-', .. var value] => (new VariablePart("", name.ToString(), value.ToString()) { AlsoWhenEmpty = alsoEmpty }, close + 1),
            ['?', ..] => (new VariablePart("", name.ToString(), null) { IsRequired = true }, close + 1),
            _ => (null, at),
        };
    }
}

/// <summary>A part of a <see cref="VariableText"/>: literal, or one variable.</summary>
/// <param name="Literal">Empty for a variable.</param>
/// <param name="Variable">Its name; null for a literal.</param>
/// <param name="Default">What stands there when the variable is not set; null without one.</param>
public sealed record VariablePart(string Literal, string? Variable, string? Default)
{
    /// <summary>An empty variable counts as one that is not set (<c>:-</c>).</summary>
    public bool AlsoWhenEmpty { get; init; }

    /// <summary>Compose refuses to go on without it (<c>?</c>).</summary>
    public bool IsRequired { get; init; }

    /// <returns>Null when it is not set and has no default: Compose puts nothing there, or refuses.</returns>
    internal string? Value(IReadOnlyDictionary<string, string> values) =>
        Variable is null ? Literal
        : values.TryGetValue(Variable, out var value) && (value.Length > 0 || !AlsoWhenEmpty) ? value
        : Default;
}
