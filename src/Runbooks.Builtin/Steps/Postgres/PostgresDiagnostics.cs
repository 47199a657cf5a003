using System.Collections.Immutable;
using Runbooks.Language.Diagnostics;

namespace Runbooks.Builtin.Steps.Postgres;

/// <summary>What can be wrong with a <c>postgres:</c> step.</summary>
public static class PostgresDiagnostics
{
    public static readonly Descriptor UnreadableScript = new("RB3180", "sql-unreadable", "the file with the SQL cannot be read", Severity.Error,
        "The plan shows the SQL that is run, so the file must be there when the plan is made. It is a text in UTF-8 of at most 1 MiB.");

    public static readonly Descriptor NotOneTransaction = new("RB3181", "sql-not-one-transaction", "the SQL would leave the one transaction in which it is run", Severity.Error,
        "All of it happens or nothing: the file is run in one transaction, and stops at its first error. What begins or ends a transaction itself, and what a command of psql does, could leave half of it behind.");

    public static readonly Descriptor BadFingerprint = new("RB3182", "schema-fingerprint", "a text is not the fingerprint of a schema", Severity.Error,
        "A fingerprint is a SHA-256 of what pg_dump says of the schema. The outcome of the step tells it, and 'runbook runs show' does.");

    public static readonly ImmutableArray<Descriptor> All = [UnreadableScript, NotOneTransaction, BadFingerprint];
}
