using Runbooks.Builtin.MySql;
using Runbooks.Engine.Kinds;
using Runbooks.Language.Fields;

namespace Runbooks.Builtin.Steps.Restore;

/// <summary>A MySQL or MariaDB database, into which a dump goes statement by statement: there is no transaction over tables.</summary>
internal static class MySqlTarget
{
    public static FieldSet Fields { get; } = new("'mysql'", [.. MySqlPlace.Fields("the database that is restored into: a new one, unless 'over' is true"), DatabaseTarget.Over]) { Shorthand = "database" };

    /// <returns>Null when something is wrong: the context was told what.</returns>
    public static DatabaseTarget? Read(Inputs inputs, PlanContext context) => MySqlPlace.Read(inputs, context) is { } place
        ? new DatabaseTarget(
            place,
            inputs.Flag(DatabaseTarget.Over.Name) ? null : place.Ask(context, null, $"CREATE DATABASE `{place.Database}`"),
            place.Start(context, place.Client, [.. place.Options, "--batch", $"--database={place.Database}"]),
            $"database '{place.Database}' holds a part of the dump only")
        : null;
}
