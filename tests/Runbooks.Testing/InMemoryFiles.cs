using System.Security.Cryptography;
using System.Text;
using Runbooks.Engine.Ports;

namespace Runbooks.Testing;

/// <summary>Files in a dictionary; folders exist where a file is in them, or where a test says so. Records what is written, in order.</summary>
public sealed class InMemoryFiles : IFiles
{
    private readonly SortedDictionary<string, byte[]> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _problems = new(StringComparer.Ordinal);
    private readonly HashSet<string> _folders = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _unreadable = new(StringComparer.Ordinal);

    /// <summary>Paths in the order in which they were replaced or created through the port.</summary>
    public List<string> Written { get; } = [];

    /// <summary>Free and total bytes, wherever it is asked; null when it cannot be.</summary>
    public (long Free, long Total)? Disk { get; init; } = (50L << 30, 100L << 30);

    /// <summary>How often the port was asked to read.</summary>
    public int Reads { get; private set; }

    public InMemoryFiles With(string path, string text) => With(path, Encoding.UTF8.GetBytes(text));

    public InMemoryFiles With(string path, byte[] bytes)
    {
        _files[path] = bytes;
        return this;
    }

    /// <summary>Takes a file away behind everybody's back.</summary>
    public InMemoryFiles Without(string path)
    {
        _files.Remove(path);
        return this;
    }

    /// <summary>An empty folder.</summary>
    public InMemoryFiles WithFolder(string path)
    {
        _folders.Add(path);
        return this;
    }

    /// <summary>Makes a path fail in every way, with this sentence.</summary>
    public InMemoryFiles WithProblem(string path, string problem)
    {
        _problems[path] = problem;
        return this;
    }

    /// <summary>Makes a path visible and nothing more: it can neither be read nor written.</summary>
    public InMemoryFiles WithUnreadable(string path, string problem)
    {
        _unreadable[path] = problem;
        return this;
    }

    public string TextOf(string path) => Encoding.UTF8.GetString(_files[path]);

    public byte[] BytesOf(string path) => _files[path];

    public bool Exists(string path) => _files.ContainsKey(path);

    public bool? AreSame(string path, string other) => Stat(Path.GetFullPath(path)).Kind == FileKind.Missing || Stat(Path.GetFullPath(other)).Kind == FileKind.Missing ? null : Path.GetFullPath(path) == Path.GetFullPath(other);

    public FileStat Stat(string path) => _problems.TryGetValue(path, out var problem) ? new FileStat(FileKind.Other, 0, default, problem)
        : _files.TryGetValue(path, out var bytes) ? new FileStat(FileKind.File, bytes.Length, default, null)
        : IsFolder(path) ? new FileStat(FileKind.Folder, 0, default, null)
        : new FileStat(FileKind.Missing, 0, default, null);

    public FileRead Read(string path, long limit = 64 << 20)
    {
        Reads++;
        return _problems.TryGetValue(path, out var problem) || _unreadable.TryGetValue(path, out problem) ? new FileRead(null, problem)
            : !_files.TryGetValue(path, out var bytes) ? new FileRead(null, IsFolder(path) ? "it is a folder" : "there is no such file")
            : bytes.Length > limit ? new FileRead(null, $"it is larger than {limit} bytes")
            : new FileRead([.. bytes], null);
    }

    public FileDigest Digest(string path, CancellationToken cancel = default) =>
        Read(path, long.MaxValue) is { Bytes: { } bytes } ? new FileDigest(Convert.ToHexStringLower(SHA256.HashData(bytes)), null) : new FileDigest(null, Read(path).Problem);

    public string? Replace(string path, ReadOnlySpan<byte> bytes) => IsFolder(path) ? "it is a folder"
        : _files.ContainsKey(path) || _problems.ContainsKey(path) ? Write(path, bytes)
        : "there is no such file";

    public string? Create(string path, ReadOnlySpan<byte> bytes, bool ownerOnly = false) => IsFolder(path) ? "it is a folder"
        : _files.ContainsKey(path) ? "it exists already"
        : Write(path, bytes);

    public bool CanWrite(string path) => !_problems.ContainsKey(path) && !_unreadable.ContainsKey(path) && !IsFolder(path);

    public IReadOnlyList<string> List(string folder) =>
        [.. _files.Keys.Where(f => IsUnder(f, folder)).Select(f => f[(folder.TrimEnd('/').Length + 1)..].Split('/')[0]).Distinct().Order(StringComparer.Ordinal)];

    public FolderRead ReadFolder(string folder) =>
        _problems.TryGetValue(folder, out var problem) || _unreadable.TryGetValue(folder, out problem) ? new FolderRead(null, problem)
        : IsFolder(folder) ? new FolderRead(List(folder), null)
        : new FolderRead(null, _files.ContainsKey(folder) ? "it is no folder" : "there is no such folder");

    public (long Free, long Total)? Space(string path) => Disk;

    private bool IsFolder(string path) => _folders.Contains(path) || _files.Keys.Any(f => IsUnder(f, path));

    private static bool IsUnder(string file, string folder) => file.StartsWith(folder.TrimEnd('/') + "/", StringComparison.Ordinal);

    private string? Write(string path, ReadOnlySpan<byte> bytes)
    {
        if (_problems.TryGetValue(path, out var problem) || _unreadable.TryGetValue(path, out problem))
        {
            return problem;
        }

        _files[path] = bytes.ToArray();
        Written.Add(path);
        return null;
    }
}
