using System.Collections.Immutable;
using Runbooks.Builtin.Databases;
using Runbooks.Engine.Kinds;
using Runbooks.Language.Fields;
using Runbooks.Language.Templates;

namespace Runbooks.Builtin.Steps.Restore;

/// <summary>A database: a new one, or the contents of one that is there.</summary>
/// <param name="Creation">Makes the database, and fails when there is one of that name; null when one is restored over.</param>
/// <param name="Restoration">Reads the dump and stops at the first error.</param>
/// <param name="AfterFailure">What the database holds when the restoration failed.</param>
public sealed record DatabaseTarget(DatabasePlace Place, ProgramStart? Creation, ProgramStart Restoration, string AfterFailure) : RestoreTarget
{
    internal static Field Over { get; } = new("over", FieldShape.Boolean, "replace what is in the dump in a database that is there") { Default = "false" };

    /// <summary>Over one that is there the same comes out again; a new one cannot be told from one that somebody else made.</summary>
    public override bool IsRepeatable => Creation is null;

    public override bool IsOver => Creation is null;

    public override ImmutableArray<Requirement> Requirements => Place.Requirements(Creation is null ? [Restoration] : [Creation, Restoration]);

    public override ImmutableArray<PlannedEffect> Effects(Rendered from) =>
        Creation is null ? [Restoration with { ReadsFrom = from }] : [Creation, Restoration with { ReadsFrom = from }];
}
