using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Runbooks.Language.Editing;

namespace Runbooks.Language.Tests.Editing;

/// <summary>A folder of tests/cases/edit.</summary>
/// <remarks>
/// <c>input.yml</c>, <c>input.json</c> or <c>input.env</c>; <c>edit.txt</c> with a line <c>path=value</c> for each edit (the first <c>=</c> outside double quotes
/// separates; in the value <c>\n \r \t \\ \uXXXX</c>; a leading <c>!shared </c> or <c>!disconnect </c> allows that); and either <c>expected.*</c> or
/// <c>refusal.txt</c> with a line <c>Kind path: sentence</c> for each refusal.
/// </remarks>
internal sealed record EditCase(string Name, EditFormat Format, byte[] Input, ImmutableArray<ScalarEdit> Edits, byte[]? Expected, string? Refusal)
{
    public static string Root { get; } = Path.Combine(RepositoryRoot(), "tests", "cases", "edit");

    public static IEnumerable<string> Names() => Directory.GetDirectories(Root).Select(d => Path.GetFileName(d)!).Order(StringComparer.Ordinal);

    public static EditCase Read(string name)
    {
        var folder = Path.Combine(Root, name);
        var input = Directory.GetFiles(folder, "input.*").Single();
        var format = EditFormats.OfPath(input) ?? throw new InvalidOperationException($"no format for {input}");
        var expected = Path.Combine(folder, "expected" + Path.GetExtension(input));
        var refusal = Path.Combine(folder, "refusal.txt");
        var edits = File.ReadAllLines(Path.Combine(folder, "edit.txt")).Where(l => l.Length > 0).Select(Parse);
        return new EditCase(
            name,
            format,
            File.ReadAllBytes(input),
            [.. edits],
            File.Exists(expected) ? File.ReadAllBytes(expected) : null,
            File.Exists(refusal) ? File.ReadAllText(refusal).ReplaceLineEndings("\n") : null);
    }

    private static ScalarEdit Parse(string line)
    {
        var allow = line.StartsWith('!') ? line[1..line.IndexOf(' ')] : "";
        var text = allow.Length > 0 ? line[(allow.Length + 2)..] : line;
        var quoted = false;
        var separator = text.TakeWhile(c => (quoted ^= c == '"') || c != '=').Count();
        return new ScalarEdit(text[..separator], Unescape(text[(separator + 1)..])) { AllowShared = allow == "shared", AllowDisconnect = allow == "disconnect" };
    }

    private static string Unescape(string text)
    {
        var result = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                result.Append(text[i]);
                continue;
            }

            i++;
            if (text[i] == 'u')
            {
                result.Append((char)int.Parse(text.AsSpan(i + 1, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                i += 4;
                continue;
            }

            result.Append(text[i] switch { 'n' => '\n', 'r' => '\r', 't' => '\t', var c => c });
        }

        return result.ToString();
    }

    private static string RepositoryRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Runbooks.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("not inside the repository");
        }

        return folder;
    }
}
