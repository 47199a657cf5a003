using System.Collections.Immutable;
using Runbooks.Builtin.Postgres;
using Runbooks.Engine.Kinds;
using Runbooks.Language.Fields;
using Runbooks.Language.Templates;

namespace Runbooks.Builtin.Steps.Backup;

/// <summary>A PostgreSQL database, as <c>pg_dump</c> saves it in its custom format.</summary>
/// <param name="Size">Asks how large it is.</param>
/// <param name="Dump">Writes it to standard output.</param>
/// <param name="List">Reads the table of contents of what was written.</param>
/// <param name="Reading">Reads all of it.</param>
/// <param name="AllowEmpty">A database without a table may be saved.</param>
public sealed record PostgresSource(PostgresPlace Place, ProgramStart Size, ProgramStart Dump, ProgramStart List, ProgramStart Reading, bool AllowEmpty) : BackupSource
{
    private const string Empty = "allow_empty";
    /// <summary>Less than this is not worth beginning with.</summary>
    private const long LeastRoom = 1 << 20;

    public static FieldSet Fields { get; } = new("'postgres'",
    [
        .. PostgresPlace.Fields("the database that is saved"),
        new Field(Empty, FieldShape.Boolean, "save a database although no table is in it") { Default = "false" },
    ])
    { Shorthand = "database" };

    public override string Extension => ".dump";

    public override ImmutableArray<PlannedEffect> Effects(string? to) =>
    [
        Size, Dump with { WritesTo = to ?? ProgramStart.RunFolder }, List with { ReadsFrom = Rendered.Literal(to ?? ProgramStart.RunFolder) }, Reading with { ReadsFrom = Rendered.Literal(to ?? ProgramStart.RunFolder) },
    ];

    public override ImmutableArray<Requirement> Requirements(string? folder) =>
        [new RoomRequirement(folder, [], LeastRoom), .. Place.Requirements([Size, Dump, List])];

    /// <returns>Null when something is wrong: the context was told what.</returns>
    public static PostgresSource? Read(Inputs inputs, PlanContext context) => PostgresPlace.Read(inputs, context) is { } place
        ? new PostgresSource(
            place,
            place.Connected(context, "psql", place.Database, "--no-psqlrc", "--tuples-only", "--no-align", "--command=SELECT pg_database_size(current_database())"),
            place.Connected(context, "pg_dump", place.Database, "--format=custom"),
            place.Start(context, "pg_restore", "--list"),
            place.Start(context, "pg_restore", "--file=/dev/null"),
            inputs.Flag(Empty))
        : null;
}
