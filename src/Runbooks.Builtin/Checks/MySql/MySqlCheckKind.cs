using System.Collections.Immutable;
using Runbooks.Builtin.Compose;
using Runbooks.Builtin.Databases;
using Runbooks.Builtin.MySql;
using Runbooks.Engine.Kinds;
using Runbooks.Language.Diagnostics;
using Runbooks.Language.Fields;
using Runbooks.Language.Playbooks;

namespace Runbooks.Builtin.Checks.MySql;

/// <summary><c>mysql:</c> asks a database.</summary>
public sealed class MySqlCheckKind : CheckKind<QueryCheck>
{
    public override KindDeclaration Declaration { get; } = new("mysql", "A MySQL or MariaDB database answers a query as it should.", () => new FieldSet("'mysql'",
    [
        .. MySqlPlace.Fields("the database that is asked"),
        .. QueryCheck.Fields("@name", isRequired: true),
        DatabaseChecks.TimeoutField,
    ]));

    public override ImmutableArray<Descriptor> Descriptors => [.. ComposeDiagnostics.All, .. DatabaseDiagnostics.Asking];

    public override QueryCheck? Plan(Inputs inputs, PlanContext context) => MySqlPlace.Read(inputs, context) is { } place ? QueryCheck.Read(place, inputs, context) : null;

    public override Task<Verdict> AskAsync(QueryCheck question, CheckContext context, CancellationToken cancel) => DatabaseChecks.AskAsync(question, context, cancel);
}
