namespace Runbooks.Advisor.Assessing.Readings;

/// <summary>A configuration file that was written after the container was started that has it mounted: whether what the container has is what the file is now.</summary>
/// <param name="File">As the project names it.</param>
/// <param name="Inside">Where the container has it.</param>
/// <param name="IsSame">The same bytes. A file that was replaced, as git and most editors do, is still the old one in the container.</param>
public sealed record MountedReading(string Source, DateTimeOffset At, string Service, string File, string Inside, bool IsSame) : Reading(Source, At);
