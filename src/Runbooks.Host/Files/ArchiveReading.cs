using System.Formats.Tar;

namespace Runbooks.Host.Files;

/// <summary>Reads archives from their beginning to their end.</summary>
internal static class ArchiveReading
{
    /// <summary>Two blocks of NULs.</summary>
    public const int EndMark = 1024;

    /// <param name="each">Told each entry and, of a file, its bytes; returns why the reading ends here, or null to go on.</param>
    /// <returns>Why it ended early; null when it came to the end.</returns>
    public static string? Each(string path, Func<TarEntry, MeasuredStream?, string?> each, CancellationToken cancel) => Whole(path, each, cancel).Problem;

    /// <summary>The same, with length and digest of the archive.</summary>
    public static ((long Length, string Sha256, bool IsEnded) Whole, string? Problem) Whole(string path, Func<TarEntry, MeasuredStream?, string?> each, CancellationToken cancel)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            using var measured = new MeasuredStream(file, cancel);
            using (var tar = new TarReader(measured, leaveOpen: true))
            {
                while (tar.GetNextEntry() is { } entry)
                {
                    cancel.ThrowIfCancellationRequested();
                    using var content = entry.DataStream is { } data ? new MeasuredStream(data, cancel) : null;
                    if (each(entry, content) is { } problem)
                    {
                        return (default, problem);
                    }
                }
            }

            measured.ReadToEnd();
            return ((measured.Passed, measured.HexDigest(), measured.TrailingNuls >= EndMark), null);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or FormatException)
        {
            return (default, $"{path}: it is no whole archive");
        }
        catch (Exception e) when (Errno.Sentence(e) is { } problem)
        {
            return (default, $"{path}: {problem}");
        }
    }
}
