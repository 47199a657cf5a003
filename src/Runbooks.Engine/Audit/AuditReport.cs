using System.Collections.Immutable;
using Runbooks.Engine.Journal;

namespace Runbooks.Engine.Audit;

/// <summary>Something in the record that is not as it was written.</summary>
/// <param name="File">Name in the store, with '/' between folders.</param>
/// <param name="Offset">Of the first byte that is not good, as far as it can be told: of its line in a chain; null when only a digest of the whole file is on record.</param>
/// <param name="LineNumber">From 1; null with <paramref name="Offset"/>.</param>
/// <param name="Text">What was found, a sentence.</param>
public sealed record AuditProblem(string File, long? Offset, long? LineNumber, Alteration Meaning, string Text);

public enum RunStanding
{
    /// <summary>Sealed, and every byte of it is as it was written.</summary>
    Whole,

    /// <summary>It has no seal: it is running, or it was killed. What there is of it is as it was written.</summary>
    Unsealed,

    Altered,

    /// <summary>A part of it could not be read, or the ledger's line on it could not; or something that should vouch for it is missing.</summary>
    Unknown,
}

/// <param name="Events">How many good lines its journal has.</param>
/// <param name="Remark">What there is to know besides; may be empty.</param>
public sealed record RunAudit(string RunId, RunStanding Standing, int Events, string Remark);

/// <summary>What the audit of a store found.</summary>
/// <param name="Anchor">What the ledger was compared with; null when nothing was given.</param>
/// <param name="Runs">In the order of their ids; those that are missing included.</param>
public sealed record AuditReport(LedgerContent Ledger, Anchor? Anchor, ImmutableArray<RunAudit> Runs, ImmutableArray<AuditProblem> Problems)
{
    public bool IsAltered => Problems.Any(p => p.Meaning is not (Alteration.Unreadable or Alteration.Unproven));

    /// <summary>Nothing is known to be altered, and something could not be read or is not vouched for.</summary>
    public bool IsUnknown => !IsAltered && !Problems.IsEmpty;
}
