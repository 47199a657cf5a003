using Runbooks.Advisor.Readiness;

namespace Runbooks.Builtin.Readiness;

/// <summary>One thing that a rollback needs. It looks and changes nothing.</summary>
public interface IReadyItem
{
    /// <summary>One word.</summary>
    string Name { get; }

    /// <summary>What holds when it is ready.</summary>
    string Statement { get; }

    /// <summary>Why it matters, one sentence.</summary>
    string Why { get; }

    /// <summary>Looks. What cannot be found out is unknown, with the reason.</summary>
    /// <exception cref="OperationCanceledException">The time is over.</exception>
    Task<ReadyAnswer> AskAsync(ReadyProject project, CancellationToken cancel);
}
