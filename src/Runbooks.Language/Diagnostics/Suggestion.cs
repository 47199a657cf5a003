namespace Runbooks.Language.Diagnostics;

/// <summary>The "did you mean" of every message.</summary>
public static class Suggestion
{
    /// <summary>The candidate nearest to a misspelt word, or null when none is near enough to be helpful.</summary>
    /// <remarks>Near is at most a third of the word's letters in edits (insert, delete, replace, swap of neighbours), case ignored.</remarks>
    public static string? For(string word, IEnumerable<string> candidates)
    {
        if (word.Length > 64)
        {
            return null;
        }

        string? best = null;
        var bestDistance = Math.Max(1, word.Length / 3) + 1;
        foreach (var candidate in candidates.Order(StringComparer.Ordinal)) // of two that are equally near always the same one
        {
            var distance = Distance(word.ToLowerInvariant(), candidate.ToLowerInvariant());
            if (distance < bestDistance)
            {
                (best, bestDistance) = (candidate, distance);
            }
        }

        return best;
    }

    /// <summary>A hint sentence: the suggestion when there is one, else the whole choice when it is short enough to read.</summary>
    public static string? Hint(string word, IReadOnlyCollection<string> candidates)
    {
        if (For(word, candidates) is { } near)
        {
            return $"did you mean '{near}'?";
        }

        return candidates.Count is > 0 and <= 16 ? $"known here: {string.Join(", ", candidates.Order(StringComparer.Ordinal))}" : null;
    }

    private static int Distance(string a, string b)
    {
        var table = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            table[i, 0] = i;
        }

        for (var j = 0; j <= b.Length; j++)
        {
            table[0, j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                table[i, j] = Math.Min(Math.Min(table[i - 1, j] + 1, table[i, j - 1] + 1), table[i - 1, j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    table[i, j] = Math.Min(table[i, j], table[i - 2, j - 2] + 1);
                }
            }
        }

        return table[a.Length, b.Length];
    }
}
