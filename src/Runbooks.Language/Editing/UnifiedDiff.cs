using System.Globalization;
using System.Text;

namespace Runbooks.Language.Editing;

/// <summary>The difference between two texts as <c>git apply</c> and <c>patch</c> take it: every byte of the lines as it is, their ends too.</summary>
public static class UnifiedDiff
{
    private const int Context = 3;

    /// <summary>More than these are not compared line by line: all between the first and the last difference is one then.</summary>
    private const long MostPairs = 4_000_000;

    /// <param name="path">Relative to where it is applied, with '/'.</param>
    /// <returns>Empty when nothing differs.</returns>
    public static string Of(string path, string before, string after)
    {
        var (old, now) = (Lines(before), Lines(after));
        var text = new StringBuilder();
        foreach (var (start, oldEnd, nowStart, nowEnd) in Joined(Hunks(old, now)))
        {
            var lead = Math.Min(Context, start);
            var trail = Math.Min(Context, old.Count - oldEnd);
            text.Append(CultureInfo.InvariantCulture, $"@@ -{Range(start - lead, oldEnd + trail)} +{Range(nowStart - lead, nowEnd + trail)} @@\n");
            Append(text, ' ', old, start - lead, start);
            AppendChanges(text, old, now, (start, oldEnd, nowStart, nowEnd));
            Append(text, ' ', old, oldEnd, oldEnd + trail);
        }

        return text.Length == 0 ? "" : $"--- a/{path}\n+++ b/{path}\n{text}";
    }

    /// <summary>Inside what was joined there are lines that both have.</summary>
    private static void AppendChanges(StringBuilder text, List<string> old, List<string> now, (int Start, int OldEnd, int NowStart, int NowEnd) hunk)
    {
        var (at, nowAt) = (hunk.Start, hunk.NowStart);
        foreach (var (start, oldEnd, nowStart, nowEnd) in Hunks(old[hunk.Start..hunk.OldEnd], now[hunk.NowStart..hunk.NowEnd]))
        {
            Append(text, ' ', old, at, hunk.Start + start);
            Append(text, '-', old, hunk.Start + start, hunk.Start + oldEnd);
            Append(text, '+', now, hunk.NowStart + nowStart, hunk.NowStart + nowEnd);
            (at, nowAt) = (hunk.Start + oldEnd, hunk.NowStart + nowEnd);
        }

        Append(text, ' ', old, at, hunk.OldEnd);
    }

    /// <summary>Each with its end; the last one has none when the text ends without.</summary>
    private static List<string> Lines(string text)
    {
        var lines = new List<string>();
        for (var at = 0; at < text.Length;)
        {
            var end = text.IndexOf('\n', at) is >= 0 and var found ? found + 1 : text.Length;
            lines.Add(text[at..end]);
            at = end;
        }

        return lines;
    }

    /// <summary>Stretches that differ, by the longest common subsequence of what is neither at the beginning nor at the end the same.</summary>
    private static IEnumerable<(int Start, int OldEnd, int NowStart, int NowEnd)> Hunks(List<string> old, List<string> now)
    {
        var same = old.Zip(now).TakeWhile(p => p.First == p.Second).Count();
        var rest = Math.Min(Math.Min(old.Count, now.Count) - same, Enumerable.Reverse(old).Zip(Enumerable.Reverse(now)).TakeWhile(p => p.First == p.Second).Count());
        var (n, m) = (old.Count - same - rest, now.Count - same - rest);
        if ((long)n * m > MostPairs)
        {
            yield return (same, old.Count - rest, same, now.Count - rest);
            yield break;
        }

        var longest = new int[n + 1, m + 1];
        for (var i = n - 1; i >= 0; i--)
        {
            for (var j = m - 1; j >= 0; j--)
            {
                longest[i, j] = old[same + i] == now[same + j] ? longest[i + 1, j + 1] + 1 : Math.Max(longest[i + 1, j], longest[i, j + 1]);
            }
        }

        for (var (i, j) = (0, 0); i < n || j < m;)
        {
            var (from, nowFrom) = (i, j);
            while ((i < n || j < m) && !(i < n && j < m && old[same + i] == now[same + j]))
            {
                if (j >= m || (i < n && longest[i + 1, j] >= longest[i, j + 1]))
                {
                    i++;
                }
                else
                {
                    j++;
                }
            }

            if (i > from || j > nowFrom)
            {
                yield return (same + from, same + i, same + nowFrom, same + j);
            }

            while (i < n && j < m && old[same + i] == now[same + j])
            {
                (i, j) = (i + 1, j + 1);
            }
        }
    }

    /// <summary>Stretches whose context would overlap are one.</summary>
    private static IEnumerable<(int Start, int OldEnd, int NowStart, int NowEnd)> Joined(IEnumerable<(int Start, int OldEnd, int NowStart, int NowEnd)> hunks)
    {
        (int Start, int OldEnd, int NowStart, int NowEnd)? last = null;
        foreach (var hunk in hunks)
        {
            if (last is { } open && hunk.Start - open.OldEnd <= 2 * Context)
            {
                last = (open.Start, hunk.OldEnd, open.NowStart, hunk.NowEnd);
                continue;
            }

            if (last is { } done)
            {
                yield return done;
            }

            last = hunk;
        }

        if (last is { } rest)
        {
            yield return rest;
        }
    }

    private static string Range(int start, int end) => end - start == 1 ? $"{start + 1}" : $"{(end == start ? start : start + 1)},{end - start}";

    private static void Append(StringBuilder text, char sign, List<string> lines, int start, int end)
    {
        for (var i = start; i < end; i++)
        {
            text.Append(sign).Append(lines[i]);
            if (!lines[i].EndsWith('\n'))
            {
                text.Append("\n\\ No newline at end of file\n");
            }
        }
    }
}
