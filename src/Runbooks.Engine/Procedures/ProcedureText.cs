using System.Collections.Immutable;
using System.Text;
using Runbooks.Engine.Planning;

namespace Runbooks.Engine.Procedures;

/// <summary>A page for a terminal, or a printer. What is to be pasted begins at the margin and nothing around it does: indented, the end of a text that is fed to a program would not be found.</summary>
public static class ProcedureText
{
    private const string Indent = "    ";

    public static string Write(IEnumerable<PageBlock> page)
    {
        var text = new StringBuilder();
        PageBlock? last = null;
        foreach (var block in page)
        {
            text.Append(last is null || (last is Item && block is Item) || (last is Tick && block is Tick) ? "" : "\n");
            Block(text, block);
            last = block;
        }

        return text.ToString();
    }

    private static void Block(StringBuilder text, PageBlock block)
    {
        switch (block)
        {
            case Heading { Level: 3 } heading:
                text.Append($"-- {PlanText.OneLine(heading.Text)}\n");
                break;
            case Heading heading:
                var line = PlanText.OneLine(heading.Text);
                text.Append($"{line}\n{new string(heading.Level == 1 ? '=' : '-', line.Length)}\n");
                break;
            case Prose prose:
                text.Append($"{(prose.IsLoud ? "!!  " : Indent)}{PlanText.OneLine(prose.Text)}\n");
                break;
            case Table table:
                Rows(text, table);
                break;
            case Lines lines:
                text.AppendJoin('\n', lines.All).Append('\n');
                break;
            case Tick tick:
                text.Append($"[ ] {PlanText.OneLine(tick.Text)}\n");
                break;
            case Item item:
                text.Append($"*   {PlanText.OneLine(item.Text)}\n");
                break;
            default:
                break;
        }
    }

    private static void Rows(StringBuilder text, Table table)
    {
        List<ImmutableArray<string>> rows = [.. table.Rows.Select(r => r.Select(c => PlanText.OneLine(c.Text)).ToImmutableArray())];
        if (table.Columns.Any(c => c.Length > 0))
        {
            rows.Insert(0, table.Columns);
        }

        var widths = table.Columns.Select((_, i) => rows.Select(r => r[i].Length).DefaultIfEmpty(0).Max()).ToImmutableArray();
        foreach (var row in rows)
        {
            text.Append($"{Indent}{string.Join("  ", row.Select((c, i) => c.PadRight(widths[i]))).TrimEnd()}\n");
        }
    }
}
