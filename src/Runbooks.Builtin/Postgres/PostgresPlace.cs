using System.Collections.Immutable;
using Runbooks.Builtin.Databases;
using Runbooks.Engine.Kinds;
using Runbooks.Language.Fields;
using Runbooks.Language.Templates;

namespace Runbooks.Builtin.Postgres;

/// <summary>Where the programs of PostgreSQL run, and to which server they connect.</summary>
public sealed record PostgresPlace : DatabasePlace
{
    /// <summary>Between the values of a row: a character that is in no text that people write.</summary>
    private const char Separator = '\x1f';

    private PostgresPlace((string Database, ImmutableArray<string> Entry, ImmutableArray<string> Options, ImmutableArray<EnvironmentAddition> Environment) read)
        : base(read.Database, read.Entry, read.Options, read.Environment)
    {
    }

    public override string Client => "psql";

    public override SqlDialect Dialect => SqlDialect.Postgres;

    /// <inheritdoc cref="DatabasePlace.Fields(string, string, string)"/>
    public static ImmutableArray<Field> Fields(string database) => Fields(database, "PostgreSQL", "the folder of its socket");

    /// <inheritdoc cref="DatabasePlace.ReadPlace"/>
    public static PostgresPlace? Read(Inputs inputs, PlanContext context)
    {
        if (ReadPlace(inputs, context, "PGPASSWORD", "--username", host => $"--host={host}") is not { } read)
        {
            return null;
        }

        if (read.Database.Contains('=') || read.Database.StartsWith('-') || read.Database.StartsWith("postgres://", StringComparison.Ordinal) || read.Database.StartsWith("postgresql://", StringComparison.Ordinal))
        {
            context.Report(DatabaseDiagnostics.BadName, inputs.SpanOf(DatabaseName), $"'{read.Database}' describes a connection, and does not name a database");
            return null;
        }

        return new PostgresPlace(read);
    }

    /// <summary>The same, connected to a server.</summary>
    /// <param name="database">The one that is connected to.</param>
    public ProgramStart Connected(PlanContext context, string program, string database, params ReadOnlySpan<string> words) =>
        Start(context, program, [.. Options, "--no-password", $"--dbname={database}", .. words]);

    /// <remarks>
    /// A cursor takes nothing but a query, and of a long answer no more is fetched than is looked at. All settings end with the transaction, so that nothing of them
    /// is left behind in a connection that a pooler shares.
    /// </remarks>
    public override ProgramStart Asking(PlanContext context, DatabaseQuery query) =>
        Connected(context, Client, Database, "--no-psqlrc", "--quiet", "--no-align", "--tuples-only", "--record-separator-zero", "--set=ON_ERROR_STOP=1") with
        {
            StandardInput = Asked(query),
        };

    public override Rendered Asked(DatabaseQuery query) => Rendered.Of(
    [
        .. Rendered.Literal("\\encoding UTF8\n\\pset fieldsep '\\037'\n\\pset null NULL\n").Parts,
        .. query.Values.SelectMany(v => (RenderedPart[])[.. Rendered.Literal($"\\set {v.Key} '").Parts, .. v.Value.Parts.Select(Escaped), .. Rendered.Literal("'\n").Parts]),
        .. Rendered.Literal(
            $"BEGIN TRANSACTION READ ONLY;\nSET LOCAL statement_timeout = {(long)query.Timeout.TotalMilliseconds};\nSET LOCAL lock_timeout = {(long)query.LockTimeout.TotalMilliseconds};\n"
            + $"DECLARE asked NO SCROLL CURSOR FOR\n{query.Text}\n;\nFETCH FORWARD {query.Rows} FROM asked;\nROLLBACK;\n").Parts,
    ]);

    public override ImmutableArray<DatabaseRow> Rows(string output) =>
        [.. output.Split('\0')[..^1].Select(r => new DatabaseRow([.. r.Split(Separator)]))];

    /// <summary>As it stands between the quotes of a command of psql, which puts it into the query as a literal.</summary>
    private static RenderedPart Escaped(RenderedPart part) => part.Kind == RenderedKind.Unknown ? part : part with
    {
        Text = part.Text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal),
    };
}
