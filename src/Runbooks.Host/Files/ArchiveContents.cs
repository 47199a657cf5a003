using System.Formats.Tar;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Runbooks.Host.Files;

/// <summary>The digest over the entries of an archive: the same when it is written and when it is read back, or something is not in it as it was put in.</summary>
internal sealed class ArchiveContents : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public long Entries { get; private set; }

    /// <param name="sha256">Of the bytes of a file; empty for what has none.</param>
    public void Add(TarEntry entry, long length, string sha256)
    {
        Entries++;
        string[] members =
        [
            $"{(int)entry.EntryType}", entry.Name, $"{(int)entry.Mode}", $"{entry.Uid}:{entry.Gid}",
            entry.ModificationTime.UtcTicks.ToString(CultureInfo.InvariantCulture), length.ToString(CultureInfo.InvariantCulture), sha256, entry.LinkName,
        ];
        // No name and no link holds a NUL.
        _hash.AppendData(Encoding.UTF8.GetBytes(string.Join('\0', members) + "\0\0"));
    }

    public string HexDigest() => Convert.ToHexStringLower(_hash.GetCurrentHash());

    public void Dispose() => _hash.Dispose();
}
