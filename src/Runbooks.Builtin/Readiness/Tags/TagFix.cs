using System.Collections.Immutable;
using Runbooks.Advisor.Readiness;
using Runbooks.Builtin.Containers;
using Runbooks.Engine.Ports;
using Runbooks.Language.Editing;

namespace Runbooks.Builtin.Readiness.Tags;

/// <summary>What would pin the image of a service: the digest, else another tag, of the image that runs.</summary>
internal static class TagFix
{
    public static async Task<ReadyFix?> OfAsync(string service, string image, ReadyProject project, CancellationToken cancel)
    {
        if (!TagJudgement.IsMoving(image))
        {
            return null;
        }

        if (image.Length == 0)
        {
            return new ReadyFix($"give the image that is built for {service} a name and a version of its own") { Block = $"services:\n  {service}:\n    image: NAME:VERSION\n" };
        }

        var (runs, why) = await RunningAsync(service, project, cancel);
        if (runs is null)
        {
            return new ReadyFix($"write the tag or the digest of the release that is meant; none is taken here, because {why}", "runbook release list");
        }

        var repository = TagJudgement.Repository(image);
        var pinned = runs.Digests.FirstOrDefault(d => d.StartsWith($"{repository}@", StringComparison.Ordinal))
            ?? runs.Tags.Order(StringComparer.Ordinal).FirstOrDefault(t => TagJudgement.Repository(t) == repository && !TagJudgement.IsMoving(t));
        if (pinned is null)
        {
            var id = runs.Id.Replace("sha256:", "", StringComparison.Ordinal);
            return new ReadyFix($"give the image that runs a tag of its own, and write that into the Compose file: it has no digest of a registry, and no other tag of {repository}", $"docker tag {id[..Math.Min(12, id.Length)]} {repository}:VERSION");
        }

        var edit = new ScalarEdit($"services.{ScalarPath.Quote(service)}.image", pinned);
        var (patch, problem) = ReadyPatches.Find(project, project.Inputs.Playbook?.Compose.Files ?? [], path => new FilePatch(path) { Value = edit });
        return new ReadyFix($"write {pinned}, which is the image that {service} runs now{(patch is null ? $"; no patch is made of it ({problem})" : "")}")
        {
            Patch = patch,
            Block = patch is null ? $"services:\n  {service}:\n    image: {pinned}\n" : "",
        };
    }

    private static async Task<(ImageState? Image, string Why)> RunningAsync(string service, ReadyProject project, CancellationToken cancel)
    {
        var containers = await project.ContainersAsync();
        if (containers.Problem is { } problem)
        {
            return (null, problem);
        }

        ImmutableArray<string> images = [.. containers.Value.Where(c => c.Labels.GetValueOrDefault(ContainerChoice.ServiceLabel) == service).Select(c => c.ImageId).Distinct(StringComparer.Ordinal)];
        if (images.Length != 1)
        {
            return (null, images.IsEmpty ? "it has no container" : "its containers run several images");
        }

        var answer = await project.Ports.Docker.ImageAsync(images[0], cancel);
        return (answer.Value, answer.Problem ?? (answer.Value is null ? "the engine has not got the image that runs any more" : ""));
    }
}
