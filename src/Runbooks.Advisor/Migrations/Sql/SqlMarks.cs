using System.Text;

namespace Runbooks.Advisor.Migrations.Sql;

/// <summary>Files with both ways in them: <c>-- +goose Down</c>, <c>-- migrate:down</c>, <c>-- +migrate Down</c>.</summary>
internal static class SqlMarks
{
    private enum Part
    {
        None,
        Forward,
        Back,
    }

    /// <summary>Null when nothing is marked.</summary>
    public static (MigrationWay Forward, MigrationWay Back)? Read(MigrationText file)
    {
        // The lines of the other part stay as empty ones, so that lines keep their numbers.
        var (forward, back) = (new StringBuilder(), new StringBuilder());
        var (part, isMarked, line, backLine) = (Part.None, false, 0, 0);
        foreach (var text in file.Text.Split('\n'))
        {
            line++;
            if (Mark(text) is { } mark)
            {
                (part, isMarked) = (mark, true);
                backLine = mark == Part.Back ? line : backLine;
            }

            forward.Append(part == Part.Forward ? text : "").Append('\n');
            back.Append(part == Part.Back ? text : "").Append('\n');
        }

        if (!isMarked)
        {
            return null;
        }

        var forwardWay = new MigrationWay(SqlReading.Read(forward.ToString(), file.Path));
        return (forwardWay, backLine == 0
            ? MigrationWay.Of(new MigrationStatement(file.Path, 1, "", MigrationImpact.Irreversible, DataLoss.Unknown, "no part of the file takes it back"))
            : SqlWays.Back(forwardWay, new MigrationWay(SqlReading.Read(back.ToString(), file.Path)), file.Path, backLine));
    }

    private static Part? Mark(string line)
    {
        var text = line.AsSpan().Trim();
        if (!text.StartsWith("--", StringComparison.Ordinal))
        {
            return null;
        }

        text = text[2..].Trim();
        foreach (var (mark, part) in (ReadOnlySpan<(string, Part)>)[("+goose Up", Part.Forward), ("+goose Down", Part.Back), ("migrate:up", Part.Forward), ("migrate:down", Part.Back), ("+migrate Up", Part.Forward), ("+migrate Down", Part.Back)])
        {
            if (text.StartsWith(mark, StringComparison.OrdinalIgnoreCase) && (text.Length == mark.Length || char.IsWhiteSpace(text[mark.Length])))
            {
                return part;
            }
        }

        return null;
    }
}
