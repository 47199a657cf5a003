using System.Security.Cryptography;
using System.Text;
using Runbooks.Engine.Ports;
using Runbooks.Host.Files;

namespace Runbooks.Host.Runs;

/// <summary>Runs as folders under <c>.runbook/runs</c>: readable with a pager, portable with a copy.</summary>
/// <param name="root">Absolute path of the store (<c>.runbook</c>).</param>
public sealed class FileRunStore(string root, IFiles files) : IRunStore
{
    private const string Journal = "journal.jsonl";

    // Outputs and saved files can hold what only the operator may read.
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private string Runs => Path.Combine(root, "runs");

    public (IRunFolder? Folder, string? Problem) Create(string runId)
    {
        try
        {
            var path = PathOf(runId);
            if (Directory.Exists(path))
            {
                return (null, $"there is already a run {runId}");
            }

            Directory.CreateDirectory(Runs);
            RunStoreFolder.KeepOutOfGit(root);
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(path);
            }
            else
            {
                Directory.CreateDirectory(path, OwnerOnly);
            }

            var handle = File.OpenHandle(Path.Combine(path, Journal), FileMode.CreateNew, FileAccess.Write, FileShare.Read);
            return (new FileRunFolder(path, Runs, handle, new FileLedger(root)), null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (null, FileAbove(Runs) is { } file ? $"{file} is a file, not a folder" : $"{Runs}: {Sentence(e)}");
        }
    }

    public (IRunFolder? Folder, string? Problem) Open(string runId, long length)
    {
        var path = PathOf(runId);
        try
        {
            var handle = File.OpenHandle(Path.Combine(path, Journal), FileMode.Open, FileAccess.Write, FileShare.Read);
            RandomAccess.SetLength(handle, length);
            return (new FileRunFolder(path, Runs, handle, new FileLedger(root), length), null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (null, $"{path}: {Sentence(e)}");
        }
    }

    public IReadOnlyList<string> List() => [.. files.List(Runs).Where(name => files.Stat(Path.Combine(Runs, name, Journal)).Kind == FileKind.File)];

    public FileRead ReadJournal(string runId) => ReadFile(runId, Journal);

    public FileRead ReadFile(string runId, string name) => files.Read(Path.Combine(PathOf(runId), name), 1L << 31);

    public FileMeasure Measure(string runId, string name, long limit = long.MaxValue)
    {
        var path = Path.Combine(PathOf(runId), name);
        var seen = files.Stat(path);
        if (seen.Kind != FileKind.File)
        {
            return new FileMeasure(0, null, seen.Problem ?? files.Read(path, 0).Problem ?? "it is not a regular file");
        }

        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var buffer = new byte[64 << 10];
            var left = limit;
            int read;
            while (left > 0 && (read = stream.Read(buffer, 0, (int)Math.Min(buffer.Length, left))) > 0)
            {
                hash.AppendData(buffer, 0, read);
                left -= read;
            }

            return new FileMeasure(stream.Length, Convert.ToHexStringLower(hash.GetHashAndReset()), null);
        }
        catch (Exception e) when (Errno.Sentence(e) is { } problem)
        {
            return new FileMeasure(0, null, problem);
        }
    }

    public IReadOnlyList<string> ListFiles(string runId) => [.. FilesBelow(PathOf(runId), "").Order(StringComparer.Ordinal)];

    public FileRead ReadLedger()
    {
        var path = Path.Combine(root, FileLedger.Name);
        return files.Stat(path) is { Kind: FileKind.Missing, Problem: null } ? new FileRead([], null) : files.Read(path, 1L << 31);
    }

    public string PathOf(string runId) => Path.Combine(Runs, runId);

    private IEnumerable<string> FilesBelow(string folder, string prefix) => files.List(folder).SelectMany(name =>
        files.Stat(Path.Combine(folder, name)).Kind == FileKind.Folder ? FilesBelow(Path.Combine(folder, name), $"{prefix}{name}/") : [prefix + name]);
    /// <summary>A file that only one can create; what is in it is for people, so that one without a word is as good a claim.</summary>
    public PlanClaim ClaimPlan(string planId, string by)
    {
        var path = ClaimPath(planId);
        if (files.Create(path, Encoding.UTF8.GetBytes($"{by}\n")) is not { } problem)
        {
            return new PlanClaim(IsTaken: true, null, null);
        }

        var other = ClaimOf(planId);
        return other == PlanClaim.None ? new PlanClaim(IsTaken: false, null, $"{path}: {problem}") : other;
    }

    public PlanClaim ClaimOf(string planId)
    {
        var path = ClaimPath(planId);
        var seen = files.Stat(path);
        if (seen is { Kind: FileKind.Missing, Problem: null })
        {
            return PlanClaim.None;
        }

        return files.Read(path).Bytes is { } bytes && Encoding.UTF8.GetString(bytes).Trim() is { Length: > 0 } by
            ? new PlanClaim(IsTaken: false, by, null)
            : new PlanClaim(IsTaken: false, seen.Problem is null ? "somebody who left no name" : null, seen.Problem is { } problem ? $"{path}: {problem}" : null);
    }

    private string ClaimPath(string planId) => Path.Combine(root, "plans", planId);

    /// <summary>A file where a folder has to be; the system's own answer to that is that something is missing.</summary>
    private static string? FileAbove(string path)
    {
        for (var above = path; above is not null; above = Path.GetDirectoryName(above))
        {
            if (File.Exists(above))
            {
                return above;
            }
        }

        return null;
    }

    internal static string Sentence(Exception e) => Errno.Sentence(e) ?? e.GetType().Name;
}
