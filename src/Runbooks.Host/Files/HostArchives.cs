using System.Collections.Immutable;
using System.Formats.Tar;
using Runbooks.Engine.Ports;

namespace Runbooks.Host.Files;

/// <summary>Archives on the file systems of this machine, in the pax form of tar: what every <c>tar</c> reads.</summary>
public sealed class HostArchives : IArchives
{
    /// <summary>Heads and padding of one entry: two blocks for it, up to six for its long names and exact times.</summary>
    private const long PerEntry = 8 * 512;

    private const UnixFileMode OnlyTheOwner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public ArchiveSize Measure(IReadOnlyList<string> sources, IReadOnlyList<string> leftOut, CancellationToken cancel)
    {
        var bytes = 2 * PerEntry;
        foreach (var source in new ArchiveSources(sources, leftOut).All())
        {
            cancel.ThrowIfCancellationRequested();
            var (length, problem) = source.Kind == ArchivedKind.File ? LengthOf(source.Path) : (0, null);
            if ((source.Problem ?? problem) is { } why)
            {
                return new ArchiveSize(0, $"{source.Path}: {why}");
            }

            bytes += length + PerEntry;
        }

        return new ArchiveSize(bytes, null);
    }

    public ArchiveAnswer Write(string path, IReadOnlyList<string> sources, IReadOnlyList<string> leftOut, CancellationToken cancel)
    {
        try
        {
            using var contents = new ArchiveContents();
            using var file = New(path);
            using var measured = new MeasuredStream(file, cancel);
            using (var tar = new TarWriter(measured, TarEntryFormat.Pax, leaveOpen: true))
            {
                foreach (var source in new ArchiveSources(sources, [.. leftOut, path]).All())
                {
                    cancel.ThrowIfCancellationRequested();
                    if ((source.Problem ?? ArchiveEntries.Add(tar, source, contents, cancel)) is { } problem)
                    {
                        return ArchiveAnswer.Failed($"{source.Path}: {problem}");
                    }
                }
            }

            file.Flush(flushToDisk: true);
            return new ArchiveAnswer { Length = measured.Passed, Sha256 = measured.HexDigest(), Entries = contents.Entries, Contents = contents.HexDigest(), IsEnded = measured.TrailingNuls >= ArchiveReading.EndMark };
        }
        catch (Exception e) when (Errno.Sentence(e) is { } problem)
        {
            return ArchiveAnswer.Failed($"{path}: {problem}");
        }
    }

    public ArchiveAnswer Read(string path, CancellationToken cancel)
    {
        using var contents = new ArchiveContents();
        var (whole, problem) = ArchiveReading.Whole(path, (entry, content) =>
        {
            content?.ReadToEnd();
            contents.Add(entry, content?.Passed ?? 0, content?.HexDigest() ?? "");
            return null;
        }, cancel);
        return problem is not null
            ? ArchiveAnswer.Failed(problem)
            : new ArchiveAnswer { Length = whole.Length, Sha256 = whole.Sha256, Entries = contents.Entries, Contents = contents.HexDigest(), IsEnded = whole.IsEnded };
    }

    public string? Finish(string partial, string path, bool replace)
    {
        try
        {
            using (var file = new FileStream(partial, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0))
            {
                file.Flush(flushToDisk: true);
            }

            File.Move(partial, path, replace);
            return NativeFiles.FlushFolder(Path.GetDirectoryName(path) ?? "/") is not 0 and var error ? Errno.Sentence(error) : null;
        }
        catch (Exception e) when (Errno.Sentence(e) is { } problem)
        {
            return File.Exists(path) && !replace ? Errno.Sentence(Errno.Exists) : problem;
        }
    }

    public string? Remove(string path)
    {
        try
        {
            if (!File.Exists(path))
            {
                return null;
            }

            File.Delete(path);
            return NativeFiles.FlushFolder(Path.GetDirectoryName(path) ?? "/") is not 0 and var error ? Errno.Sentence(error) : null;
        }
        catch (DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (Errno.Sentence(e) is { } problem)
        {
            return problem;
        }
    }

    public ArchiveComparison Compare(string path, string into, CancellationToken cancel)
    {
        var entries = ImmutableArray.CreateBuilder<ArchivedEntry>();
        var links = new List<string>();
        var problem = ArchiveReading.Each(path, (entry, content) =>
        {
            var (target, why) = ArchiveTargets.Of(entry, into, links);
            if (target is null)
            {
                return why;
            }

            content?.ReadToEnd();
            entries.Add(ArchiveTargets.Found(entry, target, content?.HexDigest() ?? "", cancel));
            return null;
        }, cancel);
        return problem is null ? new ArchiveComparison(entries.ToImmutable(), null) : new ArchiveComparison([], problem);
    }

    public string? Unpack(string path, string into, IReadOnlySet<string> wanted, CancellationToken cancel)
    {
        var links = new List<string>();
        return ArchiveReading.Each(path, (entry, content) =>
        {
            var (target, why) = ArchiveTargets.Of(entry, into, links);
            return target is null ? why
                : !wanted.Contains(target) ? null
                : ArchiveUnpacking.Write(entry, target, content);
        }, cancel);
    }

    private static FileStream New(string path)
    {
        FileReplacement.MakeFolder(Path.GetDirectoryName(path) ?? "/");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.Read, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OnlyTheOwner;
        }

        return new FileStream(path, options);
    }

    private static (long Length, string? Problem) LengthOf(string path)
    {
        try
        {
            return (new FileInfo(path).Length, null);
        }
        catch (Exception e) when (Errno.Sentence(e) is { } problem)
        {
            return (0, problem);
        }
    }
}
