using System.Collections.Immutable;

namespace Runbooks.Engine.Gates;

/// <summary>Where a run waits until a person lets it through.</summary>
public interface IGate
{
    /// <returns>Null when it is approved; otherwise why it is not, one sentence.</returns>
    /// <exception cref="OperationCanceledException">Nobody answered in time, or the run is stopped.</exception>
    Task<string?> PassAsync(GateTerms terms, CancellationToken cancel);
}

/// <summary>What is asked at a gate, and of whom.</summary>
/// <param name="By">Who may approve; empty for everybody.</param>
/// <param name="Expires">How long an approval is good: what comes after the gate must have begun by then.</param>
public sealed record GateTerms(string Question, ImmutableArray<string> By, TimeSpan Expires);

/// <summary>A person must approve. Looked for before the first step: without anybody who could, nothing is begun.</summary>
/// <param name="By">Who may; empty for everybody.</param>
public sealed record ApprovalNeed(ImmutableArray<string> By);
