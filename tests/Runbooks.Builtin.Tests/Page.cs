using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Runbooks.Builtin.Tests;

/// <summary>The reference page of a kind: its headings and its fenced examples.</summary>
internal sealed partial record Page(string Path, string Title, ImmutableArray<string> Headings, ImmutableArray<PageExample> Examples)
{
    /// <param name="path">Of the <c>.md</c> file.</param>
    public static Page Read(string path)
    {
        var headings = ImmutableArray.CreateBuilder<string>();
        var examples = ImmutableArray.CreateBuilder<PageExample>();
        var (title, fence, body) = ("", (string?)null, new List<string>());
        var (number, start) = (0, 0);
        foreach (var line in File.ReadLines(path))
        {
            number++;
            if (fence is null && line.StartsWith("```", StringComparison.Ordinal))
            {
                (fence, start) = (line[3..].Trim(), number);
                body.Clear();
            }
            else if (line.StartsWith("```", StringComparison.Ordinal))
            {
                examples.Add(new PageExample(fence ?? "", string.Join('\n', body) + "\n", start));
                fence = null;
            }
            else if (fence is not null)
            {
                body.Add(line);
            }
            else if (line.StartsWith("## ", StringComparison.Ordinal))
            {
                headings.Add(line[3..].Trim());
            }
            else if (line.StartsWith("# ", StringComparison.Ordinal))
            {
                title = line[2..].Trim();
            }
        }

        return fence is null ? new Page(path, title, headings.ToImmutable(), examples.ToImmutable()) : throw new InvalidDataException($"{path}: the fence of line {start} is not closed");
    }

    /// <summary>An error that an example announces at the end of its line: of the reader (<c># error: RB1001</c>) or of the planner (<c># plan error: RB3101</c>).</summary>
    [GeneratedRegex(@"# (?<stage>error|plan error): (?<code>RB\d{4})\b", RegexOptions.ExplicitCapture, 1000)]
    public static partial Regex Announcement();
}

/// <param name="Fence">What stands after the three backticks.</param>
/// <param name="Line">Of the fence, in the page.</param>
internal sealed record PageExample(string Fence, string Text, int Line);
