namespace Runbooks.Builtin.LogFormats;

/// <summary>The levels that are told apart: the many names that products have for them fall into these.</summary>
internal enum LogLevel
{
    /// <summary>Debug, trace, info, notice: nothing that anybody has to look at.</summary>
    Info,

    Warning,

    /// <summary>Error, critical, fatal, panic, alert, emergency.</summary>
    Error,
}
