namespace Runbooks.Engine.Journal;

/// <summary>What a run makes of everything that happened in it. The exit code is part of the contract with scripts.</summary>
public enum Conclusion
{
    /// <summary>All steps done, all validations hold. Exit 0.</summary>
    Succeeded,

    /// <summary>A step or a validation failed; what is changed and what is not is listed. Exit 1.</summary>
    Failed,

    /// <summary>A guard, the lock or the preflight said no: nothing was changed. Exit 3.</summary>
    Refused,

    /// <summary>All steps done, but a validation could not be evaluated. Exit 6.</summary>
    Inconclusive,

    /// <summary>The journal could not be written; the run stopped. Exit 7.</summary>
    TrailUnwritable,

    /// <summary>It failed or was stopped, and everything that it had changed was put back and validated. Exit 4.</summary>
    Undone,

    /// <summary>It failed or was stopped, and could not be put back completely; what is in which state is listed. Exit 5.</summary>
    UndoFailed,

    /// <summary>Ended by the operator (exit 130) or by the system (exit 143).</summary>
    Cancelled,
}
