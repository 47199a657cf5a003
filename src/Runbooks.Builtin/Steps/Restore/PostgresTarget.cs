using System.Collections.Immutable;
using Runbooks.Builtin.Postgres;
using Runbooks.Engine.Kinds;
using Runbooks.Language.Fields;
using Runbooks.Language.Templates;

namespace Runbooks.Builtin.Steps.Restore;

/// <summary>A PostgreSQL database: a new one, or the contents of one that is there.</summary>
/// <param name="Creation">Makes the database, and fails when there is one of that name; null when one is restored over.</param>
/// <param name="Restoration">Reads the dump, in one transaction: all of it or nothing.</param>
public sealed record PostgresTarget(PostgresPlace Place, ProgramStart? Creation, ProgramStart Restoration) : RestoreTarget
{
    private const string Over = "over";

    public static FieldSet Fields { get; } = new("'postgres'",
    [
        .. PostgresPlace.Fields("the database that is restored into: a new one, unless 'over' is true"),
        new Field(Over, FieldShape.Boolean, "replace what is in the dump in a database that is there") { Default = "false" },
    ])
    { Shorthand = "database" };

    /// <summary>Over one that is there the same comes out again; a new one cannot be told from one that somebody else made.</summary>
    public override bool IsRepeatable => Creation is null;

    public override bool IsOver => Creation is null;

    public override ImmutableArray<Requirement> Requirements => Place.Requirements(Creation is null ? [Restoration] : [Creation, Restoration]);

    public override ImmutableArray<PlannedEffect> Effects(Rendered from) =>
        Creation is null ? [Restoration with { ReadsFrom = from }] : [Creation, Restoration with { ReadsFrom = from }];

    /// <returns>Null when something is wrong: the context was told what.</returns>
    public static PostgresTarget? Read(Inputs inputs, PlanContext context)
    {
        if (PostgresPlace.Read(inputs, context) is not { } place)
        {
            return null;
        }

        var isOver = inputs.Flag(Over);
        string[] cleaning = isOver ? ["--clean", "--if-exists"] : [];
        return new PostgresTarget(
            place,
            isOver ? null : place.Start(context, "createdb", [.. place.Options, "--no-password", "--", place.Database]),
            place.Connected(context, "pg_restore", place.Database, ["--exit-on-error", "--single-transaction", .. cleaning]));
    }
}
