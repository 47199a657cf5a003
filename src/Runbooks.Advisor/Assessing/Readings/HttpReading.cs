namespace Runbooks.Advisor.Assessing.Readings;

/// <summary>What an address answered.</summary>
/// <param name="Service">Whose address it is.</param>
/// <param name="IsDeclared">The project says that it is where the service says that it is well; else it is a published port.</param>
public sealed record HttpReading(string Source, DateTimeOffset At, string Service, string Url, bool IsDeclared) : Reading(Source, At)
{
    /// <summary>Null when there was no answer.</summary>
    public int? Status { get; init; }

    /// <summary>The status is one of those that the project says are well; null when the project says nothing of the address.</summary>
    public bool? IsWell { get; init; }

    /// <summary>A proxy lets nobody in and says that it will later: 503 with <c>Retry-After</c> (RFC 9110, 15.6.4), as in a maintenance. Whether what is behind it is well, it does not say.</summary>
    public bool IsClosed { get; init; }

    /// <summary>The first line of the body; secrets are masked.</summary>
    public string FirstLine { get; init; } = "";

    public TimeSpan Elapsed { get; init; }

    /// <summary>Why there was no answer; empty when there was one.</summary>
    public string Problem { get; init; } = "";

    /// <summary>There was no answer and the other side is the reason.</summary>
    public bool IsDown { get; init; }
}
