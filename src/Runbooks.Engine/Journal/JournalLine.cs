namespace Runbooks.Engine.Journal;

/// <summary>An event with its place in the chain.</summary>
/// <param name="Format">Version of the journal's format.</param>
/// <param name="Sequence">From 1.</param>
/// <param name="Previous">Hash of the line before; 64 zeros for the first.</param>
/// <param name="Hash">SHA-256 of this line's bytes up to where its own hash begins; lower-case hex.</param>
public sealed record JournalLine(int Format, long Sequence, DateTimeOffset Time, JournalEvent Event, string Previous, string Hash);
