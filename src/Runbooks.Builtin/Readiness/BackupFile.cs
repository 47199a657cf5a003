using Runbooks.Builtin.Phrasing;
using Runbooks.Engine.Journal;
using Runbooks.Engine.Ports;

namespace Runbooks.Builtin.Readiness;

/// <summary>The file of a backup that is on record, as it is now.</summary>
internal static class BackupFile
{
    /// <summary>Bytes. Of larger ones only the length is compared here; the step that restores one compares all of it.</summary>
    private const long Largest = 2L << 30;

    /// <returns>Why it cannot be relied upon; or why that cannot be told. Both are empty when its bytes are those that were verified.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static (string Problem, string Doubt) Look(BackupMade made, IFiles files, CancellationToken cancel)
    {
        var seen = files.Stat(made.Path);
        if (seen.Problem is { } problem)
        {
            return ("", problem);
        }

        if (seen.Kind != FileKind.File || seen.Length != made.Length)
        {
            return (seen.Kind == FileKind.Missing ? "the file is gone" : $"the file has {ByteSizes.Format(seen.Length)}, and had {ByteSizes.Format(made.Length)}", "");
        }

        if (made.Length > Largest)
        {
            return ("", "");
        }

        var digest = files.Digest(made.Path, cancel);
        return digest.Sha256 is null ? ("", digest.Problem ?? "it cannot be read") : digest.Sha256 == made.Sha256 ? ("", "") : ("its bytes are not those that were verified", "");
    }
}
