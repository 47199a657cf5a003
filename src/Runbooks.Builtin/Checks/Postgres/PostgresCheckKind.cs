using System.Collections.Immutable;
using Runbooks.Builtin.Compose;
using Runbooks.Builtin.Databases;
using Runbooks.Builtin.Postgres;
using Runbooks.Engine.Kinds;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Fields;
using Runbooks.Language.Playbooks;

namespace Runbooks.Builtin.Checks.Postgres;

/// <summary><c>postgres:</c> asks a database, or what its sessions do.</summary>
public sealed class PostgresCheckKind : CheckKind<DatabaseCheck>
{
    private const string NoDump = "no_dump";
    private const string NoIdleTransaction = "no_idle_transaction";
    private const string NoLockWait = "no_lock_wait";

    public override KindDeclaration Declaration { get; } = new("postgres", "A PostgreSQL database answers a query as it should, or nobody is in the way of a change of its schema.", () => new FieldSet("'postgres'",
    [
        .. PostgresPlace.Fields("the database that is asked"),
        .. QueryCheck.Fields(":'name'", isRequired: false),
        new Field(NoDump, FieldShape.Boolean, "nobody dumps the database now: a dump holds a lock on every table, and everything would queue up behind a change that waits for it") { Default = "false" },
        new Field(NoIdleTransaction, FieldShape.Duration, "no transaction that is open and in which nothing is done is older than this: it holds its locks until somebody ends it"),
        new Field(NoLockWait, FieldShape.Boolean, "no session of the database waits for a lock") { Default = "false" },
        DatabaseChecks.TimeoutField,
    ]));

    public override ImmutableArray<Descriptor> Descriptors => [.. ComposeDiagnostics.All, .. DatabaseDiagnostics.Asking];

    public override DatabaseCheck? Plan(Inputs inputs, PlanContext context)
    {
        if (PostgresPlace.Read(inputs, context) is not { } place)
        {
            return null;
        }

        var sessions = (NoDump: inputs.Flag(NoDump), IdleLimit: inputs.OptionalDuration(NoIdleTransaction), NoLockWait: inputs.Flag(NoLockWait));
        var asksSessions = sessions.NoDump || sessions.IdleLimit is not null || sessions.NoLockWait;
        if (asksSessions == inputs.IsGiven(QueryCheck.QueryName))
        {
            context.Report(
                DatabaseDiagnostics.Question,
                asksSessions ? inputs.SpanOf(QueryCheck.QueryName) : inputs.Span,
                asksSessions ? "a query is asked, and what the sessions do" : "nothing is asked of the database",
                $"give '{QueryCheck.QueryName}' with what its answer must be, or '{NoDump}', '{NoIdleTransaction}' and '{NoLockWait}'");
            return null;
        }

        return asksSessions ? SessionsCheck.Of(place, context, sessions, inputs.Duration(DatabaseChecks.Timeout)) : QueryCheck.Read(place, inputs, context);
    }

    public override Task<Verdict> AskAsync(DatabaseCheck question, CheckContext context, CancellationToken cancel) => DatabaseChecks.AskAsync(question, context, cancel);
}
