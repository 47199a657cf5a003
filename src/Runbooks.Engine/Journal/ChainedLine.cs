namespace Runbooks.Engine.Journal;

/// <summary>The place of a line in its chain.</summary>
/// <param name="Format">Version of the file's format.</param>
/// <param name="Sequence">From 1.</param>
/// <param name="Previous">Hash of the line before; 64 zeros for the first.</param>
/// <param name="Hash">SHA-256 of this line's bytes up to where its own hash begins; lower-case hex.</param>
public abstract record ChainedLine(int Format, long Sequence, DateTimeOffset Time, string Previous, string Hash);

/// <summary>What was done to a record.</summary>
public enum Alteration
{
    /// <summary>Bytes in it are others than those that were written.</summary>
    Edited,

    /// <summary>Its end is missing.</summary>
    Truncated,

    /// <summary>It is there, and in another place, or more than once.</summary>
    Reordered,

    /// <summary>It is missing, and what comes after it is there.</summary>
    Deleted,

    /// <summary>It is there, and was not written by a run.</summary>
    Added,

    /// <summary>It was put in the place of what is known to have been there: an earlier state, or another record.</summary>
    Replayed,

    /// <summary>It could not be judged.</summary>
    Unreadable,

    /// <summary>Something is missing, and an interruption leaves the same as a hand that took it away: which it was cannot be told.</summary>
    Unproven,
}

/// <param name="Offset">Of the first byte of the line that is not good.</param>
/// <param name="LineNumber">From 1.</param>
public sealed record ChainBreak(long Offset, long LineNumber, Alteration Meaning, string Problem);
