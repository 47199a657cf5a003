using Runbooks.Builtin.Databases;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Releases;
using Runbooks.Language.Projects;

namespace Runbooks.Builtin.Releases;

/// <summary>At which migration the database of a project is.</summary>
internal sealed class SchemaObserver(ProjectMigrations? declared, ProjectPlaybook playbook)
{
    private readonly List<string> _unknown = [];

    /// <summary>What could not be found out, a sentence each.</summary>
    public IEnumerable<string> Unknown => _unknown;

    /// <summary>Null when no database is migrated, or it could not be asked.</summary>
    public async Task<ReleasedSchema?> ObserveAsync(CheckContext context, CancellationToken cancel)
    {
        if (declared is not { } migrations)
        {
            return null;
        }

        if (playbook.Migration is not { } check)
        {
            _unknown.Add("at which migration the database is: the project file names no 'database' that could be asked");
            return null;
        }

        var (rows, problem) = await DatabaseChecks.RowsAsync(check, context, cancel);
        if (problem is not null || rows.Any(r => r.Fields.Length != 2))
        {
            _unknown.Add($"at which migration database '{migrations.Database}' is: {problem ?? "it answered something else"}");
            return null;
        }

        var (version, noVersion) = playbook.ServerVersion is { } asked ? await DatabaseChecks.RowsAsync(asked, context, cancel) : ([], "it was not asked");
        if (noVersion is not null)
        {
            _unknown.Add($"the version of the server of database '{migrations.Database}': {noVersion}");
        }

        return new ReleasedSchema(
            migrations.Tool,
            migrations.Database,
            [.. rows.Where(r => r.Fields[1].Length == 0).Select(r => r.Fields[0]).Order(StringComparer.Ordinal)],
            [.. rows.Where(r => r.Fields[1].Length > 0).Select(r => $"{r.Fields[0]} is {r.Fields[1]}")])
        {
            Server = version is [{ Fields: [{ Length: > 0 } number, ..] }] ? $"PostgreSQL {number}" : "",
        };
    }
}
