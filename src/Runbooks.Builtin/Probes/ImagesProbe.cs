using System.Collections.Immutable;
using Runbooks.Advisor.Assessing;
using Runbooks.Advisor.Assessing.Readings;
using Runbooks.Advisor.Situations;
using Runbooks.Engine.Releases;

namespace Runbooks.Builtin.Probes;

/// <summary>Whether the images of the releases that were well are still on this machine.</summary>
public sealed class ImagesProbe : IProbe
{
    public string Name => "images";

    public string Source => "docker image inspect";

    public ImmutableArray<string> Facts => [FactKeys.TargetImagePresent];

    public TimeSpan Limit => TimeSpan.FromSeconds(20);

    public async Task<ProbeAnswer> LookAsync(Sight sight, CancellationToken cancel)
    {
        var (readings, problems) = (ImmutableArray.CreateBuilder<Reading>(), new List<string>());
        foreach (var release in sight.Candidates.Where(r => r.Standing == ReleaseStanding.Good))
        {
            var images = ImmutableArray.CreateBuilder<ImageSight>();
            foreach (var service in release.Release.Services)
            {
                images.Add(await LookAsync(release, service, sight, problems, cancel));
            }

            readings.Add(new ImagesReading(Source, sight.Now, release.Release.Id, images.ToImmutable()));
        }

        return new ProbeAnswer(readings.ToImmutable(), [.. problems.Distinct(StringComparer.Ordinal)]);
    }

    private static async Task<ImageSight> LookAsync(ReleaseState release, ServiceSnapshot service, Sight sight, List<string> problems, CancellationToken cancel)
    {
        var docker = sight.Ports.Docker;
        var image = await docker.ImageAsync(service.ImageId, cancel);
        var named = await docker.ImageAsync(service.Reference, cancel);
        var tag = release.Anchors.FirstOrDefault(a => a.Service == service.Name)?.Tag ?? "";
        var anchor = tag.Length > 0 ? await docker.ImageAsync(tag, cancel) : null;
        if ((image.Problem ?? named.Problem ?? anchor?.Problem) is { } problem)
        {
            problems.Add(problem);
        }

        var kept = anchor?.Value?.Id == service.ImageId ? tag : "";
        return new ImageSight(service.Name, service.ImageId, service.Reference, image.Problem is null ? image.Value is not null : null, named.Value?.Id ?? "", kept)
        {
            Digest = image.Value is null || named.Value?.Id == service.ImageId || kept.Length > 0 ? "" : RegistryNames.Of(service).FirstOrDefault(image.Value.Digests.Contains) ?? "",
        };
    }
}
