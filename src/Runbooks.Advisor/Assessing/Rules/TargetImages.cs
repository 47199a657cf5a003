using System.Collections.Immutable;
using Runbooks.Advisor.Assessing.Readings;
using Runbooks.Advisor.Situations;
using Runbooks.Engine.Releases;

namespace Runbooks.Advisor.Assessing.Rules;

/// <summary>Whether what would be gone back to is on this machine.</summary>
internal static class TargetImages
{
    public static void Apply(Draft draft)
    {
        if (draft.Good is not { } good)
        {
            return;
        }

        if (draft.Readings.OfType<ImagesReading>().FirstOrDefault(i => i.Release == good.Release.Id) is not { } seen)
        {
            return;
        }

        var changed = (draft.Report?.Changes ?? []).Where(c => c.Area == "image").Select(c => c.Subject).ToImmutableHashSet(StringComparer.Ordinal);
        var needed = seen.Images.Where(i => changed.IsEmpty || changed.Contains(i.Service)).ToImmutableArray();
        foreach (var image in needed)
        {
            Tell(draft, seen, image);
        }

        var missing = needed.Where(i => i.IsThere == false).DistinctBy(i => i.Id).ToImmutableArray();
        var pullable = missing.Select(i => InRegistry(draft, good.Release, i, isOnly: missing.Length == 1)).ToImmutableArray();
        draft.Facts = draft.Facts with
        {
            TargetImagePullable = pullable.Contains(Answer.No) ? Answer.No : pullable.IsEmpty || pullable.Contains(Answer.Unknown) ? Answer.Unknown : Answer.Yes,
            TargetImagePresent = needed.Any(i => i.IsThere == false) ? Answer.No : needed.IsEmpty || needed.Any(i => i.IsThere is null) ? Answer.Unknown : Answer.Yes,
        };
    }

    private static void Tell(Draft draft, ImagesReading seen, ImageSight image)
    {
        var source = $"{seen.Source} {Short(image.Id)}";
        switch (image.IsThere)
        {
            case null:
                draft.TellUnknown(FactKeys.TargetImagePresent, source, seen.At, $"whether the image of {image.Service} is on this machine");
                break;
            case false:
                draft.Tell(FactKeys.TargetImagePresent, source, seen.At, $"the image of {image.Service} with release {seen.Release}, {image.Reference}, is not on this machine any more",
                    image.ReferenceId.Length > 0 ? $"{image.Reference} is another image now" : "");
                break;
            default:
                draft.Tell(FactKeys.TargetImagePresent, source, seen.At, $"the image of {image.Service} with release {seen.Release}, {image.Reference}, is on this machine",
                    image.ReferenceId == image.Id ? "" : $"{Now(image)}{(image.Anchor.Length > 0 ? $"; {image.Anchor} is this one" : image.Digest.Length > 0 ? $"; {image.Digest} is this one" : ": it has to be gone back to by its id")}");
                break;
        }
    }

    private static string Now(ImageSight image) => $"{image.Reference} is {(image.ReferenceId.Length > 0 ? "another" : "no")} image now";

    /// <summary>Whether a registry has an image that is not here.</summary>
    /// <param name="isOnly">Nothing else is missing.</param>
    private static Answer InRegistry(Draft draft, Release good, ImageSight image, bool isOnly)
    {
        var asked = draft.Readings.OfType<RegistryReading>().Where(r => r.ImageId == image.Id).ToImmutableArray();
        if (asked.IsEmpty)
        {
            // That it was not asked in time is told by who did not.
            if (good.Services.All(s => s.ImageId != image.Id || s.Digests.IsEmpty))
            {
                draft.TellUnknown(FactKeys.TargetImagePullable, draft.Get<ReleasesReading>()?.Source ?? "", draft.Get<ReleasesReading>()?.At ?? default, $"no registry is known that could have the image of {image.Service}: it had no digest when release {good.Id} was recorded, as one that was built here and not pushed");
            }

            return Answer.Unknown;
        }

        // The one that has it; else one that may have it.
        var best = asked.FirstOrDefault(r => r.HasIt == true) ?? asked.FirstOrDefault(r => r.HasIt is null) ?? asked[0];
        if (isOnly)
        {
            draft.Fetch = best.Name;
        }

        foreach (var registry in best.HasIt == true ? [best] : asked)
        {
            switch (registry.HasIt)
            {
                case true:
                    draft.Tell(FactKeys.TargetImagePullable, registry, $"{registry.Name} is in its registry", $"the image of {image.Service} can be fetched by its digest, whatever its tag means there by now");
                    break;
                case false:
                    draft.Tell(FactKeys.TargetImagePullable, registry, $"{registry.Name} is not in its registry any more");
                    break;
                default:
                    draft.TellUnknown(FactKeys.TargetImagePullable, registry.Source, registry.At, $"whether {registry.Name} is still in its registry: {registry.Why}");
                    break;
            }
        }

        return best.HasIt switch { true => Answer.Yes, false => Answer.No, _ => Answer.Unknown };
    }

    private static string Short(string id) => id.Length > 19 ? id[..19] : id;
}
