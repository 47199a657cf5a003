using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;
using Runbooks.Language.Editing;
using Runbooks.Language.Templates;

namespace Runbooks.Builtin.FileEdits;

/// <summary>The lines of a file that an edit changes, for people: unified, with line numbers and without neighbours, which may hold secrets.</summary>
internal static partial class EditDiff
{
    /// <param name="isSecret">Whether the value of an edit, by its index, is secret.</param>
    /// <param name="mask">Takes the secrets out that stand beside a changed value.</param>
    public static string Of(ReadOnlySpan<byte> before, Edited edited, Func<int, bool> isSecret, Func<string, string> mask)
    {
        var hidden = edited.Changes.Select((c, i) => (Change: c, IsHidden: isSecret(i) || SecretName().IsMatch(c.Path))).Where(c => c.IsHidden).Select(c => c.Change).ToImmutableArray();
        var (old, now) = (Lines(before), Lines(edited.Bytes.AsSpan()));
        var text = new StringBuilder();
        foreach (var (start, oldEnd, nowStart, nowEnd) in Hunks(old, now))
        {
            text.Append($"@@ -{Range(start, oldEnd)} +{Range(nowStart, nowEnd)} @@\n");
            var removed = Masked(old[start..oldEnd], hidden.Select(c => c.OldSource), mask);
            var added = Masked(now[nowStart..nowEnd], hidden.Select(c => c.NewSource), mask);
            AppendLines(text, '-', removed, added);
            AppendLines(text, '+', added, removed);
        }

        return text.ToString().TrimEnd('\n');
    }

    private static string[] Lines(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes).Split('\n');

    /// <summary>Stretches of lines that differ. A changed value nearly always keeps the number of lines; where it does not, one stretch covers all changes.</summary>
    private static IEnumerable<(int Start, int OldEnd, int NowStart, int NowEnd)> Hunks(string[] old, string[] now)
    {
        if (old.Length != now.Length)
        {
            var start = old.Zip(now).TakeWhile(p => p.First == p.Second).Count();
            var end = old.Skip(start).Reverse().Zip(now.Skip(start).Reverse()).TakeWhile(p => p.First == p.Second).Count();
            yield return (start, old.Length - end, start, now.Length - end);
            yield break;
        }

        for (var i = 0; i < old.Length; i++)
        {
            var start = i;
            while (i < old.Length && old[i] != now[i])
            {
                i++;
            }

            if (i > start)
            {
                yield return (start, i, start, i);
            }
        }
    }

    private static string Range(int start, int end) => end - start == 1 ? $"{start + 1}" : $"{start + 1},{end - start}";

    /// <summary>A secret that reaches over several lines is hidden as a whole, so it is looked for in all of them together.</summary>
    private static string[] Masked(string[] lines, IEnumerable<string> hidden, Func<string, string> mask) =>
        mask(hidden.Where(h => h.Length > 0).OrderByDescending(h => h.Length).Aggregate(string.Join('\n', lines), (t, h) => t.Replace(h, Rendered.Mask, StringComparison.Ordinal))).Split('\n');

    private static void AppendLines(StringBuilder text, char sign, string[] lines, string[] others)
    {
        for (var i = 0; i < lines.Length; i++)
        {
            var line = Shortened(lines[i].TrimEnd('\r'), lines.Length == others.Length ? others[i].TrimEnd('\r') : "");
            text.Append(sign).AppendJoin("", line.Select(c => char.IsControl(c) && c != '\t' ? '\uFFFD' : c)).Append('\n');
        }
    }

    /// <summary>Of a long line (JSON on one line) only what differs, with a little around it.</summary>
    private static string Shortened(string line, string other)
    {
        const int Longest = 240;
        const int Around = 60;
        if (line.Length <= Longest)
        {
            return line;
        }

        var start = Math.Max(0, line.AsSpan().CommonPrefixLength(other) - Around);
        var same = 0;
        while (same < Math.Min(line.Length, other.Length) && line[^(same + 1)] == other[^(same + 1)])
        {
            same++;
        }

        var end = Math.Clamp(line.Length - Math.Max(0, same - Around), start, line.Length);
        var shown = line[start..Math.Min(end, start + Longest)];
        return $"{(start > 0 ? "…" : "")}{shown}{(start + shown.Length < line.Length ? "…" : "")}";
    }

    /// <summary>Names under which a value is kept from view even when the playbook does not call it a secret: the old value is one.</summary>
    [GeneratedRegex("passw|pwd|secret|token|credential|api_?key|private_?key", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex SecretName();
}
