using Runbooks.Builtin.Postgres;
using Runbooks.Engine.Kinds;
using Runbooks.Language.Fields;

namespace Runbooks.Builtin.Steps.Restore;

/// <summary>A PostgreSQL database, into which a dump goes in one transaction: all of it or nothing.</summary>
internal static class PostgresTarget
{
    public static FieldSet Fields { get; } = new("'postgres'", [.. PostgresPlace.Fields("the database that is restored into: a new one, unless 'over' is true"), DatabaseTarget.Over]) { Shorthand = "database" };

    /// <returns>Null when something is wrong: the context was told what.</returns>
    public static DatabaseTarget? Read(Inputs inputs, PlanContext context)
    {
        if (PostgresPlace.Read(inputs, context) is not { } place)
        {
            return null;
        }

        var isOver = inputs.Flag(DatabaseTarget.Over.Name);
        string[] cleaning = isOver ? ["--clean", "--if-exists"] : [];
        return new DatabaseTarget(
            place,
            isOver ? null : place.Start(context, "createdb", [.. place.Options, "--no-password", "--", place.Database]),
            place.Connected(context, "pg_restore", place.Database, ["--exit-on-error", "--single-transaction", .. cleaning]),
            isOver ? "it is one transaction, so the database should be as it was" : $"database '{place.Database}' is there, and empty");
    }
}
