using System.Collections.Immutable;
using Runbooks.Advisor.Changes;
using Runbooks.Engine.Kinds;

namespace Runbooks.Advisor.Readiness;

/// <summary>How the image of a service is named in the Compose files, as Compose resolves them.</summary>
/// <param name="Image">Empty when the service is only built.</param>
/// <param name="Fix">How it can be pinned; null when nothing is known.</param>
public sealed record ServiceImage(string Service, string Image, ReadyFix? Fix);

/// <summary>Whether the names of images say which images they are, also tomorrow.</summary>
public static class TagJudgement
{
    private const string Compose = "docker compose config";

    /// <summary>The name means another image at another time.</summary>
    public static bool IsMoving(string image) => image.Length == 0 || ImageReference.IsMoving(image);

    /// <summary>The name of an image without tag and digest.</summary>
    public static string Repository(string image) => ImageReference.Repository(image);

    public static ReadyAnswer Of(ImmutableArray<ServiceImage> services) =>
        ReadyAnswer.Of([.. services.Select(Part)], services.Length == 1 ? "the image has a tag or a digest of its own" : $"all {services.Length} images have a tag or a digest of their own");

    private static ReadyPart Part(ServiceImage service)
    {
        ImmutableArray<ReadyFix> fixes = service.Fix is { } fix ? [fix] : [];
        return service.Image.Length == 0
            ? new ReadyPart(VerdictKind.DoesNotHold, $"{service.Service} is only built: its image has no name that says which one it is") { Seen = [new Sighting(Compose, $"{service.Service}: build, without image")], Fixes = fixes }
            : IsMoving(service.Image)
                ? new ReadyPart(VerdictKind.DoesNotHold, $"{service.Service} runs {service.Image}, which names another image at another time") { Seen = [new Sighting(Compose, $"{service.Service}: image {service.Image}")], Fixes = fixes }
                : new ReadyPart(VerdictKind.Holds, "") { Seen = [new Sighting(Compose, $"{service.Service}: image {service.Image}")] };
    }
}
