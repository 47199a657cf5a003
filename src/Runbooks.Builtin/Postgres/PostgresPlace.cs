using System.Collections.Immutable;
using Runbooks.Builtin.Databases;
using Runbooks.Engine.Kinds;
using Runbooks.Language.Fields;

namespace Runbooks.Builtin.Postgres;

/// <summary>Where the programs of PostgreSQL run, and to which server they connect.</summary>
public sealed record PostgresPlace : DatabasePlace
{
    private PostgresPlace((string Database, ImmutableArray<string> Entry, ImmutableArray<string> Options, ImmutableArray<EnvironmentAddition> Environment) read)
        : base(read.Database, read.Entry, read.Options, read.Environment)
    {
    }

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
}
