namespace Runbooks.Advisor.Assessing.Readings;

/// <summary>What a container uses.</summary>
/// <param name="Text">In one line.</param>
/// <param name="IsMuch">Nearly all that it may.</param>
public sealed record UsageReading(string Source, DateTimeOffset At, string Service, string Text, bool IsMuch) : Reading(Source, At);

/// <summary>The free space of a file system.</summary>
/// <param name="Path">A folder on it.</param>
/// <param name="What">What lies there: "the project", "the engine's images and volumes".</param>
public sealed record SpaceReading(string Source, DateTimeOffset At, string Path, string What, long Free, long Total) : Reading(Source, At);
