using System.Collections.Immutable;
using Runbooks.Language.Text;

namespace Runbooks.Language.Editing;

/// <summary>A variable that a value takes.</summary>
/// <param name="Name">What stands between <c>${</c> and the operator; for a form that is not Compose's (<c>${{ x }}</c>, <c>${a.b}</c>) all of it.</param>
/// <param name="Default">The span of the default of <c>${X:-d}</c> or <c>${X-d}</c>, else null.</param>
/// <param name="Nested">The reference stands in the default, message or replacement of another one.</param>
internal readonly record struct Reference(string Name, TextSpan? Default, bool Nested);

/// <summary>Finds the variables in a text, by the rules of Compose: <c>$X</c>, <c>${X}</c>, <c>${X:-d}</c>, and <c>$$</c> for a dollar.</summary>
internal static class Interpolation
{
    private const int MaxDepth = 32;

    public static bool IsName(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || char.IsAsciiDigit(text[0]))
        {
            return false;
        }

        foreach (var c in text)
        {
            if (!IsNameCharacter(c))
            {
                return false;
            }
        }

        return true;
    }

    public static ImmutableArray<Reference> Find(string text)
    {
        var found = ImmutableArray.CreateBuilder<Reference>();
        Collect(text, TextSpan.FromBounds(0, text.Length), 0, found);
        return found.ToImmutable();
    }

    /// <summary>The distinct names, in order.</summary>
    public static ImmutableArray<string> Names(string text) => [.. Find(text).Select(r => r.Name).Distinct(StringComparer.Ordinal)];

    private static void Collect(string text, TextSpan within, int depth, ImmutableArray<Reference>.Builder found)
    {
        for (var i = within.Start; i < within.End - 1; i++)
        {
            if (text[i] != '$')
            {
                continue;
            }

            if (text[i + 1] == '$')
            {
                i++;
            }
            else if (text[i + 1] == '{')
            {
                i = Braced(text, i + 2, within.End, depth, found) - 1;
            }
            else if (NameEnd(text, i + 1, within.End) is var end && end > i + 1)
            {
                found.Add(new Reference(text[(i + 1)..end], null, depth > 0));
                i = end - 1;
            }
        }
    }

    /// <summary>Reads what follows <c>${</c>; returns the offset after its closing brace.</summary>
    private static int Braced(string text, int start, int limit, int depth, ImmutableArray<Reference>.Builder found)
    {
        var close = Close(text, start, limit);
        var nameEnd = NameEnd(text, start, close);
        var rest = text.AsSpan(nameEnd, close - nameEnd);
        var isCompose = nameEnd > start && (rest.IsEmpty || rest[0] is '-' or '?' or '+' || (rest.Length > 1 && rest[0] == ':' && rest[1] is '-' or '?' or '+'));
        if (!isCompose || depth >= MaxDepth)
        {
            found.Add(new Reference(text[start..close], null, depth > 0));
            return Math.Min(close + 1, limit);
        }

        var body = TextSpan.FromBounds(rest.IsEmpty ? close : nameEnd + (rest[0] == ':' ? 2 : 1), close);
        var hasDefault = rest is ['-', ..] or [':', '-', ..];
        found.Add(new Reference(text[start..nameEnd], hasDefault ? body : null, depth > 0));
        Collect(text, body, depth + 1, found);
        return Math.Min(close + 1, limit);
    }

    private static int Close(string text, int start, int limit)
    {
        var open = 1;
        for (var i = start; i < limit; i++)
        {
            if (text[i] == '}' && --open == 0)
            {
                return i;
            }

            if (text[i] == '{' && text[i - 1] is '$' or '{')
            {
                open++;
            }
        }

        return limit;
    }

    private static int NameEnd(string text, int start, int limit)
    {
        var end = start;
        while (end < limit && IsNameCharacter(text[end]) && (end > start || !char.IsAsciiDigit(text[end])))
        {
            end++;
        }

        return end;
    }

    private static bool IsNameCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';
}
