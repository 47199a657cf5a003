namespace Runbooks.Engine.Ports;

/// <summary>Locks by name, between all runs on this machine that share a store.</summary>
public interface ILocks
{
    /// <summary>Takes a lock without waiting.</summary>
    /// <param name="holder">What others are told about the one who holds it.</param>
    LockAnswer Take(string name, LockHolder holder);
}

/// <summary>Who holds a lock.</summary>
/// <param name="Text">For people, one line: run, user, host, process.</param>
/// <param name="RunId">Empty when it is not known.</param>
/// <param name="ProcessStamp">Boot and start time of its process; empty when they are not known.</param>
/// <param name="Since">Null when it is not known.</param>
public sealed record LockHolder(string Text, string RunId, string ProcessStamp, DateTimeOffset? Since)
{
    /// <summary>Name of the machine on which it runs; empty when it is not known.</summary>
    public string Host { get; init; } = "";

    /// <summary>Id of its process on that machine; 0 when it is not known.</summary>
    public int ProcessId { get; init; }
}

/// <param name="Held">Dispose to release; null when it could not be taken.</param>
/// <param name="Holder">Who holds it; null when nobody does or it could not be found out.</param>
/// <param name="Problem">Why it could not be taken, when nobody holds it.</param>
public sealed record LockAnswer(IDisposable? Held, LockHolder? Holder, string? Problem)
{
    /// <summary>Who held it last and never let go of it: it ended without an end; null when there is no such one.</summary>
    public LockHolder? Left { get; init; }
}
