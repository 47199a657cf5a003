using System.Globalization;
using Runbooks.Builtin.Phrasing;
using Runbooks.Builtin.Programs;
using Runbooks.Engine.Kinds;

namespace Runbooks.Builtin.Steps.Backup;

/// <summary>What every dump of a database has in common: room is asked for, it is written by one program and then looked at by others.</summary>
internal static class DatabaseDump
{
    /// <param name="programs">Asks how large the database is, in bytes; and writes the dump to standard output.</param>
    /// <param name="smaller">How many times smaller than the database a dump of it usually is.</param>
    /// <param name="verify">Reads what was written to its end: what it found, or why it cannot be relied on.</param>
    public static async Task<WrittenBackup> WriteAsync(
        (ProgramStart Size, ProgramStart Dump) programs, int smaller, string partial, StepContext context, Func<Task<(string Verified, string? Problem)>> verify, CancellationToken cancel)
    {
        if (await NoRoomAsync(programs.Size, smaller, partial, context) is { } noRoom)
        {
            return WrittenBackup.Failed(noRoom);
        }

        var dump = await HeardProgram.RunAsync(programs.Dump, context, isLogged: true, to: partial);
        if (dump.Failure is not null)
        {
            return WrittenBackup.Failed(dump.Failure) with { Program = dump.Outcome };
        }

        var (verified, problem) = await verify();
        var digest = problem is null ? context.Ports.Files.Digest(partial, cancel) : default;
        return (problem ?? digest.Problem) is { } failure
            ? WrittenBackup.Failed(failure) with { Program = dump.Outcome }
            : new WrittenBackup(context.Ports.Files.Stat(partial).Length, digest.Sha256 ?? "", verified, null) { Program = dump.Outcome };
    }

    private static async Task<string?> NoRoomAsync(ProgramStart asking, int smaller, string partial, StepContext context)
    {
        long? size = null;
        var asked = await HeardProgram.RunAsync(asking, context, isLogged: false, line: text => size ??= long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) ? bytes : null);
        if (asked.Failure is not null || size is null)
        {
            return $"how large the database is cannot be found out: {asked.Failure ?? "the answer is no number"}";
        }

        var needed = size.Value / smaller;
        return context.Ports.Files.Space(partial) switch
        {
            null => $"how much room there is for it at {Path.GetDirectoryName(partial)} cannot be found out",
            { } space when space.Free < needed => $"the database has {ByteSizes.Format(size.Value)}; at least {ByteSizes.Format(needed)} must be free at {Path.GetDirectoryName(partial)}, and {ByteSizes.Format(space.Free)} are",
            _ => null,
        };
    }
}
