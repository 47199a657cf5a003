using Runbooks.Builtin.Phrasing;
using Runbooks.Builtin.Programs;
using Runbooks.Engine.Kinds;

namespace Runbooks.Builtin.Steps.Backup;

/// <summary>Saves a MySQL or MariaDB database and has what was written read to its end.</summary>
internal static class MySqlDump
{
    /// <summary>What is looked for in a dump. Rows cannot look like it: each stands in a line that begins with INSERT.</summary>
    internal const string Looked = "^(CREATE TABLE |-- Dump completed)";

    private const string Table = "CREATE TABLE ";
    private const string Trailer = "-- Dump completed";

    /// <summary>SQL is rarely longer than the tables and their indexes are on disk.</summary>
    private const int SmallerThanTheDatabase = 1;

    public static Task<WrittenBackup> WriteAsync(MySqlSource source, string partial, StepContext context, CancellationToken cancel) =>
        DatabaseDump.WriteAsync((source.Size, source.Dump), SmallerThanTheDatabase, partial, context, () => VerifiedAsync(source, partial, context), cancel);

    private static async Task<(string Verified, string? Problem)> VerifiedAsync(MySqlSource source, string partial, StepContext context)
    {
        var (tables, last) = (0L, "");
        var reading = await HeardProgram.RunAsync(source.Reading, context, isLogged: false, partial, line: text =>
        {
            tables += text.StartsWith(Table, StringComparison.Ordinal) ? 1 : 0;
            last = text;
        });
        // grep ends with 1 when it found nothing, which is a dump without its last line.
        if (reading.Failure is not null && reading.Outcome.ExitCode != 1)
        {
            return ("", $"the dump cannot be read: {reading.Failure}");
        }

        if (!last.StartsWith(Trailer, StringComparison.Ordinal))
        {
            return ("", $"the dump is not whole: it does not end with '{Trailer}'");
        }

        return tables == 0 && !source.AllowEmpty
            ? ("", $"there is no table in database '{source.Place.Database}': is it the right one? 'allow_empty: true' saves it all the same")
            : ($"{Phrases.Count(tables, "table")}, read to its last line, which says that it is complete", null);
    }
}
