using System.Collections.Immutable;
using Runbooks.Engine.Ports;

namespace Runbooks.Builtin.Changes;

/// <param name="Id">Of the blob.</param>
/// <param name="IsLink">A symbolic link: its bytes are the path that it leads to.</param>
internal sealed record RevisionEntry(string Path, string Id, long Length, bool IsLink);

/// <summary>What git has at one commit, as files below a folder. They are read and never written.</summary>
/// <param name="top">Absolute: stands for the top of the repository.</param>
internal sealed class RevisionFiles(string top, ImmutableSortedDictionary<string, RevisionEntry> entries, IReadOnlyDictionary<string, byte[]> blobs) : IFiles
{
    private const string ReadOnly = "a revision is not written to";

    private readonly ILookup<string, string> _folders = entries.Keys.SelectMany(Parents).Distinct().ToLookup(p => p.Folder, p => p.Name, StringComparer.Ordinal);

    public FileStat Stat(string path) => Relative(path) is not { } name ? new FileStat(FileKind.Missing, 0, default, null)
        : entries.TryGetValue(name, out var entry) ? new FileStat(FileKind.File, entry.Length, default, null)
        : new FileStat(_folders.Contains(name) ? FileKind.Folder : FileKind.Missing, 0, default, null);

    public bool? AreSame(string path, string other) => Stat(path).Kind == FileKind.Missing || Stat(other).Kind == FileKind.Missing ? null : Relative(path) == Relative(other);

    public FileRead Read(string path, long limit = 64 << 20) =>
        Relative(path) is not { } name || !entries.TryGetValue(name, out var entry) ? new FileRead(null, "there is no such file in the revision")
        : entry.Length > limit ? new FileRead(null, $"it is longer than {limit} bytes")
        : blobs.TryGetValue(entry.Id, out var bytes) ? new FileRead(bytes, null)
        : new FileRead(null, "git did not give its bytes");

    public IReadOnlyList<string> List(string folder) => Relative(folder) is { } name ? [.. _folders[name].Order(StringComparer.Ordinal)] : [];

    public FolderRead ReadFolder(string folder) => new(List(folder), null);

    public FileDigest Digest(string path, CancellationToken cancel = default) => new(null, "a revision has no digests");

    public string? Replace(string path, ReadOnlySpan<byte> bytes) => ReadOnly;

    public string? Create(string path, ReadOnlySpan<byte> bytes, bool ownerOnly = false) => ReadOnly;

    public bool CanWrite(string path) => false;

    public (long Free, long Total)? Space(string path) => null;

    /// <summary>A path below the top with '/', empty for the top itself; null for one outside.</summary>
    private string? Relative(string path)
    {
        var relative = Path.GetRelativePath(top, path);
        return relative == "." ? "" : relative.StartsWith("..", StringComparison.Ordinal) || Path.IsPathRooted(relative) ? null : relative;
    }

    private static IEnumerable<(string Folder, string Name)> Parents(string path)
    {
        for (var rest = path; rest.Length > 0;)
        {
            var slash = rest.LastIndexOf('/');
            yield return (slash < 0 ? "" : rest[..slash], rest[(slash + 1)..]);
            rest = slash < 0 ? "" : rest[..slash];
        }
    }
}
