using System.Collections.Immutable;
using Runbooks.Advisor.Assessing.Readings;
using Runbooks.Advisor.Situations;

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

        draft.Facts = draft.Facts with
        {
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
                    image.ReferenceId == image.Id ? "" : image.Anchor.Length > 0 ? $"{image.Reference} is another image now; {image.Anchor} is this one" : $"{image.Reference} is another image now: it has to be gone back to by its id");
                break;
        }
    }

    private static string Short(string id) => id.Length > 19 ? id[..19] : id;
}
