using System.Collections.Immutable;
using Runbooks.Engine.Ports;

namespace Runbooks.Engine.Kinds;

/// <summary>What happened when an action was performed.</summary>
public sealed record ActionOutcome
{
    /// <summary>Why it failed, one sentence with what to look at; null when it succeeded.</summary>
    public string? Failure { get; init; }

    /// <summary>False when the world was already as wanted and nothing was done.</summary>
    public bool Changed { get; init; } = true;

    /// <summary>True when the failure is certain to have left the world untouched (the program never started, the file was refused).</summary>
    public bool Untouched { get; init; }

    public int? ExitCode { get; init; }

    /// <summary>Standard output, when the step captures it.</summary>
    public string? Captured { get; init; }

    /// <summary>Length of the output file.</summary>
    public long OutputLength { get; init; }

    /// <summary>SHA-256 of the output file, lower-case hex; empty when there is none.</summary>
    public string OutputSha256 { get; init; } = "";

    /// <summary>Processes that could not be ended.</summary>
    public ImmutableArray<Survivor> Survivors { get; init; } = [];

    /// <summary>What the operator should know though the step did not fail: output still held open, a retry that was needed.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];

    /// <summary>One line of what was observed: "exit 0", "status 200 in 12ms", "already v1.2.3".</summary>
    public string Observed { get; init; } = "";

    public bool Succeeded => Failure is null;

    public static ActionOutcome Done(string observed) => new() { Observed = observed };

    public static ActionOutcome Failed(string failure) => new() { Failure = failure };
}
