using System.Text.RegularExpressions;
using Runbooks.Builtin.Phrasing;
using Runbooks.Builtin.Programs;
using Runbooks.Engine.Kinds;

namespace Runbooks.Builtin.Steps.Backup;

/// <summary>Saves a PostgreSQL database and has what was written read to its end.</summary>
internal static partial class PostgresDump
{
    /// <summary>A dump is compressed and holds no indexes: it rarely has a quarter of what the database takes.</summary>
    private const int SmallerThanTheDatabase = 4;

    public static Task<WrittenBackup> WriteAsync(PostgresSource source, string partial, StepContext context, CancellationToken cancel) =>
        DatabaseDump.WriteAsync((source.Size, source.Dump), SmallerThanTheDatabase, partial, context, () => VerifiedAsync(source, partial, context), cancel);

    private static async Task<(string Verified, string? Problem)> VerifiedAsync(PostgresSource source, string partial, StepContext context)
    {
        if (context.Ports.Files.Stat(partial) is not { Problem: null, Length: > 0 })
        {
            return ("", "pg_dump wrote nothing");
        }

        var (entries, tables) = (0L, 0L);
        var list = await HeardProgram.RunAsync(source.List, context, isLogged: false, partial, line: text =>
        {
            entries += Entry().IsMatch(text) ? 1 : 0;
            tables += TableData().IsMatch(text) ? 1 : 0;
        });
        if (list.Failure is not null)
        {
            return ("", $"the table of contents of the dump cannot be read: {list.Failure}");
        }

        if (tables == 0 && !source.AllowEmpty)
        {
            return ("", $"there is no table in database '{source.Place.Database}': is it the right one? 'allow_empty: true' saves it all the same");
        }

        var reading = await HeardProgram.RunAsync(source.Reading, context, isLogged: false, partial);
        return reading.Failure is not null
            ? ("", $"the dump is not whole: {reading.Failure}")
            : ($"{Phrases.Count(tables, "table")} and {Phrases.Count(entries, "entry", "entries")} in all, read to its end by pg_restore", null);
    }

    [GeneratedRegex(@"^\d+; \d+ \d+ ", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Entry();

    [GeneratedRegex(@"^\d+; \d+ \d+ TABLE DATA ", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex TableData();
}
