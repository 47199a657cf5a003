using System.Collections.Immutable;
using Runbooks.Builtin.Postgres;
using Runbooks.Engine.Kinds;

namespace Runbooks.Builtin.Steps.Postgres;

/// <summary>A file of SQL that is run in one transaction.</summary>
/// <param name="Start">Of psql, with the SQL on its standard input.</param>
/// <param name="Schema">Of pg_dump, which says what the schema is; started before and after.</param>
/// <param name="Wanted">The fingerprint that the schema must have afterwards; empty when it is not compared.</param>
public sealed record PostgresStep(PostgresPlace Place, ProgramStart Start, ProgramStart Schema, string Wanted) : StepAction
{
    public override ActionPreview Preview => ActionPreview.Of(Schema, Start, Schema);

    public override ImmutableArray<Requirement> Requirements => Place.Requirements([Schema, Start]);
}
