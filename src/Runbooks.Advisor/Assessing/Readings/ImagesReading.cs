using System.Collections.Immutable;

namespace Runbooks.Advisor.Assessing.Readings;

/// <summary>Whether the images of a release are on this machine.</summary>
/// <param name="Release">Its id.</param>
public sealed record ImagesReading(string Source, DateTimeOffset At, string Release, ImmutableArray<ImageSight> Images) : Reading(Source, At);

/// <param name="Id">The image that the release ran.</param>
/// <param name="Reference">As it was written then.</param>
/// <param name="IsThere">Null when the engine did not say.</param>
/// <param name="ReferenceId">The image to which the reference leads now; empty when it leads to none, or that is not known.</param>
/// <param name="Anchor">A tag that keeps the image and leads to it; empty when there is none.</param>
public sealed record ImageSight(string Service, string Id, string Reference, bool? IsThere, string ReferenceId, string Anchor)
{
    /// <summary>Repository and digest under which the engine has the image, looked for only where no tag leads to it; else empty.</summary>
    public string Digest { get; init; } = "";
}
