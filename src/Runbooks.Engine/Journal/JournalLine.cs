namespace Runbooks.Engine.Journal;

/// <summary>An event with its place in the chain.</summary>
public sealed record JournalLine(int Format, long Sequence, DateTimeOffset Time, JournalEvent Event, string Previous, string Hash)
    : ChainedLine(Format, Sequence, Time, Previous, Hash);
