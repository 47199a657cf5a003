using Runbooks.Engine.Journal;

namespace Runbooks.Engine.Audit;

/// <summary>What the ledger says of a run.</summary>
public abstract record LedgerEntry
{
    private protected LedgerEntry(string type, string runId) => (Type, RunId) = (type, runId);

    /// <summary>Its name in the ledger.</summary>
    public string Type { get; }

    public string RunId { get; }
}

/// <summary>A run began; durable before its first effect, so that a run that is taken away shows, however it ended.</summary>
/// <param name="First">Hash of the first line of its journal.</param>
public sealed record LedgerBegun(string RunId, string First) : LedgerEntry(Name, RunId)
{
    public const string Name = "run.begun";
}

/// <summary>The journal of a run is sealed and durable.</summary>
/// <param name="Count">How many lines its journal has.</param>
/// <param name="Head">Hash of the last of them, the seal.</param>
public sealed record LedgerSealed(string RunId, long Count, string Head, Conclusion Conclusion) : LedgerEntry(Name, RunId)
{
    public const string Name = "run.sealed";

    /// <summary>A signature over <see cref="Head"/>, and with it over every byte of the journal, as <see cref="SealSignature"/> writes it; null when nobody signed.</summary>
    public string? Signature { get; init; }

    /// <summary>Who entered it later than its run could, and why: until then only the journal itself vouched for the journal. Null when its run entered it.</summary>
    public string? Late { get; init; }
}

/// <summary>An entry with its place in the ledger.</summary>
public sealed record LedgerLine(int Format, long Sequence, DateTimeOffset Time, LedgerEntry Entry, string Previous, string Hash)
    : ChainedLine(Format, Sequence, Time, Previous, Hash);
