using Runbooks.Engine.Hashing;
using Runbooks.Engine.Ports;

namespace Runbooks.Testing;

/// <summary>A store as the bytes of its files, by their names in it: what was recorded, to be altered. Nothing is written into it.</summary>
public sealed record RecordedStore(IReadOnlyDictionary<string, byte[]> Files) : IRunStore
{
    public const string LedgerName = "ledger.jsonl";

    /// <summary>Everything below a folder that is part of the record.</summary>
    public static RecordedStore Of(string folder) => new(Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(folder, path).Replace('\\', '/'))
        .Where(name => name == LedgerName || name.StartsWith("runs/", StringComparison.Ordinal))
        .ToDictionary(name => name, name => File.ReadAllBytes(Path.Combine(folder, name)), StringComparer.Ordinal));

    /// <summary>The same with one file changed, or taken away.</summary>
    public RecordedStore With(string name, byte[]? bytes)
    {
        var files = Files.Where(f => f.Key != name).ToDictionary(StringComparer.Ordinal);
        if (bytes is not null)
        {
            files[name] = bytes;
        }

        return new RecordedStore(files);
    }

    public RecordedStore Without(string runId) => new(Files.Where(f => !f.Key.StartsWith($"runs/{runId}/", StringComparison.Ordinal)).ToDictionary(StringComparer.Ordinal));

    public (IRunFolder? Folder, string? Problem) Create(string runId) => (null, "it is only read");

    public (IRunFolder? Folder, string? Problem) Open(string runId, long length) => (null, "it is only read");

    public IReadOnlyList<string> List() => [.. Files.Keys.Where(n => n.EndsWith("/journal.jsonl", StringComparison.Ordinal)).Select(n => n.Split('/')[1]).Order(StringComparer.Ordinal)];

    public FileRead ReadJournal(string runId) => ReadFile(runId, "journal.jsonl");

    public FileRead ReadFile(string runId, string name) =>
        Files.TryGetValue($"runs/{runId}/{name}", out var bytes) ? new FileRead(bytes, null) : new FileRead(null, "there is no such file");

    public FileMeasure Measure(string runId, string name, long limit = long.MaxValue)
    {
        var (bytes, problem) = ReadFile(runId, name);
        return bytes is null ? new FileMeasure(0, null, problem) : new FileMeasure(bytes.Length, Sha256.Hex(bytes.AsSpan(0, (int)Math.Min(limit, bytes.Length))), null);
    }

    public IReadOnlyList<string> ListFiles(string runId) => [.. Files.Keys.Where(n => n.StartsWith($"runs/{runId}/", StringComparison.Ordinal)).Select(n => n[$"runs/{runId}/".Length..]).Order(StringComparer.Ordinal)];

    public FileRead ReadLedger() => new(Files.GetValueOrDefault(LedgerName) ?? [], null);

    public PlanClaim ClaimPlan(string planId, string by) => new(IsTaken: false, null, "it is only read");

    public PlanClaim ClaimOf(string planId) => PlanClaim.None;

    public string PathOf(string runId) => $"/recorded/runs/{runId}";
}
