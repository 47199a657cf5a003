using Runbooks.Engine.Hashing;
using Runbooks.Engine.Ports;

namespace Runbooks.Engine.Releases;

/// <summary>Where the store has what, and how it is read: by the commands, and by a step that puts a file back.</summary>
public static class ReleaseFiles
{
    /// <summary>Below the store.</summary>
    public const string Folder = "releases";

    /// <summary>Below the store.</summary>
    public const string Journal = $"{Folder}/journal.jsonl";

    /// <summary>Below the store.</summary>
    public const string KeyFile = $"{Folder}/key";

    /// <summary>Bytes; more than any journal of releases has.</summary>
    private const long Longest = 1L << 30;

    /// <summary>Below the store: where a file is kept whose bytes have a SHA-256.</summary>
    public static string KeptFile(string sha256) => $"{Folder}/files/{sha256}";

    /// <summary>What is on record; empty when nothing is.</summary>
    /// <param name="store">Absolute.</param>
    /// <returns>The journal, or why it could not be read.</returns>
    public static (ReleaseContent? Content, string? Problem) Read(string store, IFiles files)
    {
        var path = Path.Combine(store, Journal);
        if (files.Stat(path) is { Kind: FileKind.Missing, Problem: null })
        {
            return (ReleaseCodec.Read([]), null);
        }

        var read = files.Read(path, Longest);
        return read.Bytes is { } bytes ? (ReleaseCodec.Read(bytes), null) : (null, $"{path}: {read.Problem}");
    }

    /// <summary>The key with which the store hashes values of variables. None is made.</summary>
    /// <param name="store">Absolute.</param>
    /// <returns>The key, or why there is none.</returns>
    public static (KeyedHash? Key, string? Problem) Key(string store, IFiles files)
    {
        var path = Path.Combine(store, KeyFile);
        var read = files.Read(path);
        var text = System.Text.Encoding.ASCII.GetString(read.Bytes ?? []).Trim();
        return read.Problem is { } unread ? (null, $"{path}: {unread}")
            : text.Length == Sha256.HexLength && text.All(char.IsAsciiHexDigitLower) ? (new KeyedHash(Convert.FromHexString(text)), null)
            : (null, $"{path}: it is not the key of a store; put back the one that was there, or move it away: values then count as changed once");
    }

    /// <summary>The bytes of a kept file, which are those that were kept.</summary>
    /// <param name="store">Absolute.</param>
    /// <returns>The bytes, or why there are none.</returns>
    public static (byte[]? Bytes, string Problem) Kept(string store, string sha256, IFiles files)
    {
        var path = Path.Combine(store, KeptFile(sha256));
        var read = files.Read(path);
        return read.Bytes is not { } bytes ? (null, $"{path}: {read.Problem}")
            : Sha256.Hex(bytes) != sha256 ? (null, $"{path} does not hold the bytes that were kept: it was altered")
            : (bytes, "");
    }
}
