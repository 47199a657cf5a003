using System.Collections.Immutable;
using Runbooks.Builtin.MySql;
using Runbooks.Builtin.Programs;
using Runbooks.Engine.Kinds;
using Runbooks.Language.Fields;
using Runbooks.Language.Templates;

namespace Runbooks.Builtin.Steps.Backup;

/// <summary>A MySQL or MariaDB database, as SQL.</summary>
/// <param name="Size">Asks how large it is.</param>
/// <param name="Dump">Writes it to standard output, as it is at one moment.</param>
/// <param name="Tables">Asks how many tables are in it. Of the server, because what a dump holds of procedures can look like tables.</param>
/// <param name="Reading">Says the last line of what was written.</param>
/// <param name="AllowEmpty">A database without a table may be saved.</param>
public sealed record MySqlSource(MySqlPlace Place, ProgramStart Size, ProgramStart Tables, ProgramStart Dump, ProgramStart Reading, bool AllowEmpty) : BackupSource
{
    private const string Empty = "allow_empty";
    /// <summary>Less than this is not worth beginning with.</summary>
    private const long LeastRoom = 1 << 20;

    public static FieldSet Fields { get; } = new("'mysql'",
    [
        .. MySqlPlace.Fields("the database that is saved"),
        new Field(Empty, FieldShape.Boolean, "save a database although no table is in it") { Default = "false" },
    ])
    { Shorthand = "database" };

    public override string Extension => ".sql";

    public override ImmutableArray<PlannedEffect> Effects(string? to) =>
        [Size, Tables, Dump with { WritesTo = to ?? ProgramStart.RunFolder }, Reading with { ReadsFrom = Rendered.Literal(to ?? ProgramStart.RunFolder) }];

    public override ImmutableArray<Requirement> Requirements(string? folder) =>
        [new RoomRequirement(folder, [], LeastRoom), .. Place.Requirements([Size, Tables, Dump]), .. ProgramSteps.RequirementsOf(Reading)];

    /// <returns>Null when something is wrong: the context was told what.</returns>
    public static MySqlSource? Read(Inputs inputs, PlanContext context) => MySqlPlace.Read(inputs, context) is { } place
        ? new MySqlSource(
            place,
            place.Ask(context, place.Database, "SELECT COALESCE(SUM(data_length + index_length), 0) FROM information_schema.tables WHERE table_schema = DATABASE()"),
            place.Ask(context, place.Database, "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE'"),
            // One moment for all tables, everything that belongs to them, bytes that survive every character set, and the last line that tells a whole dump from a cut one.
            place.Start(context, place.Dumper, [.. place.Options, "--single-transaction", "--quick", "--routines", "--events", "--triggers", "--hex-blob", "--no-tablespaces", "--comments", place.Database]),
            ProgramSteps.Start([.. ((string[])["tail", "-n", "1"]).Select(Rendered.Literal)], context),
            inputs.Flag(Empty))
        : null;
}
