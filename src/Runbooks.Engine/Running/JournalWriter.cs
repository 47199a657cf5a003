using System.Buffers;
using Runbooks.Engine.Audit;
using Runbooks.Engine.Journal;
using Runbooks.Engine.Ports;
using Runbooks.Engine.Signing;

namespace Runbooks.Engine.Running;

/// <summary>Appends events to the journal of one run. What cannot be written stops the run: an effect without a record must not happen.</summary>
/// <param name="count">Events that are in it already.</param>
/// <param name="previous">Hash of the last of them.</param>
internal sealed class JournalWriter(IRunFolder folder, TimeProvider time, Action<JournalLine, ReadOnlyMemory<byte>> written, long count = 0, string? previous = null)
{
    private readonly ArrayBufferWriter<byte> _line = new(1024);
    private string _previous = previous ?? JournalCodec.Genesis;

    public long Count { get; private set; } = count;

    /// <summary>Adds an event. Durable after the next <see cref="Flush"/>: one flush covers the outcome of a step and the intent of the next.</summary>
    /// <exception cref="TrailUnwritableException">The journal could not be written.</exception>
    public void Append(JournalEvent entry)
    {
        var sequence = Count + 1;
        var now = time.GetUtcNow();
        _line.ResetWrittenCount();
        var hash = JournalCodec.Encode(sequence, now, entry, _previous, _line);
        if (folder.Append(_line.WrittenSpan) is { } problem)
        {
            throw new TrailUnwritableException(problem);
        }

        var line = new JournalLine(JournalCodec.Format, sequence, now, entry, _previous, hash);
        (_previous, Count) = (hash, sequence);
        written(line, _line.WrittenMemory);
    }

    /// <summary>Enters a run into the ledger. Durable after the next <see cref="Flush"/>, which comes before the first effect.</summary>
    /// <param name="first">Hash of its first event; null when that is the last one that was appended.</param>
    /// <exception cref="TrailUnwritableException">The ledger could not be written.</exception>
    public void Enter(string runId, string? first = null) => Enter(new LedgerBegun(runId, first ?? _previous));

    /// <summary>Seals the journal: nothing may follow. The ledger says so once that is durable, and never before.</summary>
    /// <param name="key">Signs the seal; null when nobody does.</param>
    /// <exception cref="TrailUnwritableException">The journal or the ledger could not be written.</exception>
    public void Seal(string runId, Conclusion conclusion, SigningKey? key)
    {
        Append(new RunSealed(Count + 1));
        Flush();
        Enter(new LedgerSealed(runId, Count, _previous, conclusion) { Signature = key is null ? null : SealSignature.Of(runId, _previous, key) });
        Flush();
    }

    /// <exception cref="TrailUnwritableException">The journal could not be made durable.</exception>
    public void Flush()
    {
        if (folder.Flush() is { } problem)
        {
            throw new TrailUnwritableException(problem);
        }
    }

    private void Enter(LedgerEntry entry)
    {
        if (folder.Enter(entry, time.GetUtcNow()) is { } problem)
        {
            throw new TrailUnwritableException($"the ledger: {problem}");
        }
    }
}

/// <summary>The journal cannot be written. The one failure that is thrown: from wherever it happens, the run must stop and touch nothing more.</summary>
public sealed class TrailUnwritableException(string problem) : Exception(problem);
