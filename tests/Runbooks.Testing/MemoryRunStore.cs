using System.Text;
using Runbooks.Engine.Audit;
using Runbooks.Engine.Hashing;
using Runbooks.Engine.Journal;
using Runbooks.Engine.Ports;

namespace Runbooks.Testing;

/// <summary>Runs in memory. Tells what is appended and flushed in the order in which it happens, and fails when it is told to.</summary>
public sealed class MemoryRunStore : IRunStore
{
    private const string Journal = "journal.jsonl";

    private readonly Dictionary<string, MemoryRunFolder> _runs = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private byte[] _ledger = [];

    /// <summary>Told a line for each thing that is written.</summary>
    public Action<string> Wrote { get; init; } = _ => { };

    /// <summary>Told what is about to be appended; when it says yes the run ends there, as with a power cut: by an exception that nobody expects.</summary>
    public Func<string, bool> LosesPowerAt { get; set; } = _ => false;

    /// <summary>From which call of append or flush on the store fails, counted from 1; 0 for never.</summary>
    public int FailsFrom { get; init; }

    public (IRunFolder? Folder, string? Problem) Create(string runId)
    {
        var folder = new MemoryRunFolder(runId, this);
        lock (_lock)
        {
            return _runs.TryAdd(runId, folder) ? (folder, null) : (null, $"there is already a run {runId}");
        }
    }

    public (IRunFolder? Folder, string? Problem) Open(string runId, long length)
    {
        _runs[runId].Cut(length);
        return (_runs[runId], null);
    }

    public IReadOnlyList<string> List() => [.. _runs.Keys.Order(StringComparer.Ordinal)];

    public FileRead ReadJournal(string runId) => _runs.TryGetValue(runId, out var run) ? new FileRead(run.Journal, null) : new FileRead(null, "there is no such run");

    public FileRead ReadFile(string runId, string name) =>
        _runs.TryGetValue(runId, out var run) && run.Files.TryGetValue(name, out var bytes) ? new FileRead(bytes, null) : new FileRead(null, "there is no such file");

    public FileMeasure Measure(string runId, string name, long limit = long.MaxValue)
    {
        var (bytes, problem) = name == Journal ? ReadJournal(runId) : ReadFile(runId, name);
        return bytes is null ? new FileMeasure(0, null, problem) : new FileMeasure(bytes.Length, Sha256.Hex(bytes.AsSpan(0, (int)Math.Min(limit, bytes.Length))), null);
    }

    public IReadOnlyList<string> ListFiles(string runId) =>
        _runs.TryGetValue(runId, out var run) ? [.. run.Files.Keys.Append(Journal).Order(StringComparer.Ordinal)] : [];

    public FileRead ReadLedger() => new([.. _ledger], null);

    public string PathOf(string runId) => $"/runs/{runId}";

    /// <summary>Saved plans that were taken, with who has them.</summary>
    public Dictionary<string, string> Claims { get; } = new(StringComparer.Ordinal);

    public PlanClaim ClaimPlan(string planId, string by)
    {
        if (!Claims.TryAdd(planId, by))
        {
            return ClaimOf(planId);
        }

        Wrote($"claim   {planId}");
        return new PlanClaim(IsTaken: true, null, null);
    }

    public PlanClaim ClaimOf(string planId) => Claims.TryGetValue(planId, out var by) ? new PlanClaim(IsTaken: false, by, null) : PlanClaim.None;

    /// <summary>The fold over what was written.</summary>
    public RunState StateOf(string runId) => RunState.Of(JournalReader.Read(ReadJournal(runId).Bytes));

    private sealed class MemoryRunFolder(string runId, MemoryRunStore store) : IRunFolder
    {
        private readonly MemoryStream _journal = new();
        private int _calls;

        public string Path => $"/runs/{runId}";

        public byte[] Journal => _journal.ToArray();

        public Dictionary<string, byte[]> Files { get; } = new(StringComparer.Ordinal);

        public void Cut(long length) => _journal.SetLength(_journal.Position = length);

        public string? Append(ReadOnlySpan<byte> line)
        {
            if (Fails())
            {
                return "no space left on the device";
            }

            if (store.LosesPowerAt(Kind(line)))
            {
                throw new PowerCutException();
            }

            _journal.Write(line);
            store.Wrote($"append  {Kind(line)}");
            return null;
        }

        public string? Flush()
        {
            if (Fails())
            {
                return "input/output error";
            }

            store.Wrote("flush");
            return null;
        }

        public string? Write(string name, ReadOnlySpan<byte> bytes)
        {
            Files[name] = bytes.ToArray();
            store.Wrote($"file    {name}");
            return null;
        }

        public string? Enter(LedgerEntry entry, DateTimeOffset time)
        {
            if (Fails())
            {
                return "no space left on the device";
            }

            lock (store._lock)
            {
                store._ledger = [.. store._ledger, .. LedgerCodec.Next(store._ledger, entry, time)];
            }

            store.Wrote($"ledger  {entry.Type}");
            return null;
        }

        public string Reserve(string name) => $"{Path}/{name}";

        public void Dispose() => store.Wrote("close");

        private bool Fails() => store.FailsFrom > 0 && ++_calls >= store.FailsFrom;

        private static string Kind(ReadOnlySpan<byte> line)
        {
            var (decoded, _) = JournalCodec.Decode(line.TrimEnd((byte)'\n'));
            return decoded?.Event switch
            {
                StepIntended e => $"step.intended {e.Step} #{e.Attempt}{(e.Undo == true ? " (undo)" : "")}",
                StepEnded e => $"step.ended {e.Step} {e.Failure ?? "done"}{(e.Undo == true ? " (undo)" : "")}",
                StepLeft e => $"step.left {e.Step}: {e.Reason}",
                UndoBegun e => $"undo.begun {e.Why}",
                StepSkipped e => $"step.skipped {e.Step} ({e.Reason})",
                CheckAnswered e => $"check.answered {e.Phase} '{e.Name}' {e.Verdict} ({e.Observed})",
                RunEnded e => $"run.ended {e.Conclusion} {e.ExitCode} {e.Why}".TrimEnd(),
                { } other => other.GetType().Name,
                null => Encoding.UTF8.GetString(line),
            };
        }
    }
}

/// <summary>Locks in memory.</summary>
public sealed class MemoryLocks : ILocks
{
    private readonly Dictionary<string, LockHolder> _held = new(StringComparer.Ordinal);

    public IReadOnlyCollection<string> Held => _held.Keys;

    public LockAnswer Take(string name, LockHolder holder)
    {
        if (_held.TryGetValue(name, out var other))
        {
            return new LockAnswer(null, other, null);
        }

        _held[name] = holder;
        return new LockAnswer(new Release(() => _held.Remove(name)), null, null);
    }

    private sealed class Release(Action release) : IDisposable
    {
        public void Dispose() => release();
    }
}

/// <summary>The end of everything, in a test.</summary>
public sealed class PowerCutException() : Exception("the power was cut");
