using System.Globalization;
using Runbooks.Builtin.Phrasing;
using Runbooks.Builtin.Programs;
using Runbooks.Engine.Kinds;

namespace Runbooks.Builtin.Steps.Backup;

/// <summary>Saves a MySQL or MariaDB database and has what was written read to its end.</summary>
internal static class MySqlDump
{
    /// <summary>The last line of a dump that came to its end, with the time after it.</summary>
    private const string Trailer = "-- Dump completed";

    /// <summary>SQL is rarely longer than the tables and their indexes are on disk.</summary>
    private const int SmallerThanTheDatabase = 1;

    public static Task<WrittenBackup> WriteAsync(MySqlSource source, string partial, StepContext context, CancellationToken cancel) =>
        DatabaseDump.WriteAsync((source.Size, source.Dump), SmallerThanTheDatabase, partial, context, () => VerifiedAsync(source, partial, context), cancel);

    private static async Task<(string Verified, string? Problem)> VerifiedAsync(MySqlSource source, string partial, StepContext context)
    {
        var last = "";
        var reading = await HeardProgram.RunAsync(source.Reading, context, isLogged: false, partial, line: text => last = text);
        if (reading.Failure is not null)
        {
            return ("", $"the dump cannot be read: {reading.Failure}");
        }

        if (!last.StartsWith(Trailer, StringComparison.Ordinal))
        {
            return ("", $"the dump is not whole: its last line is not '{Trailer}'");
        }

        long? tables = null;
        var asked = await HeardProgram.RunAsync(source.Tables, context, isLogged: false, line: text => tables ??= long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : null);
        if (asked.Failure is not null || tables is null)
        {
            return ("", $"how many tables there are cannot be found out: {asked.Failure ?? "the answer is no number"}");
        }

        return tables == 0 && !source.AllowEmpty
            ? ("", $"there is no table in database '{source.Place.Database}': is it the right one? 'allow_empty: true' saves it all the same")
            : ($"{Phrases.Count(tables.Value, "table")}, and a last line which says that it is complete", null);
    }
}
