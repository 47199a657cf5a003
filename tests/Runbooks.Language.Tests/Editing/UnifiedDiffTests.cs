using System.Globalization;
using CsCheck;
using Runbooks.Language.Editing;

namespace Runbooks.Language.Tests.Editing;

public sealed class UnifiedDiffTests
{
    [Fact]
    public void What_is_far_apart_is_shown_apart_with_three_lines_around()
    {
        var before = string.Concat(Enumerable.Range(1, 20).Select(i => $"{i}\n"));

        Assert.Equal("--- a/f\n+++ b/f\n@@ -1,5 +1,6 @@\n 1\n 2\n+x\n 3\n 4\n 5\n@@ -15,6 +16,6 @@\n 15\n 16\n 17\n-18\n+y\n 19\n 20\n", UnifiedDiff.Of("f", before, before.Replace("3\n4\n", "x\n3\n4\n", StringComparison.Ordinal).Replace("18", "y", StringComparison.Ordinal)));
        Assert.Equal("", UnifiedDiff.Of("f", before, before));
    }

    [Fact]
    public void The_ends_of_lines_and_a_last_line_without_one_stay()
    {
        Assert.Equal("--- a/f\n+++ b/f\n@@ -1,2 +1,3 @@\n a\r\n-b\n\\ No newline at end of file\n+b\r\n+c\n\\ No newline at end of file\n", UnifiedDiff.Of("f", "a\r\nb", "a\r\nb\r\nc"));
        Assert.Equal("--- a/f\n+++ b/f\n@@ -0,0 +1 @@\n+a\n", UnifiedDiff.Of("f", "", "a\n"));
    }

    [Fact]
    public void Applied_it_gives_the_other_text() =>
        Gen.Select(Gen.Char["ab\n"].Array[0, 40], Gen.Char["ab\n"].Array[0, 40]).Sample((before, after) => Assert.Equal(new string(after), Apply(new string(before), UnifiedDiff.Of("f", new string(before), new string(after)))));

    /// <summary>As the format is defined, and strict: what it says is there must be there.</summary>
    private static string Apply(string before, string diff)
    {
        var (old, result, at) = (Split(before), new List<string>(), 0);
        var lines = Split(diff);
        for (var i = diff.Length == 0 ? 0 : 2; i < lines.Count; i++)
        {
            if (lines[i].StartsWith("@@ -", StringComparison.Ordinal))
            {
                var range = lines[i][4..].Split(' ')[0].Split(',');
                var start = int.Parse(range[0], CultureInfo.InvariantCulture) - (range.Length == 2 && range[1] == "0" ? 0 : 1);
                result.AddRange(old[at..start]);
                at = start;
                continue;
            }

            var text = lines[i][1..];
            if (i + 1 < lines.Count && lines[i + 1][0] == '\\')
            {
                text = text[..^1];
            }

            if (lines[i][0] is ' ' or '-')
            {
                Assert.Equal(old[at++], text);
            }

            if (lines[i][0] is ' ' or '+')
            {
                result.Add(text);
            }

            i += i + 1 < lines.Count && lines[i + 1][0] == '\\' ? 1 : 0;
        }

        return string.Concat(result.Concat(old[at..]));
    }

    private static List<string> Split(string text)
    {
        var lines = text.Split('\n').Select(l => l + "\n").ToList();
        lines[^1] = lines[^1][..^1];
        return lines[^1].Length == 0 ? lines[..^1] : lines;
    }
}
