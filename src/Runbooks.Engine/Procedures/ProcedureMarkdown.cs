using System.Collections.Immutable;
using System.Text;
using Runbooks.Engine.Planning;

namespace Runbooks.Engine.Procedures;

/// <summary>A page as Markdown.</summary>
public static class ProcedureMarkdown
{
    public static string Write(ImmutableArray<PageBlock> page)
    {
        var text = new StringBuilder();
        PageBlock? last = null;
        foreach (var block in page)
        {
            // What is listed stays one list.
            text.Append(last is null || (last is Item && block is Item) ? "" : "\n");
            Block(text, block);
            last = block;
        }

        return text.ToString();
    }

    private static void Block(StringBuilder text, PageBlock block)
    {
        switch (block)
        {
            case Heading heading:
                text.Append($"{new string('#', heading.Level)} {MarkdownText.Escape(heading.Text)}\n");
                break;
            case Prose prose:
                text.Append(prose.IsLoud ? $"**{MarkdownText.Escape(prose.Text)}**\n" : $"{MarkdownText.Escape(prose.Text)}\n");
                break;
            case Table table:
                text.Append($"| {string.Join(" | ", table.Columns)} |\n|{string.Concat(table.Columns.Select(_ => "---|"))}\n");
                foreach (var row in table.Rows)
                {
                    text.Append($"| {string.Join(" | ", row.Select(c => c.IsCode ? MarkdownText.Code(c.Text) : MarkdownText.Escape(c.Text)))} |\n");
                }

                break;
            case Lines lines:
                MarkdownText.Fence(text, lines.Language, lines.All, "");
                break;
            case Tick tick:
                text.Append($"- [ ] {MarkdownText.Escape(tick.Text)}\n");
                break;
            case Item item:
                text.Append($"- {MarkdownText.Escape(item.Text)}\n");
                break;
            default:
                break;
        }
    }
}
