using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Runbooks.Builtin.Compose;
using Runbooks.Builtin.Databases;
using Runbooks.Builtin.Postgres;
using Runbooks.Builtin.Programs;
using Runbooks.Engine.Kinds;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Fields;
using Runbooks.Language.Playbooks;
using Runbooks.Language.Templates;

namespace Runbooks.Builtin.Steps.Postgres;

/// <summary><c>postgres:</c> runs a file of SQL in one transaction: all of it, or nothing.</summary>
public sealed partial class PostgresStepKind : StepKind<PostgresStep>
{
    private const string FileName = "file";
    private const string LockTimeout = "lock_timeout";
    private const string StatementTimeout = "statement_timeout";
    private const string Schema = "schema";

    /// <summary>How psql ends when a statement failed and nothing of the transaction is left.</summary>
    private const int ScriptFailed = 3;

    public override KindDeclaration Declaration { get; } = new("postgres", "Runs a file of SQL in a PostgreSQL database, in one transaction: all of it, or nothing.", () => new FieldSet("'postgres'",
    [
        new Field(FileName, FieldShape.Path, "the file with the SQL; it holds no command of psql and neither begins nor ends a transaction") { Required = true },
        .. PostgresPlace.Fields("the database in which it is run"),
        new Field(LockTimeout, FieldShape.Duration, "how long a statement may wait for a lock; whoever comes after it waits for it too") { Default = "3s", Minimum = 1, Maximum = 600_000 },
        new Field(StatementTimeout, FieldShape.Duration, "how long one statement may take") { Default = "15m", Minimum = 1, Maximum = 86_400_000 },
        new Field(Schema, FieldShape.Text, "the fingerprint that the schema must have afterwards, as another run of the same SQL said it") { Otherwise = "it is told, and not compared" },
    ]))
    {
        StartsProgram = true,
    };

    public override ImmutableArray<Descriptor> Descriptors => [.. ComposeDiagnostics.All, .. DatabaseDiagnostics.All, .. PostgresDiagnostics.All];

    public override PostgresStep? Plan(Inputs inputs, PlanContext context)
    {
        if (PostgresPlace.Read(inputs, context) is not { } place)
        {
            return null;
        }

        var wanted = inputs.OptionalText(Schema) is { IsKnown: true } given ? given.Reveal() : "";
        if (wanted.Length > 0 && !Fingerprint().IsMatch(wanted))
        {
            context.Report(PostgresDiagnostics.BadFingerprint, inputs.SpanOf(Schema), $"'{wanted}' is not a fingerprint", "64 digits in lower-case hexadecimal, as a run of the SQL tells it");
            return null;
        }

        var path = context.Resolve(inputs.Path(FileName));
        var file = context.Files.Read(path);
        if (file.Bytes is not { } bytes)
        {
            context.Report(PostgresDiagnostics.UnreadableScript, inputs.SpanOf(FileName), $"'{context.Show(path)}' cannot be read: {file.Problem}");
            return null;
        }

        var (script, problem) = SqlScript.Read(bytes.Span);
        if (script is null)
        {
            context.Report(PostgresDiagnostics.NotOneTransaction, inputs.SpanOf(FileName), $"'{context.Show(path)}': {problem}");
            return null;
        }

        var start = place.Connected(context, place.Client, place.Database, "--no-psqlrc", "--echo-queries", "--single-transaction", "--set=ON_ERROR_STOP=1", "--file=-") with
        {
            StandardInput = Rendered.Literal(
                $"SET LOCAL lock_timeout = {(long)inputs.Duration(LockTimeout).TotalMilliseconds};\nSET LOCAL statement_timeout = {(long)inputs.Duration(StatementTimeout).TotalMilliseconds};\n{script.Text}"),
        };
        var dump = place.Connected(context, "pg_dump", place.Database, "--schema-only", "--no-owner", "--no-privileges");
        return new PostgresStep(place, start, dump, wanted) { Effect = script.CanLoseData ? Effect.Destroy : Effect.Change };
    }

    public override async Task<ActionOutcome> RunAsync(PostgresStep action, StepContext context)
    {
        var (before, asked) = await SchemaFingerprint.TakeAsync(action.Schema, context);
        if (asked.Failure is not null)
        {
            return asked with { Failure = $"the schema cannot be read, so nothing was run: {asked.Failure}", Captured = null, Untouched = true };
        }

        var heard = await HeardProgram.RunAsync(action.Start, context, isLogged: true);
        if (heard.Failure is not null)
        {
            return Failed(action, heard);
        }

        var (after, looked) = await SchemaFingerprint.TakeAsync(action.Schema, context);
        var done = heard.Outcome with { Captured = after };
        return looked.Failure is not null ? done with { Failure = $"the SQL was run, all of it, and then the schema could not be read: {looked.Failure}" }
            : action.Wanted.Length > 0 && action.Wanted != after ? done with { Failure = $"the SQL was run, all of it, but the schema has the fingerprint {after}, and not {action.Wanted}" }
            : done with { Observed = before == after ? $"all of it is done; the schema is as before: {after}" : $"all of it is done; the schema was {before} and is {after}" };
    }

    private static ActionOutcome Failed(PostgresStep action, HeardProgram heard) => heard.Outcome switch
    {
        { ExitCode: ScriptFailed } => heard.Outcome with { Failure = $"{heard.Failure}; the transaction was taken back, and database '{action.Place.Database}' is as it was", Untouched = true },
        { ExitCode: null, Untouched: false } when !action.Place.Entry.IsEmpty => heard.Outcome with { Failure = $"{heard.Failure}; inside the container it goes on: look whether pg_stat_activity still has it" },
        { Untouched: false } => heard.Outcome with { Failure = $"{heard.Failure}; all of it happened or nothing: look which" },
        _ => heard.Outcome with { Failure = heard.Failure },
    };

    [GeneratedRegex(@"\A[0-9a-f]{64}\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Fingerprint();
}
