using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Runbooks.Builtin.Checks.Migration;

namespace Runbooks.Builtin.Probes;

/// <summary>The rows of one table as <c>pg_restore</c> writes them out of a dump: <c>COPY … FROM stdin;</c>, a line for each row, <c>\.</c></summary>
internal sealed record DumpedTable(ImmutableArray<string> Columns, ImmutableArray<ImmutableArray<string>> Rows)
{
    /// <summary>The tables in which tools write down what they have done; null for one of which more than a table would have to be understood.</summary>
    public static string? NameOf(string tool) => tool switch
    {
        "alembic" => "alembic_version",
        MigrationTools.Django => "django_migrations",
        "rails" or "golang-migrate" => "schema_migrations",
        _ => null,
    };

    /// <summary>At which migration a database with this table is: what <see cref="MigrationTools.QueryOf"/> asks of a server.</summary>
    /// <param name="app">Of Django only.</param>
    /// <returns>Null when the table does not say it.</returns>
    public ImmutableArray<string>? Heads(string tool, string app)
    {
        ImmutableArray<string> Values(string column) => Columns.IndexOf(column) is >= 0 and var at && Rows.All(r => r.Length == Columns.Length) ? [.. Rows.Select(r => r[at])] : [];
        bool Has(params ReadOnlySpan<string> columns)
        {
            foreach (var column in columns)
            {
                if (Values(column).Length != Rows.Length || !Columns.Contains(column))
                {
                    return false;
                }
            }

            return true;
        }

        switch (tool)
        {
            case "alembic" when Has("version_num"):
                return [.. Values("version_num").Order(StringComparer.Ordinal)];
            case "rails" when Has("version"):
                return [.. Values("version").Order(StringComparer.Ordinal).TakeLast(1)];
            case "golang-migrate" when Has("version", "dirty") && Values("dirty").All(d => d == "f"):
                return [.. Values("version")];
            case MigrationTools.Django when Has("id", "app", "name") && Values("id").All(i => long.TryParse(i, NumberStyles.None, CultureInfo.InvariantCulture, out _)):
                var rows = Values("id").Zip(Values("app"), Values("name")).Where(r => r.Second == app).OrderBy(r => long.Parse(r.First, NumberStyles.None, CultureInfo.InvariantCulture));
                return [.. rows.TakeLast(1).Select(r => r.Third)];
            default:
                return null;
        }
    }

    /// <param name="text">What <c>pg_restore</c> wrote.</param>
    /// <param name="table">Without its schema.</param>
    /// <returns>Null when the table is not in it, or is in it more than once.</returns>
    public static DumpedTable? Read(string text, string table)
    {
        DumpedTable? found = null;
        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            if (HeaderOf(lines[i], table) is not { } columns)
            {
                continue;
            }

            var rows = ImmutableArray.CreateBuilder<ImmutableArray<string>>();
            for (i++; i < lines.Length && lines[i] != "\\."; i++)
            {
                rows.Add([.. lines[i].Split('\t').Select(Unescaped)]);
            }

            if (found is not null || i >= lines.Length)
            {
                return null;
            }

            found = new DumpedTable(columns, rows.ToImmutable());
        }

        return found;
    }

    /// <returns>The names of the columns; null when it is another line.</returns>
    private static ImmutableArray<string>? HeaderOf(string line, string table)
    {
        const string End = ") FROM stdin;";
        if (!line.StartsWith("COPY ", StringComparison.Ordinal) || !line.EndsWith(End, StringComparison.Ordinal) || line.IndexOf('(', StringComparison.Ordinal) is not (> 5 and var open))
        {
            return null;
        }

        var name = line[5..open].Trim().Split('.')[^1].Trim('"');
        return name == table ? [.. line[(open + 1)..^End.Length].Split(',').Select(c => c.Trim().Trim('"'))] : null;
    }

    private static string Unescaped(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal))
        {
            return text;
        }

        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            result.Append(text[i] != '\\' || i + 1 == text.Length ? text[i] : text[++i] switch { 'n' => '\n', 't' => '\t', 'r' => '\r', var other => other });
        }

        return result.ToString();
    }
}
