using System.Collections.Immutable;
using Runbooks.Builtin.MySql;
using Runbooks.Engine.Kinds;
using Runbooks.Language.Fields;
using Runbooks.Language.Templates;

namespace Runbooks.Builtin.Steps.Restore;

/// <summary>A MySQL or MariaDB database: a new one, or the tables of one that is there.</summary>
/// <param name="Creation">Makes the database, and fails when there is one of that name; null when one is restored over.</param>
/// <param name="Restoration">Reads the dump and stops at the first error. Its statements on tables cannot be taken back.</param>
public sealed record MySqlTarget(MySqlPlace Place, ProgramStart? Creation, ProgramStart Restoration) : RestoreTarget
{
    private const string Over = "over";

    public static FieldSet Fields { get; } = new("'mysql'",
    [
        .. MySqlPlace.Fields("the database that is restored into: a new one, unless 'over' is true"),
        new Field(Over, FieldShape.Boolean, "replace what is in the dump in a database that is there") { Default = "false" },
    ])
    { Shorthand = "database" };

    /// <summary>Over one that is there every table is dropped and made again; a new one cannot be told from one that somebody else made.</summary>
    public override bool IsRepeatable => Creation is null;

    public override bool IsOver => Creation is null;

    public override ImmutableArray<Requirement> Requirements => Place.Requirements(Creation is null ? [Restoration] : [Creation, Restoration]);

    public override ImmutableArray<PlannedEffect> Effects(Rendered from) =>
        Creation is null ? [Restoration with { ReadsFrom = from }] : [Creation, Restoration with { ReadsFrom = from }];

    /// <returns>Null when something is wrong: the context was told what.</returns>
    public static MySqlTarget? Read(Inputs inputs, PlanContext context) => MySqlPlace.Read(inputs, context) is { } place
        ? new MySqlTarget(
            place,
            inputs.Flag(Over) ? null : place.Ask(context, null, $"CREATE DATABASE `{place.Database}`"),
            place.Start(context, place.Client, [.. place.Options, "--batch", $"--database={place.Database}"]))
        : null;
}
