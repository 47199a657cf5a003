namespace Runbooks.Advisor.Assessing.Readings;

/// <summary>Whether a registry has an image that is not on this machine.</summary>
/// <param name="ImageId">The image that a release ran.</param>
/// <param name="Name">Repository and digest, by which it can be pulled.</param>
/// <param name="HasIt">Null when that could not be found out.</param>
/// <param name="Why">Why not; empty when it could.</param>
public sealed record RegistryReading(string Source, DateTimeOffset At, string ImageId, string Name, bool? HasIt, string Why) : Reading(Source, At);
