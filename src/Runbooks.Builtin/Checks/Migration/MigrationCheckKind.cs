using System.Collections.Immutable;
using Runbooks.Advisor.Migrations;
using Runbooks.Builtin.Compose;
using Runbooks.Builtin.Databases;
using Runbooks.Builtin.MySql;
using Runbooks.Builtin.Postgres;
using Runbooks.Engine.Kinds;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Fields;
using Runbooks.Language.Playbooks;
using Runbooks.Language.Templates;

namespace Runbooks.Builtin.Checks.Migration;

/// <summary><c>migration:</c> asks a database which migrations it has.</summary>
public sealed class MigrationCheckKind : CheckKind<MigrationCheck>
{
    private const string Tool = "tool";
    private const string Server = "server";
    private const string Head = "head";
    private const string App = "app";
    private const string Reversible = "reversible";
    private const string Migrations = "migrations";
    private const string To = "to";
    private const string Reviewed = "reviewed";
    private const string Postgres = "postgres";
    private const string MySqlServer = "mysql";

    /// <summary>Heads, and what is wrong: more than these are never looked at.</summary>
    private const int MostRows = 50;

    public override KindDeclaration Declaration { get; } = new("migration", "A database is at a migration, none is half done, and those after another one can be taken back.", () => new FieldSet("'migration'",
    [
        new Field(Tool, FieldShape.Choice, "the tool whose table in the database is read") { Required = true, Choices = [.. MigrationTools.Names] },
        new Field(Server, FieldShape.Choice, "the product whose client program asks") { Choices = [Postgres, MySqlServer], Default = Postgres },
        MySqlPlace.ProgramsField,
        .. DatabasePlace.Fields("the database that is asked", "the database", "its socket: its folder with PostgreSQL, itself with MySQL"),
        new Field(Head, FieldShape.TextList, $"the migration that the database must be at, as the tool writes it into its table; Alembic may have several; '{MigrationCheck.None}' for no migration at all") { Otherwise = "any: only half-done migrations are looked for" },
        new Field(App, FieldShape.Text, "the app whose migrations are meant, of Django only"),
        new Field(Reversible, FieldShape.Boolean, "true: the migrations after 'to' can be taken back, by their files") { Default = "false" },
        new Field(Migrations, FieldShape.Path, "the folder with the files of the migrations, as the release has them that brought them"),
        new Field(To, FieldShape.TextList, $"the migration that stays; '{MigrationCheck.None}' when all are taken back") { Otherwise = "only the last one is taken back" },
        new Field(Reviewed, FieldShape.TextList, "migrations whose way back somebody has looked at: that it could not be read is no hindrance then"),
        DatabaseChecks.TimeoutField,
    ]));

    public override ImmutableArray<Descriptor> Descriptors => [.. ComposeDiagnostics.All, .. DatabaseDiagnostics.All, .. MigrationDiagnostics.All];

    public override MigrationCheck? Plan(Inputs inputs, PlanContext context)
    {
        if (inputs.Choice(Server) == Postgres && inputs.IsGiven(MySqlPlace.Programs))
        {
            context.Report(MigrationDiagnostics.Server, inputs.SpanOf(MySqlPlace.Programs), $"'{MySqlPlace.Programs}' means nothing with 'server: {Postgres}'");
            return null;
        }

        DatabasePlace? read = inputs.Choice(Server) == MySqlServer ? MySqlPlace.Read(inputs, context) : PostgresPlace.Read(inputs, context);
        if (read is not { } place)
        {
            return null;
        }

        var (tool, app) = (inputs.Choice(Tool), inputs.OptionalText(App) is { } given && !(given.IsKnown && given.Reveal().Length == 0) ? given : null);
        if (tool == MigrationTools.Django != app is not null)
        {
            context.Report(MigrationDiagnostics.App, inputs.SpanOf(app is null ? Tool : App), app is null ? "'app' is missing: Django counts the migrations of each app for itself" : $"'{App}' means nothing to {tool}");
            return null;
        }

        if (inputs.Flag(Reversible) != inputs.IsGiven(Migrations) || (!inputs.Flag(Reversible) && ((string[])[To, Reviewed]).Any(inputs.IsGiven)))
        {
            context.Report(MigrationDiagnostics.Files, inputs.SpanOf(inputs.Flag(Reversible) ? Reversible : Migrations), inputs.Flag(Reversible) ? $"'{Migrations}' is missing" : $"nothing is asked of the files: '{Reversible}: true' is missing");
            return null;
        }

        var query = new DatabaseQuery(MigrationTools.QueryOf(tool, place.Dialect), inputs.Duration(DatabaseChecks.Timeout)) { Rows = MostRows, Values = app is null ? [] : [KeyValuePair.Create(App, app)] };
        return new MigrationCheck(place, query, place.Asking(context, query), tool, Given(inputs, Head)) { WayBack = WayBack(inputs, tool, app, context) };
    }

    private static WayBackQuestion? WayBack(Inputs inputs, string tool, Rendered? app, PlanContext context)
    {
        if (!inputs.Flag(Reversible) || MigrationWords.Tool(tool) is not { } read)
        {
            return null;
        }

        var folder = context.Resolve(inputs.Path(Migrations));
        return new WayBackQuestion(read, folder, context.Show(folder), Given(inputs, To), Given(inputs, Reviewed), app);
    }

    /// <summary>What is empty is not given, so that a playbook can leave it to a variable.</summary>
    private static ImmutableArray<Rendered> Given(Inputs inputs, string field) => [.. inputs.Texts(field).Where(t => !(t.IsKnown && t.Reveal().Length == 0))];

    public override Task<Verdict> AskAsync(MigrationCheck question, CheckContext context, CancellationToken cancel) => DatabaseChecks.AskAsync(question, context, cancel, rows =>
    {
        var verdict = question.Judge(rows, context.Mask);
        if (question.WayBack is not { } wayBack || verdict.Kind != VerdictKind.Holds)
        {
            return verdict;
        }

        var back = wayBack.Judge(MigrationCheck.HeadsIn(rows), context.Ports.Files, context.Mask, cancel);
        return back with { Observed = $"{verdict.Observed}; {back.Observed}" };
    });
}
