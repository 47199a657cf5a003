using System.Collections.Immutable;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Releases;

namespace Runbooks.Advisor.Readiness;

/// <summary>What the engine says of an image that is needed for the way back.</summary>
/// <param name="IsHere">Null when the engine did not say.</param>
/// <param name="Problem">Why it did not; empty when it did.</param>
/// <param name="NotKept">Why the next clean-up may take it; empty when nothing says that it will.</param>
public sealed record TargetImage(ServiceSnapshot Service, bool? IsHere, string Problem, string NotKept);

/// <summary>Whether the images of the release that would be gone back to are on the machine.</summary>
public static class ImageJudgement
{
    private const string Engine = "docker image inspect";

    /// <param name="commit">Of the release; empty when it is not on record.</param>
    public static ReadyAnswer Of(string release, string commit, ImmutableArray<TargetImage> images)
    {
        var parts = images.Select(i => Part(release, commit, i)).ToImmutableArray();
        var loose = images.Count(i => i.IsHere == true && i.NotKept.Length > 0);
        return ReadyAnswer.Of(parts, $"{(images.Length == 1 ? "the image" : $"all {images.Length} images")} of release {release} {(images.Length == 1 ? "is" : "are")} on this machine{(loose > 0 ? $"; {(loose == 1 ? "one of them is" : $"{loose} of them are")} kept by nothing" : "")}");
    }

    private static ReadyPart Part(string release, string commit, TargetImage image)
    {
        var (service, shown) = (image.Service, $"{image.Service.Reference} ({Short(image.Service.ImageId)})");
        return image.IsHere switch
        {
            null => new ReadyPart(VerdictKind.Unknown, $"whether the image of {service.Name} is here cannot be told: {image.Problem}") { Fixes = [CommonFixes.Engine] },
            false => new ReadyPart(VerdictKind.DoesNotHold, $"the image of {service.Name}, {shown}, is not on this machine") { Seen = [new Sighting($"{Engine} {Short(service.ImageId)}", "there is no such image")], Fixes = [Back(service, release, commit)] },
            _ => new ReadyPart(VerdictKind.Holds, "")
            {
                Seen = [new Sighting($"{Engine} {Short(service.ImageId)}", $"{service.Name}: {service.Reference} is here{(image.NotKept.Length > 0 ? $", but {image.NotKept}" : "")}")],
                Fixes = image.NotKept.Length > 0 ? [new ReadyFix("have its images kept from being pruned, while it is deployed", $"runbook release verify {release}")] : [],
            },
        };
    }

    private static ReadyFix Back(ServiceSnapshot service, string release, string commit) => service.Digests.IsEmpty
        ? new ReadyFix($"load it from where it was saved (docker load), or build it again{(commit.Length > 0 ? $" from commit {commit[..Math.Min(12, commit.Length)]}" : "")}, which is never quite the same; or go back to an older release", $"runbook release show {release}")
        : new ReadyFix("pull it by its digest: the tag may name another image by now", $"docker pull {service.Digests[0]}");

    internal static string Short(string id) => id.Replace("sha256:", "", StringComparison.Ordinal) is var hex && hex.Length > 12 ? hex[..12] : hex;
}
