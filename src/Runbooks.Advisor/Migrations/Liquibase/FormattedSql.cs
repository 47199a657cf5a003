using System.Collections.Immutable;
using System.Text;
using Runbooks.Advisor.Migrations.Sql;

namespace Runbooks.Advisor.Migrations.Liquibase;

/// <summary>A change log in SQL: <c>--liquibase formatted sql</c>, <c>--changeset alice:2</c>, <c>--rollback DROP …</c>.</summary>
internal static class FormattedSql
{
    public static ImmutableArray<ReadMigration> Read(MigrationText file)
    {
        var migrations = ImmutableArray.CreateBuilder<ReadMigration>();
        Part? part = null;
        var (number, isFirst, isInBlock) = (0, true, false);
        foreach (var raw in file.Text.Split('\n'))
        {
            number++;
            var line = raw.Trim().TrimStart('\ufeff');
            if (isFirst && line.Length > 0)
            {
                isFirst = false;
                if (Comment(line)?.Replace(" ", "", StringComparison.Ordinal).StartsWith("liquibaseformattedsql", StringComparison.OrdinalIgnoreCase) != true)
                {
                    return [];
                }
            }

            if (Comment(line) is { } comment && After(comment, "changeset") is { } named)
            {
                part?.End(file, migrations);
                part = new Part(named, number);
            }
            else
            {
                part?.Line(raw, line, number, ref isInBlock);
            }
        }

        part?.End(file, migrations);
        return migrations.ToImmutable();
    }

    private static string? Comment(string line) => line.StartsWith("--", StringComparison.Ordinal) ? line[2..].TrimStart() : null;

    private static string? After(string comment, string word) =>
        comment.StartsWith(word, StringComparison.OrdinalIgnoreCase) && (comment.Length == word.Length || char.IsWhiteSpace(comment[word.Length])) ? comment[word.Length..].Trim() : null;

    /// <summary>A change set that is being read. The text of each way has the lines of the file, so that lines keep their numbers.</summary>
    private sealed class Part(string named, int line)
    {
        private readonly StringBuilder _forward = new();
        private readonly StringBuilder _back = new();
        private bool _hasRollback;

        public void Line(string raw, string trimmed, int number, ref bool isInBlock)
        {
            var (there, again) = (raw, "");
            if (isInBlock || trimmed.StartsWith("/* liquibase rollback", StringComparison.OrdinalIgnoreCase))
            {
                _hasRollback = true;
                (there, again) = ("", isInBlock ? raw.Replace("*/", "", StringComparison.Ordinal) : "");
                isInBlock = !trimmed.Contains("*/", StringComparison.Ordinal);
            }
            else if (Comment(trimmed) is { } comment && After(comment, "rollback") is { } sql)
            {
                _hasRollback = true;
                // These words say that there is nothing to take back.
                (there, again) = ("", sql.TrimEnd(';').ToUpperInvariant() is "EMPTY" or "NOT REQUIRED" ? "" : sql);
            }

            _forward.Append(there).Append('\n');
            _back.Append(again).Append('\n');
        }

        public void End(MigrationText file, ImmutableArray<ReadMigration>.Builder migrations)
        {
            // alice:2 runOnChange:true; an id can be in quotes.
            var id = named.IndexOf(':') is >= 0 and var colon ? named[(colon + 1)..].Trim() : named;
            id = id.StartsWith('"') && id.IndexOf('"', 1) is > 0 and var quote ? id[1..quote] : id.Split(' ', '\t')[0];
            migrations.Add(new ReadMigration(id, file.Path, new MigrationWay(SqlReading.Read(_forward.ToString(), file.Path, line + 1)), _hasRollback
                ? new MigrationWay(SqlReading.Read(_back.ToString(), file.Path, line + 1))
                : MigrationWay.Of(new MigrationStatement(file.Path, line, "", MigrationImpact.Irreversible, DataLoss.Unknown, "it is SQL, of which Liquibase knows no inverse, and there is no rollback"))));
        }
    }
}
