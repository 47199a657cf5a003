using System.Formats.Tar;
using System.Text;
using Runbooks.Engine.Ports;
using Runbooks.Host.Files;

namespace Runbooks.Host.Runs;

/// <summary>Runs and the ledger as one file to hand over: a tar archive that is the same for the same bytes, with their digests in it.</summary>
/// <param name="root">Absolute path of the store.</param>
public sealed class RunExport(string root, IRunStore store)
{
    /// <summary>Name of the list of digests in the archive; <c>sha256sum -c</c> reads it.</summary>
    public const string Manifest = "SHA256SUMS";

    /// <summary>Writes an archive that was not there. What is unpacked from it is a store that can be audited.</summary>
    /// <param name="path">Absolute.</param>
    public ExportAnswer Write(IReadOnlyList<string> runIds, string path)
    {
        var beside = $"{path}.partial";
        try
        {
            if (File.Exists(path))
            {
                return new ExportAnswer(0, "it exists already");
            }

            int count;
            using (var stream = new FileStream(beside, FileMode.Create, FileAccess.Write, FileShare.Read))
            {
                count = Write(runIds, stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(beside, path, overwrite: false);
            return new ExportAnswer(count, null);
        }
        catch (Exception e) when (Errno.Sentence(e) is { } problem)
        {
            Remove(beside);
            return new ExportAnswer(0, problem);
        }
    }

    private static void Remove(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (Errno.Sentence(e) is not null)
        {
            // The failure that led here is the one to report; a left-over says by its name what it is.
        }
    }

    private int Write(IReadOnlyList<string> runIds, Stream stream)
    {
        var sums = new StringBuilder();
        // The form that names no process, and has room for long names and large files.
        using var tar = new TarWriter(stream, TarEntryFormat.Gnu, leaveOpen: true);
        string[] names = [FileLedger.Name, .. runIds.SelectMany(id => store.ListFiles(id).Select(name => $"runs/{id}/{name}"))];
        var there = names.Where(name => File.Exists(Path.Combine(root, name))).ToList();
        foreach (var name in there)
        {
            using var file = new FileStream(Path.Combine(root, name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            using var content = new DigestStream(file);
            Add(tar, name, content);
            sums.Append($"{content.HexDigest()}  {name}\n");
        }

        using var manifest = new MemoryStream(Encoding.UTF8.GetBytes(sums.ToString()));
        Add(tar, Manifest, manifest);
        return there.Count;
    }

    private static void Add(TarWriter tar, string name, Stream content) => tar.WriteEntry(new GnuTarEntry(TarEntryType.RegularFile, name)
    {
        DataStream = content,
        Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        ModificationTime = DateTimeOffset.UnixEpoch,
    });
}

/// <param name="Files">How many files of the store are in it.</param>
/// <param name="Problem">Why it could not be written; null when it was.</param>
public sealed record ExportAnswer(int Files, string? Problem);
