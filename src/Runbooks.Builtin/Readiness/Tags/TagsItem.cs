using System.Collections.Immutable;
using Runbooks.Advisor.Readiness;

namespace Runbooks.Builtin.Readiness.Tags;

/// <summary>The names of the images say which images they are.</summary>
public sealed class TagsItem : IReadyItem
{
    public string Name => "tags";

    public string Statement => "no service runs a tag that moves, like latest";

    public string Why => "A tag that moves cannot be gone back to: when it is pulled again, it is another image.";

    public async Task<ReadyAnswer> AskAsync(ReadyProject project, CancellationToken cancel)
    {
        var (model, problem) = await project.ModelAsync();
        if (model is null)
        {
            return ReadyAnswer.Unknown($"what Compose makes of its files: {problem}", CommonFixes.Compose);
        }

        var services = ImmutableArray.CreateBuilder<ServiceImage>();
        foreach (var (service, items) in model.Services)
        {
            var image = items.GetValueOrDefault("image", "");
            services.Add(new ServiceImage(service, image, await TagFix.OfAsync(service, image, project, cancel)));
        }

        return TagJudgement.Of(services.ToImmutable());
    }
}
