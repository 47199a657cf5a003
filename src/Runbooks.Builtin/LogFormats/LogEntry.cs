namespace Runbooks.Builtin.LogFormats;

/// <summary>One entry of a log, with all its lines.</summary>
/// <param name="Level">Null when it has none.</param>
/// <param name="IsDated">False for lines of no form at all, like those that a program prints when it starts.</param>
/// <param name="Head">Its first line.</param>
/// <param name="Cause">The line that names the exception, where the first line does not; null when there is none.</param>
internal sealed record LogEntry(LogLevel? Level, bool IsDated, string Head, string? Cause)
{
    /// <summary>What is shown of it, and what patterns are matched with.</summary>
    public string Text => Cause is null ? Head : $"{Head} … {Cause}";
}
