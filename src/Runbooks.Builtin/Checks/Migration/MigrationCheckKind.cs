using System.Collections.Immutable;
using Runbooks.Builtin.Compose;
using Runbooks.Builtin.Databases;
using Runbooks.Builtin.Postgres;
using Runbooks.Engine.Kinds;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Fields;
using Runbooks.Language.Playbooks;

namespace Runbooks.Builtin.Checks.Migration;

/// <summary><c>migration:</c> asks a database which migrations it has.</summary>
public sealed class MigrationCheckKind : CheckKind<MigrationCheck>
{
    private const string Tool = "tool";
    private const string Head = "head";
    private const string App = "app";

    /// <summary>Heads, and what is wrong: more than these are never looked at.</summary>
    private const int MostRows = 50;

    public override KindDeclaration Declaration { get; } = new("migration", "A PostgreSQL database is at a migration, and none is half done.", () => new FieldSet("'migration'",
    [
        new Field(Tool, FieldShape.Choice, "the tool whose table in the database is read") { Required = true, Choices = [.. MigrationTools.Names] },
        .. PostgresPlace.Fields("the database that is asked"),
        new Field(Head, FieldShape.TextList, $"the migration that the database must be at, as the tool writes it into its table; Alembic may have several; '{MigrationCheck.None}' for no migration at all") { Otherwise = "any: only half-done migrations are looked for" },
        new Field(App, FieldShape.Text, "the app whose migrations are meant, of Django only"),
        DatabaseChecks.TimeoutField,
    ]));

    public override ImmutableArray<Descriptor> Descriptors => [.. ComposeDiagnostics.All, .. DatabaseDiagnostics.All, .. MigrationDiagnostics.All];

    public override MigrationCheck? Plan(Inputs inputs, PlanContext context)
    {
        if (PostgresPlace.Read(inputs, context) is not { } place)
        {
            return null;
        }

        var (tool, app) = (inputs.Choice(Tool), inputs.OptionalText(App) is { } given && !(given.IsKnown && given.Reveal().Length == 0) ? given : null);
        if (tool == MigrationTools.Django != app is not null)
        {
            context.Report(MigrationDiagnostics.App, inputs.SpanOf(app is null ? Tool : App), app is null ? "'app' is missing: Django counts the migrations of each app for itself" : $"'{App}' means nothing to {tool}");
            return null;
        }

        var query = new DatabaseQuery(MigrationTools.QueryOf(tool), inputs.Duration(DatabaseChecks.Timeout)) { Rows = MostRows, Values = app is null ? [] : [KeyValuePair.Create(App, app)] };
        return new MigrationCheck(place, query, place.Asking(context, query), tool, [.. inputs.Texts(Head).Where(h => !(h.IsKnown && h.Reveal().Length == 0))]);
    }

    public override Task<Verdict> AskAsync(MigrationCheck question, CheckContext context, CancellationToken cancel) => DatabaseChecks.AskAsync(question, context, cancel);
}
