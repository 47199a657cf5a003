using Runbooks.Engine.Audit;

namespace Runbooks.Engine.Ports;

/// <summary>Where runs are kept. Every failure is a sentence for people.</summary>
public interface IRunStore
{
    /// <summary>Makes the folder of a new run.</summary>
    (IRunFolder? Folder, string? Problem) Create(string runId);

    /// <summary>Opens the folder of a run to go on with it.</summary>
    /// <param name="length">Bytes of its journal that are good: what stands after them, a line that was not written to its end, is cut off.</param>
    (IRunFolder? Folder, string? Problem) Open(string runId, long length);

    /// <summary>Ids of all runs, oldest first.</summary>
    IReadOnlyList<string> List();

    /// <summary>The bytes of a run's journal as they are now.</summary>
    FileRead ReadJournal(string runId);

    /// <summary>A file of a run, by its name inside the run's folder.</summary>
    FileRead ReadFile(string runId, string name);

    /// <summary>Length and digest of a file of a run, of any size.</summary>
    /// <param name="limit">The digest is that of the first so many bytes.</param>
    FileMeasure Measure(string runId, string name, long limit = long.MaxValue);

    /// <summary>Names of all files in a run's folder, with '/' between folders, in ordinal order.</summary>
    IReadOnlyList<string> ListFiles(string runId);

    /// <summary>The bytes of the ledger over all runs as they are now; empty when there is none.</summary>
    FileRead ReadLedger();

    /// <summary>Absolute path of a run's folder, for people.</summary>
    string PathOf(string runId);

    /// <summary>Takes a saved plan, for ever. Of all who ask, also at the same moment, one gets it; it is durable when this returns, and a process that dies keeps it.</summary>
    /// <param name="by">What others are told about the one who has it; one line.</param>
    PlanClaim ClaimPlan(string planId, string by);

    /// <summary>Who has a saved plan.</summary>
    PlanClaim ClaimOf(string planId);
}

/// <param name="IsTaken">True when the call took it.</param>
/// <param name="By">Who has it already; null when nobody does or it could not be found out.</param>
/// <param name="Problem">Why it could not be found out or taken; null when it could.</param>
public sealed record PlanClaim(bool IsTaken, string? By, string? Problem)
{
    /// <summary>Nobody has it.</summary>
    public static PlanClaim None { get; } = new(IsTaken: false, null, null);
}

/// <param name="Length">Bytes in all.</param>
/// <param name="Sha256">Lower-case hex; null when it could not be read.</param>
/// <param name="Problem">Why, in the words of <see cref="FileRead"/>.</param>
public readonly record struct FileMeasure(long Length, string? Sha256, string? Problem);

/// <summary>The folder of the run that is being written.</summary>
public interface IRunFolder : IDisposable
{
    string Path { get; }

    /// <summary>Adds bytes to the journal; they are durable after <see cref="Flush"/>.</summary>
    /// <returns>Why they could not be written; null when they were.</returns>
    string? Append(ReadOnlySpan<byte> line);

    /// <summary>Makes everything appended durable.</summary>
    /// <returns>Why it could not; null when it did.</returns>
    string? Flush();

    /// <summary>Writes a file of the run; it is durable after the next <see cref="Flush"/>.</summary>
    /// <param name="name">Relative, with '/' between folders.</param>
    /// <returns>Why it could not be written; null when it was.</returns>
    string? Write(string name, ReadOnlySpan<byte> bytes);

    /// <summary>
    /// Adds an entry to the ledger over all runs, after the last one, whichever run wrote that: no two runs write at the same time. Durable after the next <see cref="Flush"/>.
    /// </summary>
    /// <returns>Why it could not be added; null when it was.</returns>
    string? Enter(LedgerEntry entry, DateTimeOffset time);

    /// <summary>Absolute path for a file that a port will write itself, and make the folder for.</summary>
    /// <param name="name">Beginning with <c>output/</c>.</param>
    string Reserve(string name);
}
