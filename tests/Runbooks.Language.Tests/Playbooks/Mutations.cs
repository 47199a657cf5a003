namespace Runbooks.Language.Tests.Playbooks;

/// <summary>Makes bad playbooks out of good ones; the same number always makes the same one.</summary>
internal static class Mutations
{
    private static readonly string[] Insertions =
    [
        "[", "]", "{", "}", "{{", "}}", "{{ ", " }}", "\t", "'", "\"", "&a ", "*a", "!!str ", "!", "|", ">", ": ", "- ", "? ", "#", "\n", "\r\n", "\r", "  ", ",", "%", "@", "`", "\\",
        "🎉", "é", "\u0301", "\u200D", "\uFEFF", "\0", "\uFFFD", "\u2028", "\u0085", "\x1b[2J", "---\n", "...\n", "<<: *a\n", "~", "null", "{{ if x }}", "{{ end }}", "{{ for i in x }}", "$\"{", "{%{", "==", "=", "0", "-1", "9999999999999999999", "1e999",
        "steps.stop.stdout", "item", "this", "runbook: v1\n", "steps:\n", "\uD800",
    ];

    public static string Of(IReadOnlyList<string> playbooks, int seed)
    {
        var random = new Random(seed);
        var text = playbooks[random.Next(playbooks.Count)];
        if (random.Next(8) == 0)
        {
            text = text.ReplaceLineEndings("\r\n");
        }

        for (var i = random.Next(1, 5); i > 0; i--)
        {
            text = random.Next(9) switch
            {
                0 => Delete(text, random, 1),
                1 => Delete(text, random, random.Next(1, 40)),
                2 => Duplicate(text, random),
                3 => Swap(text, random),
                4 => DropLine(text, random),
                5 => MoveLine(text, random),
                6 => text[..random.Next(text.Length + 1)],
                7 => Indent(text, random),
                _ => text.Insert(random.Next(text.Length + 1), Insertions[random.Next(Insertions.Length)]),
            };
        }

        return text;
    }

    private static string Delete(string text, Random random, int length)
    {
        var at = random.Next(text.Length + 1);
        return text.Remove(at, Math.Min(length, text.Length - at));
    }

    private static string Duplicate(string text, Random random)
    {
        var at = random.Next(text.Length + 1);
        var length = random.Next(Math.Min(200, text.Length - at + 1));
        return text.Insert(random.Next(text.Length + 1), text.Substring(at, length));
    }

    private static string Swap(string text, Random random)
    {
        if (text.Length < 2)
        {
            return text;
        }

        var characters = text.ToCharArray();
        var (a, b) = (random.Next(text.Length), random.Next(text.Length));
        (characters[a], characters[b]) = (characters[b], characters[a]);
        return new string(characters);
    }

    private static string DropLine(string text, Random random)
    {
        var lines = text.Split('\n').ToList();
        lines.RemoveAt(random.Next(lines.Count));
        return string.Join('\n', lines);
    }

    private static string MoveLine(string text, Random random)
    {
        var lines = text.Split('\n').ToList();
        var line = lines[random.Next(lines.Count)];
        lines.Insert(random.Next(lines.Count + 1), line);
        return string.Join('\n', lines);
    }

    private static string Indent(string text, Random random)
    {
        var lines = text.Split('\n');
        var at = random.Next(lines.Length);
        lines[at] = random.Next(2) == 0 ? $" {lines[at]}" : lines[at].Length > 0 ? lines[at][1..] : "";
        return string.Join('\n', lines);
    }
}
