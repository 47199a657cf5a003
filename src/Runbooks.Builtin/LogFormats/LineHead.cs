namespace Runbooks.Builtin.LogFormats;

/// <summary>What one line of a log is, looked at by itself.</summary>
/// <param name="Level">Null when the form is known and has no level, or none that is known.</param>
/// <param name="IsDated">It stands in a form of its own (a time, JSON, logfmt) and cannot be a piece of text that only happens to begin like an entry.</param>
/// <param name="Belongs">It is a part of the entry before it, although it has the form of an entry.</param>
internal readonly record struct LineHead(LogLevel? Level, bool IsDated, bool Belongs = false);
