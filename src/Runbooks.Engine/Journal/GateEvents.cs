namespace Runbooks.Engine.Journal;

/// <summary>A person let the run go on.</summary>
/// <param name="By">The name that was given. It is on record and not proven: what is proven is a signature, see <c>exec --require-signed</c>.</param>
/// <param name="Reason">In their words; empty when they gave none.</param>
/// <param name="PlanDigest">The plan that was approved: for another one the approval says nothing.</param>
/// <param name="Until">When it stops being good: what comes after must have begun by then.</param>
/// <param name="Through">terminal, or command-line: given with the command, before the run began.</param>
public sealed record ApprovalGiven(string Step, string By, string Reason, string PlanDigest, DateTimeOffset Until, string Through) : JournalEvent("approval.given")
{
    /// <summary>Name under the run's folder of what stood before their eyes, or would have.</summary>
    public required string Shown { get; init; }

    /// <summary>Of that file.</summary>
    public required string ShownSha256 { get; init; }
}

/// <summary>A person did not let the run go on.</summary>
/// <param name="By">The name that was given.</param>
public sealed record ApprovalDenied(string Step, string By, string Reason, string PlanDigest) : JournalEvent("approval.denied")
{
    /// <summary>Name under the run's folder of what stood before their eyes.</summary>
    public required string Shown { get; init; }

    /// <summary>Of that file.</summary>
    public required string ShownSha256 { get; init; }
}

/// <summary>The operator was asked before a step (<c>exec --interactive</c>) and chose.</summary>
/// <param name="Choice">run, skip or stop.</param>
/// <param name="Reason">In their words; empty when they gave none.</param>
public sealed record StepChosen(string Step, string Choice, string Reason) : JournalEvent("step.chosen");
