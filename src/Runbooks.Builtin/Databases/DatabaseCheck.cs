using System.Collections.Immutable;
using Runbooks.Engine.Kinds;

namespace Runbooks.Builtin.Databases;

/// <summary>A question that is settled by one query.</summary>
/// <param name="Start">Of the client program, with the query on its standard input.</param>
public abstract record DatabaseCheck(DatabasePlace Place, DatabaseQuery Query, ProgramStart Start) : CheckQuestion
{
    public override bool IsKnown => Start.IsKnown;

    public override ImmutableArray<PlannedEffect> Effects => [Start];

    /// <param name="rows">What was answered, at most <see cref="DatabaseQuery.Rows"/>.</param>
    /// <param name="mask">Takes the secrets out of what is shown, before it is cut.</param>
    public abstract Verdict Judge(ImmutableArray<DatabaseRow> rows, Func<string, string> mask);
}
