using System.Collections.Immutable;
using Runbooks.Builtin.Databases;

namespace Runbooks.Builtin.Checks.Migration;

/// <summary>How each tool writes down which migrations a database has. What it writes is read, and never written.</summary>
internal static class MigrationTools
{
    public const string Django = "django";

    /// <summary>Two values in each row: a head and nothing, or a migration and what is wrong with it.</summary>
    /// <param name="dialect">Whether MySQL is asked: there the tables of Liquibase have other names.</param>
    public static string QueryOf(string tool, SqlDialect dialect) => (tool, dialect) switch
    {
        ("alembic", _) => "SELECT version_num, '' FROM alembic_version ORDER BY 1",
        (Django, SqlDialect.MySql) => "SELECT name, '' FROM django_migrations WHERE app = @app ORDER BY id DESC LIMIT 1",
        (Django, _) => "SELECT name, '' FROM django_migrations WHERE app = :'app' ORDER BY id DESC LIMIT 1",
        ("rails", _) => "SELECT version, '' FROM schema_migrations ORDER BY version DESC LIMIT 1",
        ("golang-migrate", SqlDialect.MySql) => "SELECT CAST(version AS char), CASE WHEN dirty THEN 'half done (dirty)' ELSE '' END FROM schema_migrations",
        ("golang-migrate", _) => "SELECT version::text, CASE WHEN dirty THEN 'half done (dirty)' ELSE '' END FROM schema_migrations",
        // An undo is a row of its own; what was undone is no head any more. A repair deletes by a row, too.
        ("flyway", _) => """
            (SELECT done.version, '' FROM flyway_schema_history done
              WHERE done.version IS NOT NULL AND done.success AND done.type NOT LIKE 'UNDO%' AND done.type <> 'DELETE'
                AND NOT EXISTS (SELECT 1 FROM flyway_schema_history later
                                 WHERE later.version = done.version AND later.success AND (later.type LIKE 'UNDO%' OR later.type = 'DELETE') AND later.installed_rank > done.installed_rank)
              ORDER BY done.installed_rank DESC LIMIT 1)
            UNION ALL
            SELECT coalesce(version, description), 'failed' FROM flyway_schema_history WHERE NOT success
            """,
        (_, SqlDialect.MySql) => """
            (SELECT ID, '' FROM DATABASECHANGELOG ORDER BY ORDEREXECUTED DESC LIMIT 1)
            UNION ALL
            SELECT 'the change log', concat('locked by ', coalesce(LOCKEDBY, 'somebody'), ': a migration runs, or was killed') FROM DATABASECHANGELOGLOCK WHERE LOCKED
            """,
        _ => """
            (SELECT id, '' FROM databasechangelog ORDER BY orderexecuted DESC LIMIT 1)
            UNION ALL
            SELECT 'the change log', 'locked by ' || coalesce(lockedby, 'somebody') || ': a migration runs, or was killed' FROM databasechangeloglock WHERE locked
            """,
    };

    public static ImmutableArray<string> Names => ["alembic", Django, "rails", "golang-migrate", "flyway", "liquibase"];
}
