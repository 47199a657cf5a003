using System.Collections.Immutable;
using Runbooks.Advisor.Readiness;
using Runbooks.Builtin.Releases;
using Runbooks.Engine.Kinds;
using Runbooks.Engine.Releases;

namespace Runbooks.Builtin.Readiness.Images;

/// <summary>The images of the release to go back to are on the machine, and kept from being pruned.</summary>
public sealed class ImagesItem : IReadyItem
{
    public string Name => "images";

    public string Statement => "the images of the release to go back to are on this machine";

    public string Why => "A pruned image has to be pulled or built while the site is down, and the registry may not have it any more.";

    public async Task<ReadyAnswer> AskAsync(ReadyProject project, CancellationToken cancel)
    {
        if ((await project.TargetAsync()).Release is not { } target)
        {
            return ReadyAnswer.Unknown("it is not known which release would be gone back to: see 'previous'", CommonFixes.Previous);
        }

        var anchors = new ImageAnchors(project.Ports, project.Inputs.Directory);
        var images = ImmutableArray.CreateBuilder<TargetImage>();
        foreach (var service in target.Release.Services)
        {
            images.Add(await LookAsync(service, target, anchors, project, cancel));
        }

        return ImageJudgement.Of(target.Release.Id, target.Release.Git?.Commit ?? "", images.ToImmutable());
    }

    private static async Task<TargetImage> LookAsync(ServiceSnapshot service, ReleaseState target, ImageAnchors anchors, ReadyProject project, CancellationToken cancel)
    {
        var image = await project.Ports.Docker.ImageAsync(service.ImageId, cancel);
        if (image.Problem is { } problem)
        {
            return new TargetImage(service, null, problem, "");
        }

        var kept = target.Anchors.FirstOrDefault(a => a.Service == service.Name) is { } anchor ? await anchors.LookAsync(anchor, cancel) : new AnchorAnswer(VerdictKind.DoesNotHold, "nothing keeps it from being pruned");
        return new TargetImage(service, image.Value is not null, "", kept.Why);
    }
}
