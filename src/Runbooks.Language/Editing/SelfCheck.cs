using System.Collections.Immutable;
using System.Text;
using Runbooks.Language.Text;

namespace Runbooks.Language.Editing;

/// <summary>Reads an edited text back and compares it with the original: the proof that an edit did what it should and nothing else.</summary>
internal static class SelfCheck
{
    public static string Splice(string text, ImmutableArray<Replacement> replacements)
    {
        var result = new StringBuilder(text.Length + 64);
        var done = 0;
        foreach (var replacement in replacements.OrderBy(r => r.Span.Start))
        {
            result.Append(text, done, replacement.Span.Start - done).Append(replacement.NewSource);
            done = replacement.Span.End;
        }

        return result.Append(text, done, text.Length - done).ToString();
    }

    /// <summary>What is not as it should be; null when the edited text is right.</summary>
    public static string? Difference(EditTree original, EditFormat format, string edited, ImmutableArray<Replacement> replacements)
    {
        if (EditTrees.Read(format, edited, out var refusal) is not { } tree)
        {
            return $"afterwards {refusal?.Sentence}";
        }

        foreach (var replacement in replacements)
        {
            var found = new PathFinder(tree, replacement.Where).Find(allowShared: true);
            if (found?.Value != replacement.NewValue)
            {
                return "another value would stand there";
            }

            if (found.Scalar.IsLiteral != replacement.IsLiteral || !KeepsType(format, replacement.Scalar, found.Scalar))
            {
                return "it would be another kind of value";
            }
        }

        return TokenDifference(original, tree, replacements);
    }

    private static bool KeepsType(EditFormat format, TreeScalar old, TreeScalar now) => format switch
    {
        EditFormat.Yaml => old.Tag == now.Tag && old.Anchor == now.Anchor && YamlText.Keeps(YamlText.TypeOf(old), old.Value, YamlText.TypeOf(now), now.Value),
        EditFormat.Json => old.Style == now.Style,
        _ => true,
    };

    private static string? TokenDifference(EditTree original, EditTree edited, ImmutableArray<Replacement> replacements)
    {
        if (original.Tokens.Length != edited.Tokens.Length)
        {
            return "the structure of the file would change";
        }

        var byToken = replacements.ToDictionary(r => r.Scalar.Token);
        var shift = 0;
        for (var i = 0; i < original.Tokens.Length; i++)
        {
            var (before, after) = (original.Tokens[i], edited.Tokens[i]);
            var start = before.Span?.Start + shift;
            var replaced = byToken.TryGetValue(i, out var replacement);
            if (replacement is not null)
            {
                shift += replacement.NewSource.Length - replacement.Span.Length;
            }

            var moved = start is { } s && before.Span is { } span ? TextSpan.FromBounds(s, span.End + shift) : (TextSpan?)null;
            var isInPlace = after.Span == moved || (replacement is { Span.Length: 0 } && after.Span?.End == moved?.End);
            if (before.Shape != after.Shape || !isInPlace || (!replaced && before.Text != after.Text))
            {
                return $"something else would change at line {edited.Source.PositionOf(after.Span?.Start ?? 0).Line}";
            }
        }

        return null;
    }
}
