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
        return model is null
            ? ReadyAnswer.Unknown($"what Compose makes of its files: {problem}")
            : TagJudgement.Of([.. model.Services.Select(s => new ServiceImage(s.Key, s.Value.GetValueOrDefault("image", ""), null))]);
    }
}
