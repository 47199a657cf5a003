using Runbooks.Builtin.Phrasing;
using Runbooks.Engine.Kinds;

namespace Runbooks.Builtin.Steps.Backup;

/// <summary>Saves files and folders in an archive, and reads it back.</summary>
internal static class FilesBackup
{
    public static WrittenBackup Write(FilesSource source, string partial, StepContext context, CancellationToken cancel)
    {
        var (archives, leftOut) = (context.Ports.Archives, context.Backups.Store);
        var size = archives.Measure(source.Paths, [leftOut], cancel);
        if ((size.Problem ?? NoRoom(size.Bytes, partial, context)) is { } problem)
        {
            return WrittenBackup.Failed(problem);
        }

        var written = archives.Write(partial, source.Paths, [leftOut], cancel);
        if (written.Problem is not null)
        {
            return WrittenBackup.Failed(written.Problem);
        }

        if (written.Entries == 0)
        {
            return WrittenBackup.Failed("there is nothing in it: what it should save lies in the folder of the runs");
        }

        var read = archives.Read(partial, cancel);
        return read.Problem is not null ? WrittenBackup.Failed($"it cannot be read back: {read.Problem}")
            : read != written ? WrittenBackup.Failed("what was read back is not what was written")
            : new WrittenBackup(read.Length, read.Sha256, $"{Phrases.Count(read.Entries, "entry", "entries")} read back and compared", null);
    }

    private static string? NoRoom(long needed, string partial, StepContext context) => context.Ports.Files.Space(partial) switch
    {
        null => $"how much room there is for it at {Path.GetDirectoryName(partial)} cannot be found out",
        { } space when space.Free < needed => $"it needs up to {ByteSizes.Format(needed)}, and {ByteSizes.Format(space.Free)} are free at {Path.GetDirectoryName(partial)}",
        _ => null,
    };
}
