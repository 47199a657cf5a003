using System.Globalization;
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

    public static async Task<WrittenBackup> WriteAsync(MySqlSource source, string partial, StepContext context, CancellationToken cancel)
    {
        if (await NoRoomAsync(source, partial, context) is { } noRoom)
        {
            return WrittenBackup.Failed(noRoom);
        }

        var dump = await HeardProgram.RunAsync(source.Dump, context, isLogged: true, to: partial);
        if (dump.Failure is not null)
        {
            return WrittenBackup.Failed(dump.Failure) with { Program = dump.Outcome };
        }

        var (verified, problem) = await VerifiedAsync(source, partial, context);
        var digest = problem is null ? context.Ports.Files.Digest(partial, cancel) : default;
        return (problem ?? digest.Problem) is { } failure
            ? WrittenBackup.Failed(failure) with { Program = dump.Outcome }
            : new WrittenBackup(context.Ports.Files.Stat(partial).Length, digest.Sha256 ?? "", verified, null) { Program = dump.Outcome };
    }

    /// <summary>SQL is rarely longer than the tables and their indexes are on disk.</summary>
    private static async Task<string?> NoRoomAsync(MySqlSource source, string partial, StepContext context)
    {
        long? size = null;
        var asked = await HeardProgram.RunAsync(source.Size, context, isLogged: false, line: text => size ??= long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) ? bytes : null);
        if (asked.Failure is not null || size is not { } needed)
        {
            return $"how large the database is cannot be found out: {asked.Failure ?? "the answer is no number"}";
        }

        return context.Ports.Files.Space(partial) switch
        {
            null => $"how much room there is for it at {Path.GetDirectoryName(partial)} cannot be found out",
            { } space when space.Free < needed => $"the database has {ByteSizes.Format(needed)}, which must be free at {Path.GetDirectoryName(partial)}, and {ByteSizes.Format(space.Free)} are",
            _ => null,
        };
    }

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
